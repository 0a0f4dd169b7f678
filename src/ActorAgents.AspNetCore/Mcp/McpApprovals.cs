using System.Runtime.CompilerServices;
using System.Text.Json;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace ActorAgents.AspNetCore;

/// <summary>Asks the client's person about calls that wait for approval, while the turn goes on. Anything but a clear yes refuses the call.</summary>
internal sealed class McpApprovals(McpServer server, Agent agent, CancellationToken stop) : IAsyncDisposable
{
    private const string Approve = "approve";
    private const int LongestArguments = 2_000;

    private readonly CancellationTokenSource _over = CancellationTokenSource.CreateLinkedTokenSource(stop);
    private readonly List<Task> _asked = [];

    /// <summary>Whether the client takes questions, and has a session in which its answer finds the call again.</summary>
    public static bool CanAsk(McpServer server) => server.SessionId is { Length: > 0 } && server.ClientCapabilities?.Elicitation?.Form is not null;

    public static ElicitRequestParams Question(string kind, ApprovalRequested request)
    {
        var arguments = ToolArguments.ToText(request.Arguments);
        if (arguments.Length > LongestArguments) arguments = string.Concat(arguments.AsSpan(0, LongestArguments), "…");
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

    public static Task AnswerAsync(Agent agent, string request, ElicitResult? answer, CancellationToken cancellationToken)
    {
        var approved = answer is { IsAccepted: true, Content: { } content } && content.TryGetValue(Approve, out var value) && value.ValueKind == JsonValueKind.True;
        return agent.AnswerAsync(request, approved, approved ? null : "The caller refused.", cancellationToken);
    }

    public async IAsyncEnumerable<TurnEvent> AskAsync(IAsyncEnumerable<TurnEvent> events, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var next in events.WithCancellation(cancellationToken))
        {
            if (next is ApprovalRequested request) _asked.Add(AskAsync(request));
            yield return next;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await Task.WhenAll(_asked);
        _over.Dispose();
    }

    private async Task AskAsync(ApprovalRequested request)
    {
        try
        {
            await AnswerAsync(agent, request.RequestId, await server.ElicitAsync(Question(agent.Id.Kind, request), _over.Token), _over.Token);
        }
        catch (Exception) when (_over.IsCancellationRequested)
        {
            // The turn is over: nobody waits for the answer.
        }
        catch (Exception)
        {
            // The client could not ask; why is its affair, and silence would leave the call waiting.
            await agent.AnswerAsync(request.RequestId, approved: false, "The caller could not be asked.", CancellationToken.None);
        }
    }
}
