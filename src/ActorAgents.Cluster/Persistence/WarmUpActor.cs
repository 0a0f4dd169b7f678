using Akka.Actor;
using Akka.Persistence;

namespace ActorAgents.Cluster;

/// <summary>Makes journal and snapshots start: it reads a journal in which nothing is ever written, and says so.</summary>
internal sealed class WarmUpActor : UntypedPersistentActor
{
    private readonly TaskCompletionSource _read;

    public WarmUpActor(TaskCompletionSource read)
    {
        _read = read;
        (JournalPluginId, SnapshotPluginId) = (JournalPlugins.Events, JournalPlugins.Snapshots);
    }

    public static Props Props(TaskCompletionSource read) => Akka.Actor.Props.Create(typeof(WarmUpActor), read);

    public override string PersistenceId => "warm-up";

    protected override void OnRecover(object message)
    {
        if (message is not RecoveryCompleted) return;
        _read.TrySetResult();
        Context.Stop(Self);
    }

    protected override void OnCommand(object message) => Unhandled(message);

    protected override void OnRecoveryFailure(Exception reason, object? message = null) => _read.TrySetException(reason);
}
