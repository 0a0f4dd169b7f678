using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore;

/// <summary>A detached turn that a response shows: begun, gone on with, or joined again.</summary>
internal sealed record UIMessageAnswer(TurnId Turn, UntilAsked Events, UIMessageFormat Format)
{
    /// <summary>A new turn. The agent keeps the conversation, so that only what it has not seen is its input; where the page's differs, the page's is taken.</summary>
    public static async Task<UIMessageAnswer> StartedAsync(HttpContext http, Agent agent, UIMessageRequest request)
    {
        var isLost = request.HasAnswers && (await agent.GetMessagesAsync(http.RequestAborted)).Count == 0;
        var input = Caller.OrBadRequest(() => AgentInput.From(request.Rewrites || isLost ? request.All : request.New));
        if (request.Rewrites)
        {
            await StopAsync(http, agent);
            await agent.ClearAsync(http.RequestAborted);
        }
        // Who writes on has given up the answer that still comes, and that waits for its approvals.
        var options = Caller.Asked(agent.Definition) with { OnBusy = BusyPolicy.Interrupt };
        var turn = await agent.StartAsync(input, options); // A client that goes meanwhile is noticed with the turn in hand.
        var events = new UntilAsked(turn);
        return new(turn.Id, events, new UIMessageFormat(request.AnswerId, events));
    }

    /// <summary>The running turn, after the answers to its questions; from where it waited for them.</summary>
    /// <exception cref="HttpErrorException">No turn waits for any of them.</exception>
    public static async Task<UIMessageAnswer> ContinuedAsync(HttpContext http, Agent agent, UIMessageRequest request)
    {
        if (await KeptTurn.LastAsync(agent, http.RequestAborted) is not { IsRunning: true, Id: var running }) throw Unknown(agent, request);
        var events = new UntilAsked(agent.Turn(running));
        var seen = await events.SkipAsync(request.Approvals.Select(approval => approval.Id).ToHashSet(), http.RequestAborted);
        var isKnown = false;
        foreach (var (id, approved, reason) in request.Approvals)
            isKnown |= await agent.AnswerAsync(id, approved, reason, http.RequestAborted) != ApprovalOutcome.Unknown;
        if (!isKnown) throw Unknown(agent, request);
        var format = new UIMessageFormat(request.AnswerId, events);
        format.Skip(seen);
        return new(running, events, format);
    }

    /// <summary>The running turn from its beginning, or from that of the message that it goes on with. Null when none runs that can be joined.</summary>
    public static async Task<UIMessageAnswer?> ResumedAsync(HttpContext http, Agent agent)
    {
        var turns = await KeptTurn.AllAsync(agent, http.RequestAborted);
        if (turns is not [.., { IsRunning: true } running]) return null;
        try { await agent.Turn(running.Id).ReadAsync().GetAsyncEnumerator(http.RequestAborted).DisposeAsync(); }
        catch (TurnGoneException) { return null; } // Attached, by another protocol.
        var (first, earlier) = (turns.Count - 1, new List<TurnEvent>());
        for (; first > 0 && Results(turns[first]) is { Count: > 0 } results && await CallsAsync(agent, turns[first - 1].Id, http.RequestAborted) is { } log; first--)
            earlier.InsertRange(0, [.. log, .. results]);
        var events = new UntilAsked(agent.Turn(running.Id));
        var format = new UIMessageFormat(earlier.Count == 0 ? null : turns[first].Id.Value, events);
        format.Precede(earlier);
        return new(running.Id, events, format);
    }

    /// <summary>Interrupts the running turn, if there is one, and waits for its record.</summary>
    public static async Task StopAsync(HttpContext http, Agent agent)
    {
        if (await KeptTurn.LastAsync(agent, http.RequestAborted) is not { IsRunning: true, Id: var running }) return;
        await agent.InterruptAsync(running, cancellationToken: http.RequestAborted);
        await TurnEnd.ComesAsync(http, agent, running);
    }

    /// <summary>The results of the client's tools that a turn goes on with and nothing else, as if the tools had run here.</summary>
    private static List<ToolFinished> Results(KeptTurn turn) => turn.Messages[0].Role != ChatRole.Tool || turn.Messages is [_, { Role: var next }, ..] && next == ChatRole.User ? [] :
    [
        .. turn.Messages[0].Contents.OfType<FunctionResultContent>().Select(result => result.Exception is ToolFailedException failed
            ? new ToolFinished(result.CallId, "", failed.Message, ToolOutcome.Failed, default)
            : new ToolFinished(result.CallId, "", result.Result?.ToString() ?? "", ToolOutcome.Succeeded, default)),
    ];

    /// <summary>The events of a turn that left calls to the client. Null when it left none, or its log is no longer kept.</summary>
    private static async Task<List<TurnEvent>?> CallsAsync(Agent agent, TurnId turn, CancellationToken cancellationToken)
    {
        var log = new List<TurnEvent>();
        try
        {
            await foreach (var next in agent.Turn(turn).ReadAsync().WithCancellation(cancellationToken)) log.Add(next);
        }
        catch (TurnGoneException) { return null; }
        return log[^1] is TurnCompleted { OpenCalls.Count: > 0 } ? log : null;
    }

    private static HttpErrorException Unknown(Agent agent, UIMessageRequest request) => new(HttpError.NotFound("unknown_request",
        $"No call of agent {agent.Id} waits for an answer under '{string.Join("', '", request.Approvals.Select(approval => approval.Id))}'."));
}
