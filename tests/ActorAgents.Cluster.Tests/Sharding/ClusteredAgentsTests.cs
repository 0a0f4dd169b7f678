using ActorAgents.Cluster.Tests.Databases;
using ActorAgents.Testing;
using Akka.Configuration;
using Akka.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.DependencyInjection;

namespace ActorAgents.Cluster.Tests.Sharding;

/// <summary>The runtime itself on several nodes.</summary>
[Collection("clusters")]
public sealed class ClusteredAgentsTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_node_without_agents_uses_those_of_another_and_all_leave_without_a_trace()
    {
        var before = Directory.GetFileSystemEntries(Directory.GetCurrentDirectory()).ToHashSet();
        await using (var host = await StartAsync("127.0.0.1:0", hostsAgents: true))
        {
            var status = ClusterStatus.Of(host.System);
            await Eventually.Become("up", Soon, () => status.NotReady is null);
            Assert.Contains("register it on all", (await Assert.ThrowsAsync<ArgumentException>(() => host.Agents["writer", "42"].AddToolAsync(new ScriptedTool("own")))).Message);
            await using (var api = await StartAsync(Assert.Single(status.Nodes).Address, hostsAgents: false))
            {
                await Eventually.Become("ready", Soon, async () => (await ReportAsync(api)).Status == HealthStatus.Healthy);
                Assert.Equal("Once.", (await api.Agents["writer", "42"].RunAsync("Tell me a story").WaitAsync(Soon)).Content);
                Assert.Equal(2, (await api.Agents["writer", "42"].GetMessagesAsync()).Count);
                Assert.Equal(0, api.Agents.Status.Agents);
                Assert.Equal(1, host.Agents.Status.Agents);
                Assert.Equal(["agents"], status.Nodes.Single(node => node.IsSelf).Roles);
            }
            await Eventually.Become("the api has left", Soon, () => status.Nodes.Count == 1);
        }
        Assert.Equal(before, Directory.GetFileSystemEntries(Directory.GetCurrentDirectory()).ToHashSet());
    }

    [Fact]
    public async Task Who_waits_for_the_end_of_a_turn_waits_on_when_it_goes_to_another_node()
    {
        await using var database = await TestDatabase.CreateAsync(JournalKind.Sqlite);
        var first = await StartAsync("127.0.0.1:0", hostsAgents: true, Script.Stall(out var begins).Text("Never."), database);
        var status = ClusterStatus.Of(first.System);
        await Eventually.Become("up", Soon, () => status.NotReady is null);
        var seed = Assert.Single(status.Nodes).Address;
        await using var api = await StartAsync(seed, hostsAgents: false, Script.Text("Nowhere."), database);
        var agent = api.Agents["writer", "42"];
        var turn = await agent.StartAsync("Tell me a story").WaitAsync(Soon);
        await begins.ReachedAsync();
        var ended = agent.WhenEndedAsync(turn.Id);
        Assert.Equal([turn.Id], await agent.GetTurnsAsync().WaitAsync(Soon)); // The agent has the question by now.

        await using var second = await StartAsync(seed, hostsAgents: true, Script.Stall(out var goesOn).Text("Once."), database);
        await Eventually.Become("three nodes", Soon, () => ClusterStatus.Of(second.System) is { NotReady: null, Nodes.Count: 3 });
        await first.DisposeAsync();
        await goesOn.ReachedAsync();
        Assert.False(ended.IsCompleted, "It was told of an end.");
        goesOn.Open();
        await ended.WaitAsync(Soon);

        Assert.EndsWith("Once.", (await agent.GetMessagesAsync().WaitAsync(Soon))[^1].Text);
    }

    [Fact]
    public async Task A_node_that_finds_no_cluster_is_not_ready()
    {
        await using var node = await StartAsync("127.0.0.1:1", hostsAgents: true);
        var entry = (await ReportAsync(node)).Entries["actoragents-cluster"];
        Assert.Equal(HealthStatus.Unhealthy, entry.Status);
        Assert.Equal("This node has not joined the cluster.", entry.Description);
        Assert.Contains("actoragents", entry.Tags);
    }

    private static Task<HealthReport> ReportAsync(AgentRuntime node) => node.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

    private static Task<AgentRuntime> StartAsync(string seed, bool hostsAgents, ChatScript? script = null, TestDatabase? database = null) => AgentRuntime.StartAsync(
        agents => agents.AddProvider("default", ScriptedProvider.Always(script ?? Script.Text("Once."))).AddAgent("writer", a => a.WithDurability(database is null ? Durability.None : Durability.Turn)),
        services => services.AddHealthChecks(),
        (akka, _) => akka
            .WithDurableAgents(database?.Options() ?? DurableAgentsOptions.InMemory())
            .WithClusteredAgents(new ClusteredAgentsOptions { Port = 0, HostsAgents = hostsAgents, SeedNodes = { seed } })
            .AddHocon(ConfigurationFactory.ParseString("akka { loglevel = OFF, stdout-loglevel = OFF, coordinated-shutdown.run-by-clr-shutdown-hook = off }"), HoconAddMode.Prepend));
}
