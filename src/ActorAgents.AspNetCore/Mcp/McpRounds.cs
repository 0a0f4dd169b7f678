using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace ActorAgents.AspNetCore;

/// <summary>
/// A call that asks for approval as revisions without sessions have it: it ends with a question, and the client makes it again with the answer. Meanwhile
/// the turn waits without a reader, and the state that the client hands back says which turn and how far its questions were asked.
/// </summary>
internal sealed class McpRounds(CallToolRequestParams call, Agent agent)
{
    /// <summary>A question without an answer by then is refused: nobody may come back, and nothing but the question holds the turn.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>What the turn may run ahead while nobody reads; enough that events at hand are read together.</summary>
    private const int Ahead = 64;

    public static bool CanAsk(RequestContext<CallToolRequestParams> request) =>
        request.Server is { SessionId: null or "", IsMrtrSupported: true } && request.JsonRpcRequest.Context?.ClientCapabilities?.Elicitation?.Form is not null;

    /// <param name="tell">Passes the events on, and tells of them.</param>
    /// <exception cref="InputRequiredException">A question is to be asked first.</exception>
    public async Task<WholeTurn> ReadAsync(string prompt, Func<IAsyncEnumerable<TurnEvent>, CancellationToken, IAsyncEnumerable<TurnEvent>> tell, CancellationToken stop)
    {
        var (turn, asked) = call.RequestState is { } state ? Read(state) : (agent.Turn(TurnId.New()), TurnCursor.Start);
        try
        {
            if (call.RequestState is null) await StartAsync(prompt, turn.Id, stop);
            foreach (var (request, answer) in call.InputResponses ?? new Dictionary<string, InputResponse>())
                await McpApprovals.AnswerAsync(agent, request, Read(answer), stop);
            return await WholeTurn.ReadAsync(AskAsync(tell(turn.ReadAsync(cancellationToken: stop), stop), asked, stop), stop);
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            await turn.InterruptAsync();
            throw;
        }
    }

    private Task StartAsync(string prompt, TurnId turn, CancellationToken stop)
    {
        var limits = agent.Definition.Limits;
        var wait = limits.ApprovalTimeout == Timeout.InfiniteTimeSpan || limits.ApprovalTimeout > Patience ? Patience : limits.ApprovalTimeout;
        var options = Caller.Attached with { TurnId = turn, Limits = limits with { ApprovalTimeout = wait }, Pace = Pace.ByReader(Ahead) };
        return agent.StartAsync(Caller.OrBadRequest(() => AgentInput.From(prompt)), options, stop);
    }

    private (TurnHandle Turn, TurnCursor Asked) Read(string state) =>
        state.Split(':') is [var turn, var epoch, var seq] && int.TryParse(epoch, CultureInfo.InvariantCulture, out var e) && long.TryParse(seq, CultureInfo.InvariantCulture, out var s)
            ? (agent.Turn(Caller.Turn(turn)), new(e, s))
            : throw new HttpErrorException(HttpError.BadRequest("'requestState' is not a state that this server gave.", "requestState"));

    /// <summary>Anything that is no answer is no yes.</summary>
    private static ElicitResult? Read(InputResponse answer)
    {
        try { return answer.Deserialize(InputResponse.ElicitResultJsonTypeInfo); }
        catch (JsonException) { return null; }
    }

    private async IAsyncEnumerable<TurnEvent> AskAsync(IAsyncEnumerable<TurnEvent> events, TurnCursor asked, [EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var next in events.WithCancellation(stop))
        {
            if (next is ApprovalRequested request && (next.Epoch, next.Seq).CompareTo((asked.Epoch, asked.Seq)) > 0)
            {
                var question = InputRequest.ForElicitation(McpApprovals.Question(agent.Id.Kind, request));
                throw new InputRequiredException(new Dictionary<string, InputRequest> { [request.RequestId] = question }, $"{next.Turn}:{next.Epoch}:{next.Seq}");
            }
            yield return next;
        }
    }
}
