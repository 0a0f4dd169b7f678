using ActorAgents.Testing;
using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Hosting;
using Akka.Remote;
using Akka.Remote.Hosting;
using Akka.Remote.Transport;

namespace ActorAgents.Cluster.Tests.Halts;

/// <summary>A runtime whose agents live here and whose halts are kept with others: on a cluster, or alone.</summary>
internal sealed class HaltNode : IAsyncDisposable
{
    private HaltNode(AgentRuntime runtime, Gate gate) => (Runtime, Gate) = (runtime, gate);

    public AgentRuntime Runtime { get; }
    public IAgents Agents => Runtime.Agents;

    /// <summary>Where its turns stop after their first words.</summary>
    public Gate Gate { get; }

    public Akka.Cluster.Cluster Cluster => Akka.Cluster.Cluster.Get(Runtime.System);
    public string Address => DurableHalts.NameOf(Cluster.SelfAddress);

    public static Task<HaltNode> AloneAsync(DurableAgentsOptions options) => StartAsync((akka, _) => akka.WithDurableAgents(options));

    /// <param name="seed">A node of the cluster to join; null to begin one.</param>
    public static Task<HaltNode> InClusterAsync(DurableAgentsOptions options, HaltNode? seed) => StartAsync((akka, _) => akka
        .WithDurableAgents(options)
        .WithRemoting("127.0.0.1", 0)
        .WithClustering(new ClusterOptions { Roles = [DurableHalts.Role] })
        .AddHocon(Hocon, HoconAddMode.Prepend)
        .AddStartup((system, _) => Akka.Cluster.Cluster.Get(system).Join(seed is null ? Akka.Cluster.Cluster.Get(system).SelfAddress : seed.Cluster.SelfAddress)));

    public static async Task<HaltNode[]> ThreeAsync(DurableAgentsOptions options)
    {
        var first = await InClusterAsync(options, null);
        var others = await Task.WhenAll(InClusterAsync(options, first), InClusterAsync(options, first));
        return [first, .. others];
    }

    /// <summary>Nothing that one sends reaches the other, or all does again.</summary>
    public static async Task CutAsync(HaltNode one, HaltNode other, bool cut)
    {
        ThrottleMode mode = cut ? Blackhole.Instance : Unthrottled.Instance;
        foreach (var (from, to) in new[] { (one, other), (other, one) })
            Assert.True(await ((RemoteActorRefProvider)((ExtendedActorSystem)from.Runtime.System).Provider).Transport.ManagementCommand(new SetThrottle(to.Cluster.SelfAddress, ThrottleTransportAdapter.Direction.Both, mode)));
    }

    /// <summary>Starts a turn that waits for its provider.</summary>
    public async Task<Task<AgentResponse>> RunAsync(string tenant, string key = "1")
    {
        var before = Gate.Arrivals;
        var turn = Agents.For(tenant)["writer", key].RunAsync("go");
        await Gate.ReachedAsync((int)before + 1);
        return turn;
    }

    public async ValueTask DisposeAsync() => await Runtime.DisposeAsync();

    private static async Task<HaltNode> StartAsync(Action<AkkaConfigurationBuilder, IServiceProvider> akka)
    {
        var gate = new Gate();
        var provider = ScriptedProvider.Always(Script.Text("A").Stall(gate).Text("B"), keepRequests: false);
        return new(await AgentRuntime.StartAsync(agents => agents.AddProvider("default", provider).AddAgent("writer"), akka: akka), gate);
    }

    private const string Hocon = """
        akka.remote.dot-netty.tcp.applied-adapters = ["trttl"]
        akka.remote.retry-gate-closed-for = 500ms
        akka.cluster.failure-detector { heartbeat-interval = 500ms, acceptable-heartbeat-pause = 2s }
        akka.cluster.gossip-interval = 200ms
        akka.cluster.leader-actions-interval = 200ms
        akka.cluster.singleton.hand-over-retry-interval = 200ms
        akka.cluster.singleton-proxy.singleton-identification-interval = 200ms
        akka.coordinated-shutdown.exit-clr = off
        """;
}
