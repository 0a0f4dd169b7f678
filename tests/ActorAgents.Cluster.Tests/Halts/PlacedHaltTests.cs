using ActorAgents.Testing;
using Akka.Configuration;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ActorAgents.Cluster.Tests.Halts;

/// <summary>A node with agents, and one that uses them and has no journal.</summary>
public sealed class PlacedHaltTests
{
    private readonly Gate _gate = new();

    [Fact]
    public async Task A_node_without_agents_halts_those_of_the_others()
    {
        await using var host = await StartAsync("127.0.0.1:0", hostsAgents: true, DurableAgentsOptions.InMemory());
        var address = DurableHalts.NameOf(Akka.Cluster.Cluster.Get(host.System).SelfAddress);
        await using var user = await StartAsync(address, hostsAgents: false, null);
        var turn = await user.Agents.For("acme")["writer", "1"].StartAsync("go");
        await _gate.ReachedAsync();

        var halt = await user.Agents.HaltAsync(HaltScope.Tenant("acme"), "over budget");

        Assert.Equal([0, 1], halt.Nodes.Select(node => node.Stopped).Order());
        Assert.Equal(1, halt.Nodes.Single(node => node.Node == address).Stopped);
        var events = new List<TurnEvent>();
        await foreach (var next in turn.ReadAsync()) events.Add(next);
        Assert.Equal(InterruptReason.Halted, Assert.IsType<TurnInterrupted>(events[^1]).Reason);
        await Assert.ThrowsAsync<AgentHaltedException>(() => user.Agents.For("acme")["writer", "2"].RunAsync("go"));
        Assert.Equal([halt], user.Agents.Halts);
        Assert.Equal([halt], host.Agents.Halts);
        Assert.True(await user.Agents.ReleaseAsync(halt.Id));
        Assert.Equal([2L, 1], (await user.Agents.GetHaltHistoryAsync()).Select(entry => entry.Epoch));
        _gate.Open();
        Assert.Equal("AB", (await user.Agents.For("acme")["writer", "2"].RunAsync("go")).Content);
    }

    [Fact]
    public async Task A_node_with_agents_does_not_start_without_a_journal_for_the_halts() => Assert.Contains("WithDurableAgents",
        (await Assert.ThrowsAsync<AgentConfigurationException>(() => StartAsync("127.0.0.1:0", hostsAgents: true, null))).Message, StringComparison.Ordinal);

    private Task<AgentRuntime> StartAsync(string seed, bool hostsAgents, DurableAgentsOptions? journal) => AgentRuntime.StartAsync(
        agents => agents.AddProvider("default", ScriptedProvider.Always(Script.Text("A").Stall(_gate).Text("B"))).AddAgent("writer"),
        services => services.AddHealthChecks(),
        (akka, _) =>
        {
            if (journal is not null) akka.WithDurableAgents(journal);
            akka.WithClusteredAgents(new ClusteredAgentsOptions { Port = 0, HostsAgents = hostsAgents, SeedNodes = { seed } })
                .AddHocon(ConfigurationFactory.ParseString("akka { loglevel = OFF, stdout-loglevel = OFF, coordinated-shutdown.run-by-clr-shutdown-hook = off }"), HoconAddMode.Prepend);
        });
}
