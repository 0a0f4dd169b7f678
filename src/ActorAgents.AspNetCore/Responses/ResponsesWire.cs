using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

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
            await foreach (var next in turn.WithCancellation(http.RequestAborted)) response.Add(next);
            if (response.Error is { } error) throw new HttpErrorException(error);
            http.NameTurn(response.Id.Turn);
            await http.WriteJsonAsync(response.Write); // One that was stopped, too: clients would repeat a request that has an error.
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
        await StoredResponse.FindAsync(http, id); // Whether there is one cannot be said in the stream.
        http.NameTurn(id.Turn);
        var agent = Caller.Agent(http, id.Kind, id.Key);
        var response = new ResponseState(id, ResponseSettings.Of(id, null));
        await EventStream.RespondAsync(http, new FirstSeen(agent.Turn(id.Turn).ReadAsync(), SeeAsync), new ResponseFormat(response, atOnce: false, after));

        async ValueTask<IAsyncEnumerable<TurnEvent>?> SeeAsync(TurnEvent first)
        {
            // From its start on the conversation has what it was asked.
            response.Settings = ResponseSettings.Of(id, await KeptTurn.FindAsync(agent, id.Turn, http.RequestAborted));
            return null;
        }
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
        var agent = Caller.Agent(http, id.Kind, id.Key);
        if (!await agent.RemoveIfOnlyAsync(id.Turn, http.RequestAborted))
        {
            await StoredResponse.FindAsync(http, id);
            throw new HttpErrorException(HttpError.BadRequest(
                $"Response '{id}' is one of several in its conversation and cannot be taken out. Agent '{id.Key}' of kind '{id.Kind}' has the whole."));
        }
        http.RequestServices.GetRequiredService<ResponseAgents>().Gone(agent.Id);
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
