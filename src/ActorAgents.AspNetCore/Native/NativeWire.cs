using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorAgents.AspNetCore;

/// <summary>Agents, their turns and the halts as resources.</summary>
internal static class NativeWire
{
    public static IEndpointConventionBuilder Map(IEndpointRouteBuilder routes)
    {
        var wire = new WireEndpoints(routes, ProblemShape.Instance);
        wire.Get("/agents", http => http.WriteJsonAsync(json => Whole(json, () => NativeJson.Objects(json, "agents", http.Agents().Definitions.Values, kind => NativeJson.Agent(json, kind)))));
        wire.Get("/agents/{kind}", GetKindAsync);
        wire.Delete("/agents/{kind}/{key}", RemoveAsync);
        wire.Get("/agents/{kind}/{key}/messages", GetMessagesAsync);
        wire.Delete("/agents/{kind}/{key}/messages", ClearAsync);
        wire.Post("/agents/{kind}/{key}/turns", NativeTurns.StartAsync);
        wire.Delete("/agents/{kind}/{key}/turns/{turn}", NativeTurnControl.InterruptAsync);
        wire.Get("/agents/{kind}/{key}/turns/{turn}/events", NativeTurns.FollowAsync);
        wire.Post("/agents/{kind}/{key}/turns/{turn}/approvals", NativeTurnControl.AnswerAsync);
        wire.Rest("/agents/{**rest}");
        NativeHalts.Map(wire);
        return wire.Conventions;
    }

    /// <summary>Writes an object.</summary>
    public static void Whole(Utf8JsonWriter json, Action members)
    {
        json.WriteStartObject();
        members();
        json.WriteEndObject();
    }

    private static Task GetKindAsync(HttpContext http)
    {
        var agents = Caller.Stateless(http, Route.Kind(http));
        return http.WriteJsonAsync(json => Whole(json, () => NativeJson.Agent(json, agents.Definition)));
    }

    private static async Task GetMessagesAsync(HttpContext http)
    {
        var messages = await Route.Agent(http).GetMessagesAsync(http.RequestAborted);
        await http.WriteJsonAsync(json => Whole(json, () => NativeJson.Objects(json, "messages", messages, message => NativeJson.Message(json, message))));
    }

    private static async Task ClearAsync(HttpContext http)
    {
        await Route.Agent(http).ClearAsync(http.RequestAborted);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static async Task RemoveAsync(HttpContext http)
    {
        var agent = Route.Agent(http);
        if (!await http.Agents().RemoveAsync(agent.Id, http.RequestAborted))
            throw new HttpErrorException(HttpError.NotFound("unknown_agent", $"There is no agent {agent.Id}: it was never used, or is gone."));
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
