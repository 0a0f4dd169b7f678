using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace ActorAgents.AspNetCore;

/// <summary>Turns: started and followed.</summary>
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
            input = Caller.OrBadRequest(() => AgentInput.From(prompt));
            detached = OneOf(body.Root, "mode", ["attached", "detached"]) == "detached";
            options = Caller.Options with { TurnId = body.Root.Text("turnId") is { } id ? Caller.Turn(id) : null, OnBusy = OnBusy(body.Root) };
        }
        var streams = WantsEvents(http.Request);
        if (options.TurnId is { } given) http.NameTurn(given);
        if (detached)
        {
            var turn = await agent.StartAsync(input, options, http.RequestAborted);
            http.NameTurn(turn.Id);
            await (streams ? EventStream.RespondAsync(http, turn.ReadAsync(), new NativeFormat()) : AcceptedAsync(http, turn.Id));
        }
        else if (streams) await EventStream.RespondAsync(http, agent.EventsAsync(input, options), new NativeFormat());
        else await WholeAsync(http, await WholeTurn.ReadAsync(http, agent.EventsAsync(input, options)));
    }

    public static Task FollowAsync(HttpContext http)
    {
        var (agent, turn) = (Route.Agent(http), Route.Turn(http));
        var after = http.Request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } last
            ? Cursor(last, turn, "Last-Event-ID") : Cursor(http.Request.Query["after"].ToString(), turn, "after");
        return EventStream.RespondAsync(http, agent.Turn(turn).ReadAsync(after), new NativeFormat(isFollowed: true));
    }

    private static Task AcceptedAsync(HttpContext http, TurnId turn)
    {
        http.Response.StatusCode = StatusCodes.Status202Accepted;
        http.Response.Headers.Location = $"{Route.Sent(http)}/{turn}/events";
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
    private static TurnCursor Cursor(string place, TurnId turn, string param)
    {
        if (place.Length == 0) return TurnCursor.Start;
        var parts = place.Split(':');
        if (parts.Length == 3 && parts[0] != turn.Value)
            throw new HttpErrorException(HttpError.BadRequest($"The place '{place}' is in another turn than '{turn}'.", param));
        return parts is [.., var epoch, var seq] && parts.Length <= 3
            && int.TryParse(epoch, NumberStyles.None, CultureInfo.InvariantCulture, out var e) && long.TryParse(seq, NumberStyles.None, CultureInfo.InvariantCulture, out var s)
            ? new(e, s)
            : throw new HttpErrorException(HttpError.BadRequest($"'{place}' is not a place in a turn: use the id of the last frame you have, turn:epoch:seq.", param));
    }
}
