using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Event;
using AkkaCluster = Akka.Cluster.Cluster;

namespace ActorAgents.Cluster;

/// <summary>Places buckets by cluster sharding: each is the one entity of a shard of its own, both named by its number.</summary>
internal sealed class ShardedPlacement(ClusterPlan plan) : IPlacement
{
    public const string TypeName = "agents";

    /// <summary>Where a node that hosts agents has its region, which knows its buckets.</summary>
    public const string RegionPath = $"/system/sharding/{TypeName}";

    /// <summary>Time for the coordinator to hand off all buckets, each within <c>akka.cluster.sharding.handoff-timeout</c>.</summary>
    private static readonly TimeSpan LeaveWithin = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(200);

    private static readonly BucketExtractor Extractor = new();

    private ActorSystem? _system;
    private IActorRef? _region;
    private IActorRef? _waker;
    private volatile IActorRef _agents = ActorRefs.Nobody;

    public IActorRef Agents => _agents;

    public async Task StartAsync(ActorSystem system, Func<int, Props> bucket, Func<RuntimeStatus> status)
    {
        _system = system;
        system.ActorOf(NodeStatusActor.Props(status), NodeStatusActor.Name);
        var sharding = ClusterSharding.Get(system);
        var cluster = AkkaCluster.Get(system);
        if (cluster.SelfRoles.Contains(ClusteredAgentsOptions.AgentsRole))
        {
            var settings = ClusterShardingSettings.Create(system).WithRole(ClusteredAgentsOptions.AgentsRole);
            _agents = _region = await sharding.StartAsync(
                TypeName, id => bucket(BucketExtractor.NumberOf(id)), settings, Extractor, sharding.DefaultShardAllocationStrategy(settings), AgentProtocol.HandOff.Instance).ConfigureAwait(false);
            _waker = system.ActorOf(BucketWakerActor.Props(_region), "bucket-waker");
        }
        else _agents = await sharding.StartProxyAsync(TypeName, ClusteredAgentsOptions.AgentsRole, Extractor).ConfigureAwait(false);
        cluster.JoinSeedNodes(plan.Seeds.Select(seed => seed == plan.Self ? cluster.SelfAddress : cluster.SelfAddress.WithHost(seed.Host).WithPort(seed.Port)));
    }

    public async Task LeaveAsync()
    {
        if (_region is not { } region || _system is not { } system) return;
        system.Stop(_waker);
        var gone = region.WatchAsync();
        var late = Task.Delay(LeaveWithin);
        if (IsMember(system)) await HandOffAsync(system, region, Task.WhenAny(gone, late)).ConfigureAwait(false);
        else system.Stop(region);
        if (await Task.WhenAny(gone, late).ConfigureAwait(false) == late)
        {
            system.Log.Warning("Buckets were not handed off within {0}; they are stopped.", LeaveWithin);
            system.Stop(region);
        }
    }

    private async Task HandOffAsync(ActorSystem system, IActorRef region, Task over)
    {
        var proxy = await ClusterSharding.Get(system).StartProxyAsync(TypeName, ClusteredAgentsOptions.AgentsRole, Extractor).ConfigureAwait(false);
        _agents = proxy;
        region.Tell(GracefulShutdown.Instance);
        if (!OthersHostAgents(system)) return;
        // A bucket that has been handed off starts elsewhere when somebody asks for it; one that has not yet takes no notice.
        while (!over.IsCompleted)
        {
            BucketWakerActor.WakeAll(proxy);
            await Task.WhenAny(over, Task.Delay(AskAgainAfter)).ConfigureAwait(false);
        }
        BucketWakerActor.WakeAll(proxy);
    }

    private static bool IsMember(ActorSystem system) =>
        AkkaCluster.Get(system) is { IsTerminated: false, SelfMember.Status: MemberStatus.Up or MemberStatus.WeaklyUp or MemberStatus.Leaving };

    private static bool OthersHostAgents(ActorSystem system)
    {
        var cluster = AkkaCluster.Get(system);
        return cluster.State.Members.Except(cluster.State.Unreachable).Any(member =>
            member.Status == MemberStatus.Up && member.HasRole(ClusteredAgentsOptions.AgentsRole) && member.UniqueAddress != cluster.SelfUniqueAddress);
    }
}
