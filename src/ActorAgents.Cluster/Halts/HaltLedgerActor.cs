using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Akka.Persistence;

namespace ActorAgents.Cluster;

/// <summary>
/// Keeps the halts: writes each change, sends the whole list to every node, collects who acknowledged it, and sends it again to those who did not until they
/// do or leave. There is one in a cluster.
/// </summary>
internal sealed class HaltLedgerActor : UntypedPersistentActor, IWithTimers
{
    public const string Id = "halts";

    /// <summary>So many can stand: the list goes to each node in one message, which has room for as many with the longest reasons, names and keys.</summary>
    public const int MaxStanding = 1_000;

    private const int SnapshotEvery = 100;
    private static readonly TimeSpan AcknowledgeWithin = TimeSpan.FromSeconds(2), SendAgainAfter = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly string _name;
    private readonly Akka.Cluster.Cluster? _cluster;
    private readonly Dictionary<string, HaltedNodeState> _nodes = [];
    private readonly List<HaltWait> _waits = [];
    private HaltList _halts = HaltList.Empty;

    public HaltLedgerActor(TimeProvider time, string name, bool isClustered)
    {
        (_time, _name) = (time, name);
        if (isClustered) _cluster = Akka.Cluster.Cluster.Get(Context.System);
        (JournalPluginId, SnapshotPluginId) = (JournalPlugins.Events, JournalPlugins.Snapshots);
    }

    /// <summary>On threads of Akka's own, like <see cref="HaltsActor"/>.</summary>
    /// <param name="name">Of this node.</param>
    public static Props Props(TimeProvider time, string name, bool isClustered) =>
        Akka.Actor.Props.Create(() => new HaltLedgerActor(time, name, isClustered)).WithDispatcher(DurableHalts.Dispatcher);

