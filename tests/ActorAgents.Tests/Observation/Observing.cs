namespace ActorAgents.Tests.Observation;

/// <summary>What tests of observation say over and over.</summary>
internal static class Observing
{
    /// <summary>A turn comes to its wait on a thread of its own; there is nothing to await.</summary>
    public static async Task UntilAsync(Func<bool> seen)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!seen())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>The waits of the one kind, <c>Provider 1, Queue 2</c>.</summary>
    public static string Waits(this IAgents agents) =>
        string.Join(", ", agents.TakeSnapshot().Kinds.Single().Waits.OrderBy(wait => wait.Key).Select(wait => $"{wait.Key} {wait.Value}"));

    public static Task UntilItWaitsAsync(this IAgents agents, string waits) => UntilAsync(() => agents.Waits() == waits);
}
