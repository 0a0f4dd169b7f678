using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ActorAgents.AspNetCore;

/// <summary>Serves agents over HTTP.</summary>
public static class ActorAgentsHttpExtensions
{
    /// <summary>Adds what the endpoints need, authentication and authorization included. The agents themselves come from <c>AddActorAgents</c>.</summary>
    public static IServiceCollection AddActorAgentsHttp(this IServiceCollection services, Action<ActorAgentsHttpOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (configure is not null) services.Configure(configure);
        services.TryAddSingleton<HttpSettings>();
        services.TryAddSingleton<AGUIPauses>();
        services.TryAddSingleton<ResponseAgents>();
        services.TryAddSingleton<McpEngine>();
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.SchemeName, null).AddCookie(SignIn.SchemeName, SignIn.Configure);
        services.AddAuthorization();
        ActorAgentsHealth.Add(services);
        services.AddOptions<AuthorizationOptions>().Configure<IOptions<ActorAgentsHttpOptions>>((authorization, http) =>
        {
            var scheme = http.Value.AuthenticationScheme ?? ApiKeyHandler.SchemeName;
            Add(Policies.Chat, scheme, ActorAgentsScopes.Chat);
            Add(Policies.Admin, scheme, ActorAgentsScopes.Admin);
            Add(Policies.Pages, http.Value.Keys.Count > 0 ? SignIn.SchemeName : scheme, ActorAgentsScopes.Chat);

            void Add(string policy, string scheme, string scope) =>
                authorization.AddPolicy(policy, p => p.AddAuthenticationSchemes(scheme).RequireClaim(ActorAgentsClaims.Scope, scope));
        });
        return services;
    }

    /// <summary>
    /// Maps every protocol: the native one, OpenAI chat completions and responses, the AI SDK's UI message streams, AG-UI, A2A, MCP, and the plain <c>/chat</c>. Each
    /// can be mapped alone as well. Needs <see cref="AddActorAgentsHttp"/>.
    /// </summary>
    /// <returns>Adds conventions to all of the endpoints.</returns>
    public static IEndpointConventionBuilder MapActorAgents(this IEndpointRouteBuilder routes) =>
        new ConventionGroup([
            routes.MapNativeAgents(), routes.MapOpenAIChat(), routes.MapOpenAIResponses(), routes.MapUIMessages(), routes.MapAGUI(), routes.MapA2A(),
            routes.MapMcpAgents(), routes.MapPlainChat(), ProbeWire.Map(Checked(routes)),
        ]);

    /// <summary>Agents, turns, events, approvals and halts as resources: <c>/agents…</c>, <c>/halts…</c>.</summary>
    public static IEndpointConventionBuilder MapNativeAgents(this IEndpointRouteBuilder routes) => NativeWire.Map(Checked(routes));

    /// <summary>OpenAI's <c>/v1/models</c> and <c>/v1/chat/completions</c>: its clients work unchanged, with an agent's kind as the model.</summary>
    public static IEndpointConventionBuilder MapOpenAIChat(this IEndpointRouteBuilder routes) => OpenAIChatWire.Map(Checked(routes));

    /// <summary>OpenAI's <c>/v1/responses</c>: answered, followed, cancelled, gone on from. Its clients work unchanged, with an agent's kind as the model.</summary>
    public static IEndpointConventionBuilder MapOpenAIResponses(this IEndpointRouteBuilder routes) => ResponsesWire.Map(Checked(routes));

    /// <summary>AG-UI 1.0 at <c>POST /ag-ui/{kind}</c>: a thread is an agent of its name. Calls that need an approval end a run with an interrupt; the next one brings the answer.</summary>
    public static IEndpointConventionBuilder MapAGUI(this IEndpointRouteBuilder routes) => AGUIWire.Map(Checked(routes));

    /// <summary>
    /// A2A 1.0 by JSON-RPC: <c>POST /a2a</c> for the default kind, <c>POST /a2a/{kind}</c> for each, their cards under <c>/.well-known/agent-card.json</c> of the
    /// server and of each address. Cards are shown to everybody.
    /// </summary>
    public static IEndpointConventionBuilder MapA2A(this IEndpointRouteBuilder routes) => A2AWire.Map(Checked(routes));

    /// <summary>
    /// The UI message stream of Vercel's AI SDK, as <c>useChat</c> asks for it: <c>POST /api/chat</c>, <c>GET /api/chat/{id}/stream</c> to resume,
    /// <c>POST /api/chat/{id}/stop</c>. The chat's id is the agent's key; <c>?agent=</c> names another kind than the default.
    /// </summary>
    public static IEndpointConventionBuilder MapUIMessages(this IEndpointRouteBuilder routes) => UIMessageWire.Map(Checked(routes));

    /// <summary>
    /// <c>/mcp</c>: an MCP server (streamable HTTP) with a tool per kind of agent. It shares nothing with an MCP server of the application's own, by
    /// the SDK's <c>MapMcp</c>.
    /// </summary>
    public static IEndpointConventionBuilder MapMcpAgents(this IEndpointRouteBuilder routes) => McpAgentsWire.Map(Checked(routes));

    /// <summary><c>POST /chat</c> and <c>GET /chat?prompt=</c>: the text of one answer as event-stream lines, for a bare <c>EventSource</c>.</summary>
    public static IEndpointConventionBuilder MapPlainChat(this IEndpointRouteBuilder routes) => PlainChatWire.Map(Checked(routes));

    /// <summary><c>GET /health/live</c>: the process answers. <c>GET /health/ready</c>: the runtime takes turns; 503 when it does not within two seconds, or stops.</summary>
    public static IEndpointConventionBuilder MapActorAgentsHealth(this IEndpointRouteBuilder routes) => ActorAgentsHealth.Map(Checked(routes));

    /// <summary><c>/sign-in</c> and <c>/sign-out</c>, for endpoints with <see cref="ActorAgentsEndpointExtensions.RequireActorAgentsSignIn"/>.</summary>
    public static IEndpointConventionBuilder MapActorAgentsSignIn(this IEndpointRouteBuilder routes) => SignIn.Map(Checked(routes));

    private static IEndpointRouteBuilder Checked(IEndpointRouteBuilder routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        if (routes.ServiceProvider.GetService<HttpSettings>() is null)
            throw new InvalidOperationException($"Call services.{nameof(AddActorAgentsHttp)}() before the endpoints are mapped.");
        return routes;
    }
}
