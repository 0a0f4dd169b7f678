using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Event;
using AkkaCluster = Akka.Cluster.Cluster;

namespace ActorAgents.Cluster;

/// <summary>Places buckets by cluster sharding.</summary>
internal sealed class ShardedPlacement(ClusterPlan plan) : IPlacement
{
    public const string TypeName = "agents";

    /// <summary>Where a node that hosts agents has its region, which knows its buckets.</summary>
    public const string RegionPath = $"/system/sharding/{TypeName}";

    /// <summary>
    /// Time for the coordinator to move the shards a few at a time, 22 of which take 2 s where nobody else needs the processor, or for a node to be excluded that crashed
    /// when this one began to leave: meanwhile nothing can be moved.
    /// </summary>
    private static readonly TimeSpan MoveWithin = TimeSpan.FromSeconds(9);

    /// <summary>Time for it to hand off those that are left: a little more than <c>akka.cluster.sharding.handoff-timeout</c>.</summary>
    private static readonly TimeSpan HandOffWithin = TimeSpan.FromSeconds(9);

    private static readonly TimeSpan StopsWithin = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan AnnouncedWithin = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(100);

    private static readonly BucketExtractor Extractor = new();

    private ActorSystem? _system;
    private IActorRef? _region;
    private IActorRef? _waker;
    private LeavingNodes? _leaving;
    private volatile IActorRef _agents = ActorRefs.Nobody;

    /// <summary>A proxy on every node: what comes for a shard that is on its way waits there.</summary>
    public IActorRef Agents => _agents;

    public async Task StartAsync(ActorSystem system, Func<int, Props> bucket, Func<RuntimeStatus> status)
    {
        _system = system;
        var sharding = ClusterSharding.Get(system);
        var cluster = AkkaCluster.Get(system);
        _leaving = new LeavingNodes(cluster);
        system.ActorOf(NodeActor.Props(status, _leaving), NodeActor.Name);
        if (cluster.SelfRoles.Contains(ClusteredAgentsOptions.AgentsRole))
        {
            var settings = ClusterShardingSettings.Create(system).WithRole(ClusteredAgentsOptions.AgentsRole);
            var allocation = new BucketAllocation(_leaving.HasNodeOf, () => cluster.State.Unreachable.Count == 0,
                sharding.DefaultShardAllocationStrategy(settings), settings.TuningParameters.LeastShardAllocationAbsoluteLimit);
            _region = await sharding.StartAsync(
                TypeName, id => bucket(BucketExtractor.NumberOf(id)), settings, Extractor, allocation, AgentProtocol.HandOff.Instance).ConfigureAwait(false);
            _waker = system.ActorOf(BucketWakerActor.Props(_region), "bucket-waker");
        }
        _agents = await sharding.StartProxyAsync(TypeName, ClusteredAgentsOptions.AgentsRole, Extractor).ConfigureAwait(false);
        system.ActorOf(DroppedMessagesActor.Props(_agents), "dropped-messages");
        cluster.JoinSeedNodes(plan.Seeds.Select(seed => seed == plan.Self ? cluster.SelfAddress : cluster.SelfAddress.WithHost(seed.Host).WithPort(seed.Port)));
    }

    public async Task LeaveAsync()
    {
        if (_region is not { } region || _system is not { } system) return;
        system.Stop(_waker);
        var stopped = region.WatchAsync();
        if (IsMember(system) && !await HandOffAsync(system, region, stopped).ConfigureAwait(false))
            system.Log.Warning("Buckets were not handed off within {0}; they are stopped.", MoveWithin + HandOffWithin);
        system.Stop(region);
        await Task.WhenAny(stopped, Task.Delay(StopsWithin)).ConfigureAwait(false);
    }

    /// <returns>False when it takes too long.</returns>
    private async Task<bool> HandOffAsync(ActorSystem system, IActorRef region, Task stopped)
    {
        var goElsewhere = OthersStay(system) ? ShardsOf(region) : [];
        if (goElsewhere.Count > 0)
        {
            await SayThatItLeavesAsync(system).ConfigureAwait(false);
            await UntilAsync(() => ShardsOf(region).Count == 0 || !OthersStay(system), MoveWithin).ConfigureAwait(false);
        }
        region.Tell(GracefulShutdown.Instance);
        return await UntilAsync(() => stopped.IsCompleted, HandOffWithin).ConfigureAwait(false);

        async Task<bool> UntilAsync(Func<bool> done, TimeSpan within)
        {
            var start = TimeProvider.System.GetTimestamp();
            while (true)
            {
                var isDone = done();
                var gone = goElsewhere.Except(ShardsOf(region)).ToHashSet();
                BucketWakerActor.Wake(_agents, BucketExtractor.All.Where(bucket => gone.Contains(BucketExtractor.ShardOf(bucket)))); // What has been handed off starts elsewhere when somebody asks for it.
                if (isDone || TimeProvider.System.GetElapsedTime(start) > within) return isDone;
                await Task.WhenAny(stopped, Task.Delay(AskAgainAfter)).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Nodes that do not answer in time may learn of it by <see cref="GracefulShutdown"/>.</summary>
    private static Task SayThatItLeavesAsync(ActorSystem system)
    {
        var self = AkkaCluster.Get(system).SelfUniqueAddress;
        var status = ClusterStatus.Of(system);
        var leaves = new NodeLeaves(self.Address.Host!, self.Address.Port!.Value, self.Uid);
        return Task.WhenAll(status.Nodes.Where(node => node.HostsAgents).Select(node => status.AskAsync(node, NodeActor.Path, leaves, AnnouncedWithin, CancellationToken.None)));
    }

    /// <summary>The names of the shards that are here: a region's children.</summary>
    private static HashSet<string> ShardsOf(IActorRef region) => [.. ((ActorRefWithCell)region).Children.Select(shard => shard.Path.Name)];

    private static bool IsMember(ActorSystem system) =>
        AkkaCluster.Get(system) is { IsTerminated: false, SelfMember.Status: MemberStatus.Up or MemberStatus.WeaklyUp or MemberStatus.Leaving };

    private bool OthersStay(ActorSystem system)
    {
        var cluster = AkkaCluster.Get(system);
        return cluster.State.Members.Except(cluster.State.Unreachable).Any(member =>
            member.Status == MemberStatus.Up && member.HasRole(ClusteredAgentsOptions.AgentsRole) && member.UniqueAddress != cluster.SelfUniqueAddress && !_leaving!.Has(member));
    }
}
