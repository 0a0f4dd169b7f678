using Microsoft.AspNetCore.Http;

namespace ActorAgents.AspNetCore;

/// <summary>Turns: interrupted, and their questions answered.</summary>
internal static class NativeTurnControl
{
    public static async Task InterruptAsync(HttpContext http)
    {
        var (agent, turn) = (Route.Agent(http), Route.Turn(http));
        var afterStep = http.Request.Query["mode"].ToString() switch
        {
            "" or "immediate" => false,
            "after-step" => true,
            var other => throw new HttpErrorException(HttpError.BadRequest($"'mode' must be immediate or after-step, not '{other}'.", "mode")),
        };
        var stopped = await agent.InterruptAsync(turn, afterStep ? InterruptMode.AfterStep : InterruptMode.Immediate, http.RequestAborted);
        if (afterStep ? stopped : !await TurnEnd.ComesAsync(http, agent, turn)) http.Response.StatusCode = StatusCodes.Status202Accepted; // It ends when its step does, or when its provider gives back the thread that it blocks; its events tell.
        var kept = await KeptTurn.FindAsync(agent, turn, http.RequestAborted);
        if (!stopped && kept is null) throw UnknownTurn(agent, turn);
        await http.WriteJsonAsync(json => NativeWire.Whole(json, () =>
        {
            json.WriteString("turn", turn.Value);
            json.WriteBoolean("interrupted", stopped);
            json.WriteString("state", kept?.State ?? "interrupted"); // While it waited: it left no record.
            json.WriteString("partial", kept?.Answer ?? "");
        }));
    }

    public static async Task AnswerAsync(HttpContext http)
    {
        var (agent, turn) = (Route.Agent(http), Route.Turn(http));
        string request;
        bool approved;
        string? reason;
        using (var body = await JsonBody.ReadAsync(http))
        {
            request = body.Root.RequiredText("requestId");
            approved = body.Root.OptionalFlag("approved") ?? throw body.Root.Missing("approved", "true or false");
            reason = body.Root.Text("reason");
        }
        // Only the running turn has open requests; one that has ended is told from it by its state.
        if (await KeptTurn.FindAsync(agent, turn, http.RequestAborted) is not { IsRunning: true }) throw UnknownTurn(agent, turn);
        switch (await agent.AnswerAsync(request, approved, reason, http.RequestAborted))
        {
            case ApprovalOutcome.Taken:
                http.Response.StatusCode = StatusCodes.Status204NoContent;
                break;
            case ApprovalOutcome.AlreadyAnswered:
                throw new HttpErrorException(new(StatusCodes.Status409Conflict, "already_answered", $"Request '{request}' of turn '{turn}' was answered before, or came too late."));
            default:
                throw new HttpErrorException(HttpError.NotFound("unknown_request", $"No call of turn '{turn}' waits for an answer under '{request}'."));
        }
    }

    private static HttpErrorException UnknownTurn(Agent agent, TurnId turn) =>
        new(HttpError.NotFound("unknown_turn", $"Agent {agent.Id} has no turn '{turn}' that runs or is remembered."));
}
