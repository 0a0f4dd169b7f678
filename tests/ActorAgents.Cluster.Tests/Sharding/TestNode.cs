using System.Collections.Concurrent;
using Akka;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Hosting;
using Akka.Remote;
using Akka.Remote.Transport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using AkkaCluster = Akka.Cluster.Cluster;

namespace ActorAgents.Cluster.Tests.Sharding;

/// <summary>A node of a cluster in this process, with buckets of a test.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly IHostedService[] _hosted;

    private TestNode(ServiceProvider services)
    {
        _services = services;
        _hosted = [.. services.GetServices<IHostedService>()];
    }

    public ActorSystem System => _services.GetRequiredService<ActorSystem>();
    public IServiceProvider Services => _services;
    public IPlacement Placement => System.Settings.Setup.Get<PlacementSetup>().Value.Placement;
    public ClusterStatus Status => _services.GetRequiredService<ClusterStatus>();
    public Address Address => AkkaCluster.Get(System).SelfAddress;
    public RuntimeStatus RuntimeStatus { get; set; }
    public ConcurrentQueue<string> Warnings { get; } = new();
    public string Name => $"{Address.Host}:{Address.Port}";

    /// <summary>Starts a node; without seeds it begins a cluster.</summary>
    public static async Task<TestNode> StartAsync(Lives lives, IEnumerable<TestNode> seeds, Action<ClusteredAgentsOptions>? configure = null, string hocon = "")
    {
        var options = new ClusteredAgentsOptions { Port = 0 };
        foreach (var seed in seeds) options.SeedNodes.Add(seed.Name);
        if (options.SeedNodes.Count == 0) options.SeedNodes.Add("127.0.0.1:0");
        configure?.Invoke(options);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddHealthChecks();
        services.AddSingleton<IHostApplicationLifetime, NoLifetime>();
        services.AddClusterStatus();
        services.AddAkka("ActorAgents", akka => akka
            .WithClusteredAgents(options)
            .AddHocon(ConfigurationFactory.ParseString(hocon + "\nakka { loglevel = WARNING, loggers = [], stdout-loglevel = OFF, coordinated-shutdown.run-by-clr-shutdown-hook = off }"), HoconAddMode.Prepend)
            .WithCustomSerializer("where-is", [typeof(WhereIs)], system => new WhereIsSerializer(system)));
        var node = new TestNode(services.BuildServiceProvider());
        foreach (var service in node._hosted) await service.StartAsync(CancellationToken.None);
        await node.Placement.StartAsync(node.System, number => Props.Create(() => new TestBucket(number, node.Name, lives)), () => node.RuntimeStatus);
        node.System.EventStream.Subscribe(node.System.ActorOf(Props.Create(() => new Listener(node.Warnings))), typeof(Warning));
        // As the runtime does before it ends its turns.
        CoordinatedShutdown.Get(node.System).AddTask(CoordinatedShutdown.PhaseServiceUnbind, "leave", async () =>
        {
            await node.Placement.LeaveAsync();
            return Done.Instance;
        });
        return node;
    }

    /// <summary>Where the bucket of an agent is, as its answer to this node tells; null when there is none within a second.</summary>
    public async Task<string?> WhereIsAsync(string key)
    {
        try { return await Placement.Agents.Ask<string>(new WhereIs(new AgentId("test", key)), TimeSpan.FromSeconds(1)); }
        catch (AskTimeoutException) { return null; }
    }

    /// <summary>Nothing more comes from these nodes or gets to them, and nobody is told.</summary>
    public async Task CutOffAsync(params TestNode[] others)
    {
        var transport = ((IRemoteActorRefProvider)((ExtendedActorSystem)System).Provider).Transport;
        foreach (var other in others)
            await transport.ManagementCommand(new SetThrottle(other.Address, ThrottleTransportAdapter.Direction.Both, Blackhole.Instance));
    }

    /// <summary>For <see cref="CutOffAsync"/>.</summary>
    public const string CanBeCutOff = "akka.remote.dot-netty.tcp.applied-adapters = [trttl]";

    /// <summary>As its host would.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var service in _hosted.Reverse()) await service.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
    }

    private sealed class Listener : ReceiveActor
    {
        public Listener(ConcurrentQueue<string> heard) => Receive<Warning>(warning => heard.Enqueue(warning.ToString()));
    }

    private sealed class NoLifetime : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => CancellationToken.None;
        public CancellationToken ApplicationStopping => CancellationToken.None;
        public CancellationToken ApplicationStopped => CancellationToken.None;
        public void StopApplication() { }
    }
}

internal static class Eventually
{
    /// <summary>Asks again and again until it is so.</summary>
    public static async Task Become(string what, TimeSpan within, Func<Task<bool>> so)
    {
        var start = TimeProvider.System.GetTimestamp();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await so())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < within, $"Not within {within}: {what}");
            await pace.WaitForNextTickAsync();
        }
    }

    public static Task Become(string what, TimeSpan within, Func<bool> so) => Become(what, within, () => Task.FromResult(so()));
}
