using System.Runtime.CompilerServices;
using System.Text.Json;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace ActorAgents.AspNetCore;

/// <summary>Asks the client's person about calls that wait for approval, while the turn goes on. Anything but a clear yes refuses the call.</summary>
internal sealed class McpApprovals(McpServer server, Agent agent, CancellationToken stop) : IAsyncDisposable
{
    private const string Approve = "approve";

    // What is left out of arguments is said: nobody is to approve what they take for the whole.
    private const int ShownFirst = 1_500;
    private const int ShownLast = 500;

    private readonly CancellationTokenSource _over = CancellationTokenSource.CreateLinkedTokenSource(stop);
    private readonly Dictionary<string, CancellationTokenSource> _open = []; // The questions, by call.
    private readonly List<Task> _asked = [];

    /// <summary>Whether the client takes questions, and has a session in which its answer finds the call again.</summary>
    public static bool CanAsk(McpServer server) => server.SessionId is { Length: > 0 } && server.ClientCapabilities?.Elicitation?.Form is not null;

    public static ElicitRequestParams Question(string kind, ApprovalRequested request)
    {
        var arguments = ToolArguments.ToText(request.Arguments);
        if (arguments.Length - ShownFirst - ShownLast is > 0 and var hidden) arguments = $"{arguments.AsSpan(0, ShownFirst)} [… {hidden} characters are not shown …] {arguments.AsSpan(arguments.Length - ShownLast)}";
        return new()
        {
            Message = $"The agent '{kind}' wants to run '{request.Tool}' with {arguments}. May it?",
            RequestedSchema = new()
            {
                Properties = { [Approve] = new ElicitRequestParams.BooleanSchema { Title = "Approve", Description = "Let the agent make this call." } },
                Required = [Approve],
            },
        };
    }

    public static Task<ApprovalOutcome> AnswerAsync(Agent agent, string request, ElicitResult? answer, CancellationToken cancellationToken)
    {
        var approved = answer is { IsAccepted: true, Content: { } content } && content.TryGetValue(Approve, out var value) && value.ValueKind == JsonValueKind.True;
        return agent.AnswerAsync(request, approved, approved ? null : "The caller refused.", cancellationToken);
    }

    public async IAsyncEnumerable<TurnEvent> AskAsync(IAsyncEnumerable<TurnEvent> events, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var next in events.WithCancellation(cancellationToken))
        {
            switch (next)
            {
                case ApprovalRequested request:
                    _open[request.CallId] = CancellationTokenSource.CreateLinkedTokenSource(_over.Token);
                    _asked.Add(AskAsync(request, _open[request.CallId].Token));
                    break;
                case ToolStarted started: await CloseAsync(started.CallId); break;
                case ToolFinished finished: await CloseAsync(finished.CallId); break;
            }
            yield return next;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await Task.WhenAll(_asked);
        foreach (var open in _open.Values) open.Dispose();
        _over.Dispose();
    }

    /// <summary>The call has been decided, here or elsewhere or by the time: nobody needs to be asked any more.</summary>
    private Task CloseAsync(string call) => _open.TryGetValue(call, out var open) ? open.CancelAsync() : Task.CompletedTask;

    private async Task AskAsync(ApprovalRequested request, CancellationToken closed)
    {
        try
        {
            await AnswerAsync(agent, request.RequestId, await server.ElicitAsync(Question(agent.Id.Kind, request), closed), closed);
        }
        catch (Exception) when (closed.IsCancellationRequested)
        {
            // Nobody waits for the answer.
        }
        catch (Exception)
        {
            // The client could not ask; why is its affair, and silence would leave the call waiting.
            await agent.AnswerAsync(request.RequestId, approved: false, "The caller could not be asked.", CancellationToken.None);
        }
    }
}
