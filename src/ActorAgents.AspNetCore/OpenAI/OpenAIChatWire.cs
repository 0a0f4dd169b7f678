using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorAgents.AspNetCore;

/// <summary>OpenAI chat completions, with kinds of agents as models.</summary>
internal static class OpenAIChatWire
{
    /// <summary>Names the agent that keeps the conversation. Without it a call is answered from the messages it brings and nothing is kept.</summary>
    private const string KeyHeader = "X-Agent-Key";

    public static IEndpointConventionBuilder Map(IEndpointRouteBuilder routes)
    {
        var wire = new WireEndpoints(routes, OpenAIErrorShape.Instance);
        wire.Get("/v1/models", http => http.WriteJsonAsync(json => OpenAIModels.WriteList(json, http.Agents().Definitions.Values)));
        wire.Get("/v1/models/{model}", http =>
        {
            var definition = Caller.Stateless(http, Route.Value(http, "model")).Definition;
            return http.WriteJsonAsync(json => OpenAIModels.Write(json, definition));
        });
        wire.Post("/v1/chat/completions", CompleteAsync);
        wire.Rest("/v1/{**rest}");
        return wire.Conventions;
    }

    private static async Task CompleteAsync(HttpContext http)
    {
        ChatCompletionRequest request;
        using (var body = await JsonBody.ReadAsync(http)) request = ChatCompletionRequest.Read(body.Root);
        var events = Events(http, request);
        var created = http.Settings().Time.GetUtcNow().ToUnixTimeSeconds();
        if (request.Streams)
        {
            await EventStream.RespondAsync(http, events, new ChatCompletionFormat(request, created));
            return;
        }
        var turn = await WholeTurn.ReadAsync(http, events);
        await http.WriteJsonAsync(json => ChatCompletionJson.WriteWhole(json, turn, request.Model, created));
    }

    private static IAsyncEnumerable<TurnEvent> Events(HttpContext http, ChatCompletionRequest request)
    {
        if (http.Request.Headers[KeyHeader].ToString() is not { Length: > 0 } key)
        {
            var agents = Caller.Stateless(http, request.Model);
            return Caller.OrBadRequest(() => agents.EventsAsync(request.Messages, Caller.Unattended(agents.Definition) with { Chat = request.Options }));
        }
        var agent = Caller.Agent(http, request.Model, key);
        return Caller.OrBadRequest(() => agent.EventsAsync(AgentInput.AfterLastAnswer(request.Messages), Caller.Options with { Chat = request.Options }));
    }
}
