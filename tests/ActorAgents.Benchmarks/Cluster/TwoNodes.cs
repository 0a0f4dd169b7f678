using ActorAgents.Cluster;
using Akka.Configuration;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ActorAgents.Benchmarks.Cluster;

/// <summary>A node with the agents and one that reads them, joined over loopback.</summary>
internal sealed class TwoNodes : IAsyncDisposable
{
    private readonly AgentRuntime _host;

    private TwoNodes(AgentRuntime host, AgentRuntime reader) => (_host, Reader) = (host, reader);

    public AgentRuntime Reader { get; }

    public static async Task<TwoNodes> StartAsync(Action<ActorAgentsBuilder> configure)
    {
        var host = await StartAsync(configure, "127.0.0.1:0", hostsAgents: true);
        await IsReadyAsync(host);
        var reader = await StartAsync(configure, ClusterStatus.Of(host.System).Nodes[0].Address, hostsAgents: false);
        await IsReadyAsync(reader);
        return new(host, reader);
    }

    public async ValueTask DisposeAsync()
    {
        await Reader.DisposeAsync();
        await _host.DisposeAsync();
    }

    private static async Task IsReadyAsync(AgentRuntime node)
    {
        var status = ClusterStatus.Of(node.System);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (status.NotReady is not null) await pace.WaitForNextTickAsync();
    }

    private static Task<AgentRuntime> StartAsync(Action<ActorAgentsBuilder> configure, string seed, bool hostsAgents) => AgentRuntime.StartAsync(
        configure, services => services.AddHealthChecks(),
        (akka, _) => akka
            .WithDurableAgents(DurableAgentsOptions.InMemory())
            .WithClusteredAgents(new ClusteredAgentsOptions { Port = 0, HostsAgents = hostsAgents, SeedNodes = { seed } })
            .AddHocon(ConfigurationFactory.ParseString("akka { loglevel = OFF, stdout-loglevel = OFF, coordinated-shutdown.run-by-clr-shutdown-hook = off }"), HoconAddMode.Prepend));
}
