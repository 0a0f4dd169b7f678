namespace ActorAgents.Testing;

/// <summary>How long this package waits for what must happen: real time, long enough for a loaded machine, short enough for a hung test to end.</summary>
internal static class Patience
{
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(30);

    public static async Task BoundAsync(Task task, Func<string> complaint, TimeSpan? bound = null)
    {
        var limit = bound ?? Default;
        try
        {
            await task.WaitAsync(limit).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            throw new TimeoutException($"{complaint()} after {limit.TotalSeconds:0.###} s of real time.");
        }
    }
}
