using Microsoft.AspNetCore.Http;

namespace ActorAgents.AspNetCore;

/// <summary>A detached turn that a response shows: begun, gone on with, or joined again.</summary>
internal sealed record UIMessageAnswer(TurnId Turn, IAsyncEnumerable<TurnEvent> Events, UIMessageFormat Format)
{
    /// <summary>A new turn. The agent keeps the conversation, so that only what it has not seen is its input; where the page's differs, the page's is taken.</summary>
    public static async Task<UIMessageAnswer> StartedAsync(HttpContext http, Agent agent, UIMessageRequest request)
    {
        var kept = request.HasAnswers ? await KeptTurn.AllAsync(agent, http.RequestAborted) : [];
        var isPages = request.Rewrites || request.HasAnswers && kept.Count == 0;
        var input = isPages ? request.After : request.New(ShownCallIds.Of(kept));
        UIMessageEvents.GoOnWith(request.AnswerId, input);
        // Who writes on has given up the answer that still comes, and that waits for its approvals.
        var options = Caller.Asked(agent.Definition) with { OnBusy = BusyPolicy.Interrupt, Conversation = isPages ? request.Before : null };
        IReadOnlyList<TurnId> given = request.Rewrites ? await agent.GetTurnsAsync(http.RequestAborted) : []; // Before this one: a later may be newer still.
        var turn = await agent.StartAsync(Caller.OrBadRequest(() => AgentInput.From(input)), options); // A client that goes meanwhile is noticed with the turn in hand.
        foreach (var former in given) await agent.InterruptAsync(former); // What waits would follow an answer to what was never said.
        return Of(agent, turn.Id, isJoined: false);
    }

    /// <summary>The running turn, after the answers to its questions; from what the page has of it. When none of them waits and the page's tools gave results, a new turn.</summary>
    /// <exception cref="HttpErrorException">No turn waits for any of them.</exception>
    public static async Task<UIMessageAnswer> ContinuedAsync(HttpContext http, Agent agent, UIMessageRequest request)
    {
        var turns = await KeptTurn.AllAsync(agent, http.RequestAborted);
        if (turns is [.., { IsRunning: true, Id: var running }])
        {
            var events = new UntilAsked(agent.Turn(running));
            var format = new UIMessageFormat(running, events);
            format.Follow(turns.SkipLast(1), request.AnswerId);
            await events.SkipAsync(request.Approvals.Select(approval => approval.Id).ToHashSet(), next => request.Seen!.Has(next, format.Ids), format.Skip, http.RequestAborted);
            format.SkipEnds(request.Seen!);
            var isKnown = false;
            foreach (var (id, approved, reason) in request.Approvals)
                isKnown |= await agent.AnswerAsync(id, approved, reason, http.RequestAborted) != ApprovalOutcome.Unknown;
            if (isKnown) return new(running, events.ReadAsync(), format);
        }
        if (request.Results.Count > 0) return await StartedAsync(http, agent, request);
        throw new HttpErrorException(HttpError.NotFound("unknown_request",
            $"No call of agent {agent.Id} waits for an answer under '{string.Join("', '", request.Approvals.Select(approval => approval.Id))}'."));
    }

    /// <summary>The turn that runs, or is about to, from its beginning or from that of the message that it goes on with. Null when there is none that can be joined.</summary>
    public static async Task<UIMessageAnswer?> ResumedAsync(HttpContext http, Agent agent)
    {
        foreach (var turn in await agent.GetTurnsAsync(http.RequestAborted))
        {
            try { await agent.Turn(turn).ReadAsync().GetAsyncEnumerator(http.RequestAborted).DisposeAsync(); }
            catch (TurnGoneException) { continue; } // Attached, by another protocol.
            return Of(agent, turn, isJoined: true);
        }
        return null;
    }

    /// <summary>Interrupts what runs or waits, and waits for its record.</summary>
    public static async Task StopAsync(HttpContext http, Agent agent)
    {
        var turns = await agent.GetTurnsAsync(http.RequestAborted);
        foreach (var turn in turns) await agent.InterruptAsync(turn, cancellationToken: http.RequestAborted);
        foreach (var turn in turns)
            if (!await TurnEnd.ComesAsync(http, agent, turn)) break;
    }

    private static UIMessageAnswer Of(Agent agent, TurnId turn, bool isJoined)
    {
        var events = new UntilAsked(agent.Turn(turn));
        var format = new UIMessageFormat(turn, events);
        return new(turn, UIMessageEvents.ReadAsync(agent, events, format, isJoined), format);
    }
}
