using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using AkkaCluster = Akka.Cluster.Cluster;

namespace ActorAgents.Cluster;

/// <summary>
/// Has every bucket started, wherever it belongs, without anybody asking for one of its agents: one may hold a turn that has to go on. To ask for a bucket
/// that runs does nothing, so it asks for all of them now and then, and often for a while after nodes came or went.
/// </summary>
internal sealed class BucketWakerActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(10);

    /// <summary>Nodes that start together share the buckets from the beginning; otherwise the first would have them all and give most away.</summary>
    private static readonly TimeSpan AfterStart = TimeSpan.FromSeconds(2);

    /// <summary>15 s of them: longer than it takes from a node's removal until its buckets may be elsewhere.</summary>
    private const int SoonRounds = 30;

    private readonly IActorRef _region;
    private readonly AkkaCluster _cluster = AkkaCluster.Get(Context.System);
    private int _soon;

    public BucketWakerActor(IActorRef region)
    {
        _region = region;
        Receive<ClusterEvent.IMemberEvent>(MembersChanged);
        Receive<Round>(_ => WakeAll());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private sealed record Round : INoSerializationVerificationNeeded;

    public static Props Props(IActorRef region) => Akka.Actor.Props.Create(() => new BucketWakerActor(region));

    /// <summary>Asks once.</summary>
    public static void Wake(IActorRef region, IEnumerable<string> buckets)
    {
        foreach (var name in buckets) region.Tell(new ShardRegion.StartEntity(name), ActorRefs.NoSender);
    }

    protected override void PreStart() => _cluster.Subscribe(Self, ClusterEvent.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent));

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    private void MembersChanged(ClusterEvent.IMemberEvent change)
    {
        if (!change.Member.HasRole(ClusteredAgentsOptions.AgentsRole)) return;
        _soon = SoonRounds;
        Schedule(change is ClusterEvent.MemberUp ? AfterStart : Soon);
    }

    private void WakeAll()
    {
        if (_cluster.SelfMember.Status == MemberStatus.Up) Wake(_region, BucketExtractor.All);
        Schedule(_soon > 0 ? Soon : Later);
        if (_soon > 0) _soon--;
    }

    private void Schedule(TimeSpan delay) => Timers.StartSingleTimer(nameof(Round), new Round(), delay);
}