    public override string PersistenceId => Id;

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PostStop() => _cluster?.Unsubscribe(Self);

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer { Snapshot: HaltsSnapshot snapshot }: _halts = HaltList.Of(snapshot); break;
            case HaltStood stood: _halts = _halts.With(stood); break;
            case HaltReleased released: _halts = _halts.With(released); break;
            case RecoveryCompleted: Begin(); break;
            default: throw new InvalidOperationException($"The journal of the halts holds a {message.GetType().Name}, which is not known.");
        }
    }

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case HaltProtocol.Stand stand: Stand(stand); break;
            case HaltProtocol.Release release: Release(release); break;
            case HaltProtocol.GetHalts asks: Told(asks.Node, asks.Epoch, Sender); break;
            case HaltProtocol.Obeyed obeyed: Obeyed(obeyed); break;
            case HaltProtocol.GetHistory asks: HaltHistoryActor.Start(Context, Sender, Math.Min(asks.Before - 1, _halts.Epoch), asks.Max); break;
            case Late(var wait): Answer(wait); break;
            case SendAgain: Send(); break;
            case ClusterEvent.MemberUp or ClusterEvent.MemberWeaklyUp or ClusterEvent.MemberLeft: Joined(((ClusterEvent.IMemberEvent)message).Member); break;
            case ClusterEvent.MemberExited or ClusterEvent.MemberRemoved: Left(((ClusterEvent.IMemberEvent)message).Member); break;
            case ClusterEvent.IMemberEvent or SaveSnapshotSuccess: break;
            case SaveSnapshotFailure failure: Log.Warning(failure.Cause, "A snapshot of the halts could not be saved; the next one will be tried as usual."); break;
            case HaltProtocol.StopLedger: Context.Stop(Self); break;
            default: Unhandled(message); break;
        }
    }

    protected override void OnRecoveryFailure(Exception reason, object? message = null) => Log.Error(reason, "The halts could not be read. They will be tried again.");

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => Log.Error(cause, "Change {0} of the halts could not be stored.", sequenceNr);

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        Log.Error(cause, "The journal refused change {0} of the halts.", sequenceNr);
        Context.Stop(Self);
    }

    private void Begin()
    {
        Log.Info("{0} halts stand, after {1} changes.", _halts.Standing.Count, _halts.Epoch);
        if (_cluster is null) _nodes[_name] = new(Context.ActorSelection($"/user/{HaltsActor.Name}"));
        else _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent));
        Send();
    }

    private void Stand(HaltProtocol.Stand stand)
    {
        var asker = Sender;
        if (_halts.Done(stand.Request) is { } done) Wait(done, asker);
        else if (_halts.Standing.Count >= MaxStanding) asker.Tell(new HaltProtocol.Refused($"{MaxStanding} halts stand already. Release some, or halt more at once."));
        else
        {
            Persist(new HaltStood(_halts.Epoch + 1, stand.Scope, stand.Reason, stand.By, _time.GetUtcNow(), stand.Request), stood =>
            {
                Log.Info("Halt {0} on {1} stands. Asked for by {2}: {3}", stood.Epoch, stood.Scope, stood.By, stood.Reason);
                Changed(_halts.With(stood), asker);
            });
        }
    }

    private void Release(HaltProtocol.Release release)
    {
        var asker = Sender;
        if (_halts.Done(release.Request) is { } done) Wait(done, asker);
        else if (_halts.Find(release.Halt) is not { } halt || !halt.Scope.IsOf(release.Tenant)) asker.Tell(new HaltProtocol.Recorded(null, default, []));
        else
        {
            Persist(new HaltReleased(_halts.Epoch + 1, halt, release.By, _time.GetUtcNow(), release.Request), released =>
            {
                Log.Info("Halt {0} on {1} is released. Asked for by {2}.", released.Halt.Id, released.Halt.Scope, released.By);
                Changed(_halts.With(released), asker);
            });
        }
    }

    private void Changed(HaltList halts, IActorRef asker)
    {
        _halts = halts;
        Send();
        Wait(halts.Epoch, asker);
        if (LastSequenceNr % SnapshotEvery == 0) SaveSnapshot(halts.ToSnapshot());
    }

    /// <summary>Answers when every node that is there now has acknowledged, or after a while.</summary>
    private void Wait(long epoch, IActorRef asker)
    {
        var wait = new HaltWait(epoch, asker, _halts.Find(epoch)?.Since ?? _time.GetUtcNow(), [.. _nodes.Keys]);
        _waits.Add(wait);
        Timers.StartSingleTimer(wait, new Late(wait), AcknowledgeWithin);
        AnswerThose(other => ReferenceEquals(other, wait));
    }

    private void AnswerThose(Func<HaltWait, bool> who)
    {
        foreach (var wait in _waits.Where(wait => who(wait) && wait.Nodes.TrueForAll(node => HasObeyed(node, wait.Epoch) != false)).ToArray()) Answer(wait);
    }

    /// <summary>Null: the node has left.</summary>
    private bool? HasObeyed(string node, long epoch) => _nodes.TryGetValue(node, out var state) ? state.Epoch >= epoch : null;

    private void Answer(HaltWait wait)
    {
        if (!_waits.Remove(wait)) return;
        Timers.Cancel(wait);
        var nodes = wait.Nodes.Where(_nodes.ContainsKey)
            .Select(node => new HaltedNode(node, _nodes[node] is var state && state.Epoch >= wait.Epoch ? state.Stopped.GetValueOrDefault(wait.Epoch) : null)).ToArray();
        if (nodes.Where(node => node.Stopped is null).Select(node => node.Node).ToArray() is { Length: > 0 } silent)
            Log.Warning("Change {0} of the halts is not acknowledged yet by {1}. It is sent there until it is.", wait.Epoch, string.Join(", ", silent));
        wait.Asker.Tell(new HaltProtocol.Recorded(wait.Epoch, wait.Since, nodes));
    }

    private void Obeyed(HaltProtocol.Obeyed obeyed)
    {
        var state = StateOf(obeyed.Node, Sender);
        foreach (var (halt, turns) in obeyed.Stopped) state.Stopped[halt] = turns;
        if (obeyed.Epoch > state.Epoch) Log.Info("Node {0} acknowledged the halts up to change {1}.", obeyed.Node, obeyed.Epoch);
        Told(obeyed.Node, obeyed.Epoch, Sender);
    }

    /// <summary>A node says which list it has. One that was started anew has none, whatever was known of it.</summary>
    private void Told(string node, long epoch, IActorRef halts)
    {
        var state = StateOf(node, halts);
        if (epoch > _halts.Epoch) Log.Error("Node {0} has seen {1} changes of the halts, and the journal has {2}: it has lost some. Nodes obey what it says once they are started anew.", node, epoch, _halts.Epoch);
        state.Epoch = epoch > _halts.Epoch ? -1 : epoch;
        if (epoch < _halts.Epoch) SendTo(state);
        AnswerThose(static _ => true);
    }

    private HaltedNodeState StateOf(string node, IActorRef halts)
    {
        if (!_nodes.TryGetValue(node, out var state)) _nodes[node] = state = new(halts); // One without agents, or that the cluster has not told of yet.
        return state;
    }

    private void Send()
    {
        foreach (var state in _nodes.Values) if (state.Epoch < _halts.Epoch) SendTo(state);
        if (_nodes.Values.Any(state => state.Epoch < _halts.Epoch)) Timers.StartSingleTimer(nameof(SendAgain), SendAgain.Instance, SendAgainAfter);
    }

    private void SendTo(HaltedNodeState node) => node.Halts.Tell(new HaltProtocol.Halts(_halts.Epoch, _halts.Standing, node.Epoch), Self);

    private void Joined(Member member)
    {
        if (!member.HasRole(DurableHalts.Role)) return; // It asks if it wants to know.
        var name = ClusterStatus.NameOf(member.Address);
        if (_nodes.ContainsKey(name)) return;
        _nodes[name] = new(Context.ActorSelection($"{member.Address}/user/{HaltsActor.Name}"));
        Send();
    }

    private void Left(Member member)
    {
        if (_nodes.Remove(ClusterStatus.NameOf(member.Address))) AnswerThose(static _ => true);
    }

    private sealed record Late(HaltWait Wait) : INoSerializationVerificationNeeded;

    private sealed class SendAgain : INoSerializationVerificationNeeded
    {
        public static readonly SendAgain Instance = new();
    }
}

/// <summary>What the ledger knows of a node.</summary>
internal sealed class HaltedNodeState(ICanTell halts)
{
    public ICanTell Halts => halts;

    /// <summary>Of the list that it has; -1 when it has none or has not said.</summary>
    public long Epoch { get; set; } = -1;

    /// <summary>How many turns it stopped, by halt.</summary>
    public Dictionary<long, int> Stopped { get; } = [];
}

/// <summary>Somebody who waits for the nodes to acknowledge a change.</summary>
internal sealed class HaltWait(long epoch, IActorRef asker, DateTimeOffset since, List<string> nodes)
{
    public long Epoch => epoch;
    public IActorRef Asker => asker;
    public DateTimeOffset Since => since;
    public List<string> Nodes => nodes;
}
