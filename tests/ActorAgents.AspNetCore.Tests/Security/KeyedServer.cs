using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore.Tests.Security;

/// <summary>Servers with keys. A key's secret is its name after <c>secret-</c>.</summary>
internal static class KeyedServer
{
    public static Task<AgentServer> StartAsync(IChatClient provider, Action<ActorAgentsHttpOptions>? more = null, Action<Microsoft.Extensions.DependencyInjection.IServiceCollection>? services = null) =>
        AgentServer.StartAsync(provider, http =>
        {
            Add(http, "chat", ActorAgentsScopes.Chat);
            Add(http, "admin", ActorAgentsScopes.Admin);
            foreach (var tenant in new[] { "a", "b" })
            {
                Add(http, $"{tenant}-chat", ActorAgentsScopes.Chat, tenant);
                Add(http, $"{tenant}-more", ActorAgentsScopes.Chat, tenant);
                Add(http, $"{tenant}-admin", ActorAgentsScopes.Admin, tenant);
            }
            more?.Invoke(http);
        }, services: services);

    public static Task<AgentServer> StartAsync(params ChatScript[] scripts) => StartAsync(new ScriptedProvider(scripts));

    public static (string, string) As(string name) => ("Authorization", $"Bearer secret-{name}");

    private static void Add(ActorAgentsHttpOptions http, string name, string scope, string? tenant = null) =>
        http.Keys.Add(new ApiKey(name, ApiKey.Hash($"secret-{name}"), [scope], tenant));
}
