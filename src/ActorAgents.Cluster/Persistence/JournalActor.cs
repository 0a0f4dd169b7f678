using Akka.Actor;
using Akka.Event;
using Akka.Persistence;

namespace ActorAgents.Cluster;

/// <summary>
/// Keeps something as events and a snapshot every so many of them. It stops when it cannot read or write; its parent starts another later. What is
/// older than the newest snapshot is deleted, but for the events since the snapshot before: a second writer of the same journal that is behind must
/// find the number taken that it writes next.
/// </summary>
internal abstract class JournalActor : UntypedPersistentActor
{
    private const string Undeleted = "What a journal needs no more could not be deleted; it will be with a later snapshot.";

    private readonly int _snapshotEvery;
    private long _snapshot;       // The number of the newest; 0 without one.
    private bool _tidies;         // Saves a snapshot, then deletes what that stands for.
    private Action? _whenTidy;

    /// <param name="snapshotEvery">Events from one snapshot to the next.</param>
    protected JournalActor(string persistenceId, int snapshotEvery)
    {
        PersistenceId = persistenceId;
        _snapshotEvery = snapshotEvery;
        JournalPluginId = JournalPlugins.Events; // Not the default ones, which are the application's.
        SnapshotPluginId = JournalPlugins.Snapshots;
    }

    public override string PersistenceId { get; }

    /// <summary>What the events so far add up to, as it is stored.</summary>
    protected abstract object Snapshot { get; }

    /// <summary>Takes in what was stored: a snapshot, an event.</summary>
    protected abstract void Recover(object stored);

    protected abstract void Recovered();

    protected abstract void OnMessage(object message);

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer offer:
                _snapshot = offer.Metadata.SequenceNr;
                Recover(offer.Snapshot);
                break;
            case RecoveryCompleted: Recovered(); break;
            default: Recover(message); break;
        }
    }

    protected sealed override void OnCommand(object message)
    {
        switch (message)
        {
            case SaveSnapshotSuccess saved: SnapshotSaved(saved.Metadata.SequenceNr); break;
            case SaveSnapshotFailure failed: Undone("A journal's snapshot could not be saved; it will be with a later event.", failed.Cause); break;
            case DeleteMessagesSuccess: DeleteSnapshots(new SnapshotSelectionCriteria(_snapshot - 1)); break;
            case DeleteMessagesFailure failed: Undone(Undeleted, failed.Cause); break;
            case DeleteSnapshotsSuccess: Tidied(); break;
            case DeleteSnapshotsFailure failed: Undone(Undeleted, failed.Cause); break;
            default: OnMessage(message); break;
        }
    }

    /// <summary>To be called after each event that was stored and taken in.</summary>
    protected void Stored()
    {
        if (_tidies || LastSequenceNr - _snapshot < _snapshotEvery) return;
        _tidies = true;
        SaveSnapshot(Snapshot);
    }

    /// <summary>Runs at once, or when no snapshot is being saved and nothing deleted any more: databases do not like to delete the same twice at a time.</summary>
    protected void WhenTidy(Action action)
    {
        if (_tidies) _whenTidy = action;
        else action();
    }

    private void SnapshotSaved(long number)
    {
        var before = _snapshot;
        _snapshot = number;
        if (before == 0) Tidied();
        else DeleteMessages(before);
    }

    private void Undone(string what, Exception cause)
    {
        Log.Warning(cause, what);
        Tidied();
    }

    private void Tidied()
    {
        _tidies = false;
        if (_whenTidy is not { } action) return;
        _whenTidy = null;
        action();
    }

    // Those of the base class name the persistence id, which holds the agent's key.
    protected override void OnRecoveryFailure(Exception reason, object? message = null) => Log.Error(reason, "A journal could not be read.");

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) =>
        Log.Warning(cause, "A journal could not be written: event {0} was not stored.", sequenceNr);

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        Log.Error(cause, "A journal refused event {0}, which cannot be stored.", sequenceNr);
        Context.Stop(Self);
    }
}
