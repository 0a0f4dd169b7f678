using Akka.Actor.Internal;

namespace ActorAgents;

/// <summary>Knows where a thread must not be blocked.</summary>
internal static class BlockingGuard
{
    public static void ThrowIfUnsafe(string method, string instead)
    {
        var where =
            InternalCurrentActorCellKeeper.Current is not null ? "inside an actor, whose thread others need"
            : SynchronizationContext.Current is { } context ? $"on a thread with a synchronization context ({context.GetType().Name}), which could wait for itself"
            : TaskScheduler.Current != TaskScheduler.Default ? $"on the task scheduler {TaskScheduler.Current.GetType().Name}, which could wait for itself"
            : null;
        if (where is not null) throw new InvalidOperationException($"LegacyAgent.{method} blocks and was called {where}. Await Agent.{instead} there.");
    }
}
