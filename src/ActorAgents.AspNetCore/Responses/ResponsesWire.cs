using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorAgents.AspNetCore;

/// <summary>OpenAI's responses, with kinds of agents as models.</summary>
internal static class ResponsesWire
{
    public static IEndpointConventionBuilder Map(IEndpointRouteBuilder routes)
    {
        var wire = new WireEndpoints(routes, OpenAIErrorShape.Instance);
        wire.Post("/v1/responses", CreateAsync);
        wire.Get("/v1/responses/{id}", GetAsync);
        wire.Post("/v1/responses/{id}/cancel", CancelAsync);
        wire.Delete("/v1/responses/{id}", DeleteAsync);
        wire.Rest("/v1/responses/{**rest}");
        return wire.Conventions;
    }

    private static async Task CreateAsync(HttpContext http)
    {
        ResponseRequest request;
        using (var body = await JsonBody.ReadAsync(http)) request = ResponseRequest.Read(body.Root);
        var turn = await ResponseTurn.OfAsync(http, request);
        var response = turn.Response;
        if (request.InBackground)
        {
            var started = await turn.StartAsync();
            http.NameTurn(started.Id);
            response.Status = request.Streams ? response.Status : "queued";
            await (request.Streams
                ? EventStream.RespondAsync(http, started.ReadAsync(), new ResponseFormat(response, atOnce: true)) : http.WriteJsonAsync(response.Write));
        }
        else if (request.Streams)
        {
            await EventStream.RespondAsync(http, turn, new ResponseFormat(response, atOnce: false));
        }
        else
        {
            await WholeTurn.ReadAsync(http, turn, response.Add);
            await http.WriteJsonAsync(response.Write);
        }
    }

    private static async Task GetAsync(HttpContext http)
    {
        var id = Id(http);
        if (http.Request.Query["stream"] == "true") await FollowAsync(http, id, After(http.Request.Query["starting_after"].ToString()));
        else await WriteAsync(http, id);
    }

    /// <summary>Of the turns only detached ones have a log.</summary>
    private static async Task FollowAsync(HttpContext http, ResponseId id, long after)
    {
        var agent = Caller.Agent(http, id.Kind, id.Key);
        var turn = agent.Turn(id.Turn);
        await foreach (var _ in turn.ReadAsync().WithCancellation(http.RequestAborted)) break; // From its start on the conversation has what it was asked.
        var kept = await KeptTurn.FindAsync(agent, id.Turn, http.RequestAborted);
        await EventStream.RespondAsync(http, turn.ReadAsync(), new ResponseFormat(new(id, ResponseSettings.Of(id, kept)), atOnce: true, after));
    }

    private static async Task CancelAsync(HttpContext http)
    {
        var id = Id(http);
        var agent = Caller.Agent(http, id.Kind, id.Key);
        var isOver = await agent.InterruptAsync(id.Turn, InterruptMode.Immediate, http.RequestAborted) && await TurnEnd.ComesAsync(http, agent, id.Turn);
        await WriteAsync(http, id, isOver);
    }

    private static async Task DeleteAsync(HttpContext http)
    {
        var id = Id(http);
        var messages = await Caller.Agent(http, id.Kind, id.Key).GetMessagesAsync(http.RequestAborted);
        if (messages.All(message => message.GetTurn() != id.Turn)) throw StoredResponse.Unknown(id.ToString());
        if (messages.Any(message => message.GetTurn() != id.Turn))
            throw new HttpErrorException(HttpError.BadRequest(
                $"Response '{id}' is one of several in its conversation and cannot be taken out. Agent '{id.Key}' of kind '{id.Kind}' has the whole."));
        await http.Agents().RemoveAsync(Caller.Agent(http, id.Kind, id.Key).Id, http.RequestAborted);
        await http.WriteJsonAsync(json => NativeWire.Whole(json, () =>
        {
            json.WriteString("id", id.ToString());
            json.WriteString("object", "response");
            json.WriteBoolean("deleted", true);
        }));
    }

    private static async Task WriteAsync(HttpContext http, ResponseId id, bool isOver = false)
    {
        var response = await StoredResponse.FindAsync(http, id, isOver);
        await http.WriteJsonAsync(response.Write);
    }

    private static ResponseId Id(HttpContext http)
    {
        var text = Route.Value(http, "id");
        return ResponseId.Parse(text) ?? throw StoredResponse.Unknown(text);
    }

    private static long After(string number) => number.Length == 0 ? -1
        : long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var after) ? after
        : throw new HttpErrorException(HttpError.BadRequest($"'starting_after' must be the sequence_number of an event, not '{number}'.", "starting_after"));
}
