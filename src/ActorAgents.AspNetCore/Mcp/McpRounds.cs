using System.Runtime.CompilerServices;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace ActorAgents.AspNetCore;

/// <summary>
/// A call that asks for approval as revisions without sessions have it: it ends with its questions, and the client makes it again with the answers. Meanwhile
/// the turn waits without a reader, and the state that the client hands back names it.
/// </summary>
internal sealed class McpRounds(CallToolRequestParams call, Agent agent)
{
    private readonly List<ApprovalRequested> _asked = [];

    public static bool CanAsk(RequestContext<CallToolRequestParams> request) =>
        request.Server is { SessionId: null or "", IsMrtrSupported: true } && request.JsonRpcRequest.Context?.ClientCapabilities?.Elicitation?.Form is not null;

    /// <param name="tell">Passes the events on, and tells of them.</param>
    /// <exception cref="InputRequiredException">Questions are to be asked first.</exception>
    public async Task<CallToolResult> ReadAsync(string prompt, Func<IAsyncEnumerable<TurnEvent>, CancellationToken, IAsyncEnumerable<TurnEvent>> tell, CancellationToken stop)
    {
        var turn = agent.Turn(call.RequestState is { } state ? Caller.Turn(state) : TurnId.New());
        var events = new UntilAsked(turn);
        try
        {
            if (call.RequestState is null)
            {
                await agent.StartAsync(Caller.OrBadRequest(() => AgentInput.From(prompt)), Caller.Asked(agent.Definition) with { TurnId = turn.Id }, stop);
                return McpResults.Of(await ReadAsync([]));
            }
            var answers = call.InputResponses ?? new Dictionary<string, InputResponse>();
            var before = await events.SkipAsync(answers.Keys.ToHashSet(), stop);
            var late = new List<string>();
            foreach (var request in before.OfType<ApprovalRequested>().Where(request => answers.ContainsKey(request.RequestId)))
                if (await McpApprovals.AnswerAsync(agent, request.RequestId, Read(answers[request.RequestId]), stop) != ApprovalOutcome.Taken) late.Add(request.Tool);
            return McpResults.Of(await ReadAsync(before), late);
        }
        catch (Exception failed) when (failed is not InputRequiredException)
        {
            await turn.InterruptAsync();
            throw;
        }

        Task<WholeTurn> ReadAsync(IReadOnlyList<TurnEvent> before) => WholeTurn.ReadAsync(AskAsync(tell(before.ToAsyncEnumerable().Concat(events.ReadAsync(stop)), stop), events, stop), stop);
    }

    /// <summary>Anything that is no answer is no yes.</summary>
    private static ElicitResult? Read(InputResponse? answer)
    {
        try { return answer?.Deserialize(InputResponse.ElicitResultJsonTypeInfo); }
        catch (JsonException) { return null; }
    }

    private async IAsyncEnumerable<TurnEvent> AskAsync(IAsyncEnumerable<TurnEvent> events, UntilAsked until, [EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var next in events.WithCancellation(stop))
        {
            if (next is ApprovalRequested request) _asked.Add(request);
            yield return next;
        }
        if (!until.EndHere) yield break;
        var open = until.Open.ToHashSet();
        var questions = _asked.Where(request => open.Contains(request.RequestId)).ToDictionary(request => request.RequestId, request => InputRequest.ForElicitation(McpApprovals.Question(agent.Id.Kind, request)));
        throw new InputRequiredException(questions, _asked[0].Turn.Value);
    }
}
