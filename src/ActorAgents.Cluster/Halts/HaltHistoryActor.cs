using Akka.Actor;
using Akka.Event;
using Akka.Persistence;

namespace ActorAgents.Cluster;

/// <summary>
/// Reads one page of the ledger's journal, tells it and stops. It writes nothing. Snapshots, of which none is deleted either, let it begin near the page.
/// </summary>
internal sealed class HaltHistoryActor : UntypedPersistentActor
{
    private readonly IActorRef _asker;
    private readonly long _first, _last;
    private readonly List<HaltProtocol.HistoryEntry> _entries = [];

    public HaltHistoryActor(IActorRef asker, long first, long last)
    {
        (_asker, _first, _last) = (asker, first, last);
        (JournalPluginId, SnapshotPluginId) = (JournalPlugins.Events, JournalPlugins.Snapshots);
    }

    /// <summary>Answers with a <see cref="HaltProtocol.History"/>, or not at all when the journal cannot be read.</summary>
    /// <param name="last">The epoch of the page's newest entry.</param>
    public static void Start(IActorContext context, IActorRef asker, long last, int max)
    {
        if (last < 1) asker.Tell(new HaltProtocol.History([]));
        else context.ActorOf(Props.Create(() => new HaltHistoryActor(asker, Math.Max(1, last - max + 1), last)));
    }

    public override string PersistenceId => HaltLedgerActor.Id;

    public override Recovery Recovery => new(_first == 1 ? SnapshotSelectionCriteria.None : new SnapshotSelectionCriteria(_first - 1), _last);

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case HaltStood stood: Add(new(stood.Epoch, HaltAction.Stood, stood.ToHalt(), stood.By, stood.At)); break;
            case HaltReleased released: Add(new(released.Epoch, HaltAction.Released, released.Halt, released.By, released.At)); break;
            case RecoveryCompleted:
                _entries.Reverse();
                _asker.Tell(new HaltProtocol.History(_entries));
                Context.Stop(Self);
                break;
        }
    }

    protected override void OnCommand(object message) => Unhandled(message);

    protected override void OnRecoveryFailure(Exception reason, object? message = null) => Log.Warning(reason, "The history of the halts could not be read.");

    private void Add(HaltProtocol.HistoryEntry entry)
    {
        if (entry.Epoch >= _first) _entries.Add(entry);
    }
}
