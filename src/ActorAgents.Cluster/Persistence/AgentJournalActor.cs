using Akka.Actor;
using Akka.Event;
using Akka.Persistence;

namespace ActorAgents.Cluster;

/// <summary>Keeps the journal of one agent, its parent; see <see cref="JournalProtocol"/>. Each batch is one event, whose number is the batch's.</summary>
internal sealed class AgentJournalActor : JournalActor
{
    private readonly TimeSpan _keepLogsFor;
    private AgentState _state = AgentState.Empty;
    private Guid _writer;
    private long _number;    // Of the last batch that was taken, stored or on its way.

    public AgentJournalActor(AgentId id, TimeSpan keepLogsFor, int snapshotEvery) : base(PersistenceIds.Of(id), snapshotEvery) => _keepLogsFor = keepLogsFor;

    public static Props Props(AgentId id, TimeSpan keepLogsFor, int snapshotEvery) =>
        Akka.Actor.Props.Create(typeof(AgentJournalActor), id, keepLogsFor, snapshotEvery);

    protected override object Snapshot => new AgentSnapshot(Pruned(), _writer);

    protected override void Recover(object stored)
    {
        switch (stored)
        {
            case AgentSnapshot snapshot:
                (_state, _writer) = (snapshot.State, snapshot.Writer);
                break;
            case JournalBatch batch: Apply(batch); break;
            case Forgotten:
                (_state, _writer) = (AgentState.Empty, default);
                break;
            default: throw new InvalidOperationException($"The journal of an agent holds a {stored.GetType().Name}, which is not known.");
        }
    }

    protected override void Recovered()
    {
        _number = LastSequenceNr;
        _state = Pruned();
        Context.Parent.Tell(new JournalProtocol.Recovered(_state, _number, _writer));
    }

    protected override void OnMessage(object message)
    {
        switch (message)
        {
            case JournalProtocol.Write write: Write(write); break;
            case JournalProtocol.Erase: Erase(); break;
            default: Unhandled(message); break;
        }
    }

    private void Write(JournalProtocol.Write write)
    {
        if (write.Number != _number + 1)
        {
            Log.Error("The batch after number {0} came as number {1}.", _number, write.Number);
            Context.Stop(Self);
            return;
        }
        _number++;
        Persist(write.Batch, batch => // One at a time: nothing may follow one that is refused.
        {
            Apply(batch);
            Stored();
            Context.Parent.Tell(new JournalProtocol.Written(LastSequenceNr));
        });
    }

    private void Erase() => PersistAsync(new Forgotten(), _ => WhenTidy(() =>
    {
        Become(Erasing);
        DeleteAll();
    }));

    private void Erasing(object message)
    {
        switch (message)
        {
            case DeleteSnapshotsSuccess: DeleteMessages(LastSequenceNr); break;
            case DeleteMessagesSuccess:
                Context.Parent.Tell(new JournalProtocol.Erased());
                Context.Stop(Self);
                break;
            case DeleteMessagesFailure failed: NotErased(failed.Cause); break;
            case DeleteSnapshotsFailure failed: NotErased(failed.Cause); break;
            default: Unhandled(message); break;
        }
    }

    // The snapshots first: with one of them, and without the event that says otherwise, all would be back.
    private void DeleteAll() => DeleteSnapshots(SnapshotSelectionCriteria.Latest);

    private void NotErased(Exception cause)
    {
        Log.Warning(cause, "What an agent stored is forgotten, and could not be deleted; it will be when the agent is removed again.");
        Context.Stop(Self);
    }

    private void Apply(JournalBatch batch) => (_state, _writer) = (_state.Apply(batch), batch.Writer);

    private AgentState Pruned() => _state.WithoutLogsBefore(Context.System.Scheduler.Now - _keepLogsFor);
}
