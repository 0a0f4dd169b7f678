using System.Text.Json;
using ActorAgents.Testing;

namespace ActorAgents.AspNetCore.Tests.Interop;

/// <summary>What <c>GET /probe</c> says.</summary>
internal sealed record Probe(long Active, long Aborted, long Completed, long Failed)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static Probe OneActive { get; } = new(1, 0, 0, 0);
    public static Probe OneAborted { get; } = new(0, 1, 0, 0);
    public static Probe OneCompleted { get; } = new(0, 0, 1, 0);

    public static void Serve(ActorAgentsHttpOptions http) => http.Probe = true;

    public static async Task<Probe> OfAsync(AgentServer server) =>
        (await AgentServer.JsonAsync(server.SendAsync(HttpMethod.Get, "/probe"))).Deserialize<Probe>(JsonSerializerOptions.Web)!;

    /// <summary>Waits until the server says this and no stream of the provider is open. The end of a turn has no signal that crosses HTTP: it is asked for again.</summary>
    public async Task ComesAsync(AgentServer server, ScriptedProvider provider)
    {
        await provider.ReleasedAsync();
        await ComesAsync(server);
    }

    /// <summary>Waits until the server says this.</summary>
    public async Task ComesAsync(AgentServer server)
    {
        var seen = await OfAsync(server);
        using var patience = new CancellationTokenSource(Patience);
        for (; seen != this && !patience.IsCancellationRequested; seen = await OfAsync(server)) await Task.Yield();
        Assert.Equal(this, seen);
    }
}
