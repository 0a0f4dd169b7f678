using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore;

/// <summary>Turns: started, followed, interrupted, and their questions answered.</summary>
internal static class NativeTurns
{
    public static async Task StartAsync(HttpContext http)
    {
        var agent = Route.Agent(http);
        AgentInput input;
        TurnOptions options;
        bool detached;
        using (var body = await JsonBody.ReadAsync(http))
        {
            var prompt = body.Root.RequiredText("input");
            input = Caller.Known(() => AgentInput.From(prompt));
            detached = OneOf(body.Root, "mode", ["attached", "detached"]) == "detached";
            options = Caller.Attached with { TurnId = body.Root.Text("turnId") is { } id ? Caller.Turn(id) : null, OnBusy = OnBusy(body.Root) };
        }
        var streams = WantsEvents(http.Request);
        if (detached)
        {
            var turn = await agent.StartAsync(input, options, http.RequestAborted);
            await (streams ? EventStream.RespondAsync(http, turn.ReadAsync(), new NativeFormat()) : AcceptedAsync(http, turn.Id));
        }
        else if (streams) await EventStream.RespondAsync(http, agent.EventsAsync(input, options), new NativeFormat());
        else await WholeAsync(http, await WholeTurn.ReadAsync(agent.EventsAsync(input, options), http.RequestAborted));
    }

    public static Task FollowAsync(HttpContext http)
    {
        var (agent, turn) = (Route.Agent(http), Route.Turn(http));
        var after = Cursor(http.Request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } last ? last : http.Request.Query["after"].ToString(), turn);
        return EventStream.RespondAsync(http, agent.Turn(turn).ReadAsync(after), new NativeFormat());
    }

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
        if (afterStep && stopped) http.Response.StatusCode = StatusCodes.Status202Accepted; // It ends when its step does; its events tell.
        var messages = (await agent.GetMessagesAsync(http.RequestAborted)).Where(m => m.AdditionalProperties?["actoragents.turn"] is string of && of == turn.Value).ToList();
        if (!stopped && messages.Count == 0) throw new HttpErrorException(HttpError.NotFound("unknown_turn", $"Agent {agent.Id} has no turn '{turn}' that runs or is remembered."));
        var state = messages.Count > 0 && messages[0].AdditionalProperties!.TryGetValue("actoragents.state", out string? known) ? known : stopped ? "interrupted" : "completed";
        await http.WriteJsonAsync(json => NativeWire.Whole(json, () =>
        {
            json.WriteString("turn", turn.Value);
            json.WriteBoolean("interrupted", stopped);
            json.WriteString("state", state);
            json.WriteString("partial", string.Concat(messages.Where(m => m.Role == ChatRole.Assistant).Select(m => m.Text)));
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

    private static Task AcceptedAsync(HttpContext http, TurnId turn)
    {
        var events = $"{http.Request.PathBase}{http.Request.Path}/{turn}/events";
        http.Response.StatusCode = StatusCodes.Status202Accepted;
        http.Response.Headers.Location = Uri.EscapeDataString(events).Replace("%2F", "/", StringComparison.Ordinal);
        return http.WriteJsonAsync(json => NativeWire.Whole(json, () =>
        {
            json.WriteString("turn", turn.Value);
            json.WriteString("events", http.Response.Headers.Location);
        }));
    }

    private static Task WholeAsync(HttpContext http, WholeTurn turn) => http.WriteJsonAsync(json => NativeWire.Whole(json, () =>
    {
        json.WriteString("turn", turn.End.Turn.Value);
        NativeJson.WriteEnd(json, turn.End);
        if (turn.Reasoning.Length > 0) json.WriteString("reasoning", turn.Reasoning);
        if (turn.Calls.Count > 0) NativeJson.Objects(json, "toolCalls", turn.Calls, call => NativeJson.Finished(json, call));
        if (turn.Content.Count > 0) NativeJson.Objects(json, "content", turn.Content, content => NativeJson.WriteMembers(json, content));
    }));

    private static bool WantsEvents(HttpRequest request) =>
        request.GetTypedHeaders().Accept.Any(type => type.MediaType.Equals("text/event-stream", StringComparison.OrdinalIgnoreCase) && type.Quality != 0);

    private static BusyPolicy? OnBusy(RequestObject body) => OneOf(body, "onBusy", ["queue", "reject", "interrupt", "steer"]) switch
    {
        "queue" => BusyPolicy.Queue,
        "reject" => BusyPolicy.Reject,
        "interrupt" => BusyPolicy.Interrupt,
        "steer" => BusyPolicy.Steer,
        _ => null,
    };

    private static string? OneOf(RequestObject body, string name, string[] values) =>
        body.Text(name) is not { } value ? null : values.Contains(value) ? value : throw body.Wrong(name, $"one of {string.Join(", ", values)}");

    /// <summary>Reads <c>turn:epoch:seq</c>, the id of a frame, or <c>epoch:seq</c>.</summary>
    private static TurnCursor Cursor(string place, TurnId turn)
    {
        if (place.Length == 0) return TurnCursor.Start;
        var parts = place.Split(':');
        if (parts.Length == 3 && parts[0] != turn.Value)
            throw new HttpErrorException(HttpError.BadRequest($"The place '{place}' is in another turn than '{turn}'.", "Last-Event-ID"));
        return parts is [.., var epoch, var seq] && parts.Length <= 3
            && int.TryParse(epoch, NumberStyles.None, CultureInfo.InvariantCulture, out var e) && long.TryParse(seq, NumberStyles.None, CultureInfo.InvariantCulture, out var s)
            ? new(e, s)
            : throw new HttpErrorException(HttpError.BadRequest($"'{place}' is not a place in a turn: use the id of the last frame you have, turn:epoch:seq.", "Last-Event-ID"));
    }
}
