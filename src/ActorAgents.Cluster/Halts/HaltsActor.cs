using Akka.Actor;
using Akka.Cluster;

namespace ActorAgents.Cluster;

/// <summary>
/// Keeps the node's copy of the halts: takes what the ledger sends, and asks for it at the start, when nodes can be reached again, and every few seconds,
/// since what is sent to a node that is cut off is lost.
/// </summary>
internal sealed class HaltsActor : UntypedActor, IWithTimers
{
    /// <summary>Where the ledger finds it on every node.</summary>
    public const string Name = "halts";

    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(3), AskAtStart = TimeSpan.FromMilliseconds(200);

    private readonly AgentNode _node;
    private readonly IActorRef _ledger;
    private readonly string _name;
    private readonly Akka.Cluster.Cluster? _cluster;
    private readonly Dictionary<long, int> _stopped = []; // By the halts that stand.

    public HaltsActor(AgentNode node, IActorRef ledger, string name, bool isClustered)
    {
        (_node, _ledger, _name) = (node, ledger, name);
        if (isClustered) _cluster = Akka.Cluster.Cluster.Get(Context.System);
    }

    /// <summary>On a cluster it has threads of Akka's own (Cluster.conf): those of turns may all be at work, which a halt is to end.</summary>
    /// <param name="name">The node's, for the ledger.</param>
    public static Props Props(AgentNode node, IActorRef ledger, string name, bool isClustered) =>
        Akka.Actor.Props.Create(() => new HaltsActor(node, ledger, name, isClustered)).WithDispatcher(DurableHalts.Dispatcher);

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        _cluster?.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.ReachableMember));
        Ask();
    }

    protected override void PostStop() => _cluster?.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case HaltProtocol.Halts halts: Obey(halts); break;
            case AskNow or ClusterEvent.ReachableMember: Ask(); break;
            default: Unhandled(message); break;
        }
    }

    private void Ask()
    {
        _ledger.Tell(new HaltProtocol.GetHalts(_name, _node.Halts.Epoch));
        Timers.StartSingleTimer(Name, AskNow.Instance, _node.Halts.IsKnown ? AskAgain : AskAtStart);
    }

    private void Obey(HaltProtocol.Halts halts)
    {
        foreach (var (halt, turns) in _node.Obey([.. halts.Standing.Select(halt => halt.ToHalt())], halts.Epoch)) _stopped[halt.Value] = turns;
        var standing = _node.Halts.Standing.Select(halt => halt.Id.Value).ToHashSet();
        foreach (var halt in _stopped.Keys.Where(halt => !standing.Contains(halt)).ToArray()) _stopped.Remove(halt);
        Sender.Tell(new HaltProtocol.Obeyed(_name, _node.Halts.Epoch,
            [.. _stopped.Where(stopped => stopped.Key > halts.Known && stopped.Value > 0).Select(stopped => new HaltProtocol.StoppedTurns(stopped.Key, stopped.Value))]));
    }

    private sealed class AskNow : INoSerializationVerificationNeeded
    {
        public static readonly AskNow Instance = new();
    }
}
