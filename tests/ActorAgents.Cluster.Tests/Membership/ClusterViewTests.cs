using System.Diagnostics;
using ActorAgents.Cluster.Tests.Sharding;
using ActorAgents.Testing;
using Akka.Configuration;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ActorAgents.Cluster.Tests.Membership;

[Collection("clusters")]
public sealed class ClusterViewTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private static readonly RuntimeStatus Status = new() { IsReady = true, Agents = 1, LiveTurns = 2, WaitingTurns = 3, QueuedInputs = 4 };

    [Fact]
    public async Task Nodes_are_listed_with_their_buckets_and_what_each_told_and_one_that_is_cut_off_tells_nothing()
    {
        var lives = new Lives();
        await using var first = await TestNode.StartAsync(lives, [], hocon: TestNode.CanBeCutOff);
        await using var second = await TestNode.StartAsync(lives, [first], options => options.Roles.Add("gpu"), TestNode.CanBeCutOff);
        (first.RuntimeStatus, second.RuntimeStatus) = (Status, Status with { Agents = 11 });
        var view = first.Services.GetRequiredService<IClusterView>();
        IReadOnlyList<NodeView> nodes = [];

        await Eventually.Become("both have buckets", Soon, async () =>
        {
            nodes = await view.GetNodesAsync();
            return nodes.Count == 2 && nodes.All(node => node.Buckets > 0) && nodes.Sum(node => node.Buckets) == ClusterStatus.BucketCount;
        });
        Assert.Equal([(first.Name, true), (second.Name, false)], nodes.Select(node => (node.Name, node.IsSelf)));
        Assert.Equal(["agents", "agents gpu"], nodes.Select(node => string.Join(' ', node.Roles)));
        Assert.Equal([Status, Status with { Agents = 11 }], nodes.Select(node => node.Status));
        Assert.All(nodes, node => Assert.Equal(("Up", true), (node.State, node.IsReachable)));

        await first.CutOffAsync(second);
        var asked = Stopwatch.GetTimestamp();
        nodes = await view.GetNodesAsync();

        Assert.InRange(Stopwatch.GetElapsedTime(asked), TimeSpan.Zero, ClusterView.AnswerWithin * 3); // The machine may be busy.
        Assert.Equal([Status, null], nodes.Select(node => node.Status));
        Assert.True(nodes[0].Buckets > 0, "what the others have is still known");
        Assert.Null(nodes[1].Buckets);
        await Eventually.Become("it is known to be unreachable", Soon, async () => !(await view.GetNodesAsync())[^1].IsReachable);
    }

    [Fact]
    public async Task A_node_without_agents_sees_those_of_another()
    {
        await using var host = await StartAsync("127.0.0.1:0", hostsAgents: true);
        var seed = ClusterStatus.Of(host.System);
        await Eventually.Become("up", Soon, () => seed.NotReady is null);
        await using var api = await StartAsync(Assert.Single(seed.Nodes).Address, hostsAgents: false);
        var view = api.Services.GetRequiredService<IClusterView>();
        await Eventually.Become("both are up", Soon, () => seed.Nodes.Count(node => node.Status == "Up") == 2);
        await api.Agents["writer", "42"].RunAsync("Tell me a story").WaitAsync(Soon);

        IReadOnlyList<NodeView> nodes = [];
        await Eventually.Become("all buckets are seen", Soon, async () => (nodes = await view.GetNodesAsync()).Sum(node => node.Buckets) == ClusterStatus.BucketCount);

        Assert.Equal([(false, 256, 1L, 1L), (true, 0, 0L, 0L)], nodes.Select(node => (node.IsSelf, node.Buckets!.Value, node.Status!.Value.Agents, node.Status.Value.Completed)));
    }

    private static Task<AgentRuntime> StartAsync(string seed, bool hostsAgents) => AgentRuntime.StartAsync(
        agents => agents.AddProvider("default", ScriptedProvider.Always("Once.")).AddAgent("writer"),
        services => services.AddClusterStatus(),
        (akka, _) => akka
            .WithDurableAgents(DurableAgentsOptions.InMemory())
            .WithClusteredAgents(new ClusteredAgentsOptions { Port = 0, HostsAgents = hostsAgents, SeedNodes = { seed } })
            .AddHocon(ConfigurationFactory.ParseString("akka { loglevel = OFF, stdout-loglevel = OFF, coordinated-shutdown.run-by-clr-shutdown-hook = off }"), HoconAddMode.Prepend));
}
