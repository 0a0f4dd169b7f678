namespace ActorAgents.Providers;

internal static class Forgotten
{
    /// <summary>Nobody waits for this task, and its failure is of no interest.</summary>
    public static void Forget(this Task task) =>
        task.ContinueWith(static failed => failed.Exception, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously);
}
