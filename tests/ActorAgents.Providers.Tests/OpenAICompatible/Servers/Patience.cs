namespace ActorAgents.Providers.Tests.OpenAICompatible.Servers;

/// <summary>Bounds every wait of a test: a hang is a failure after half a minute of real time.</summary>
internal static class Patience
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    public static Task SoonAsync(this Task task) => task.WaitAsync(Longest);
    public static Task<T> SoonAsync<T>(this Task<T> task) => task.WaitAsync(Longest);
    public static Task<T> SoonAsync<T>(this ValueTask<T> task) => task.AsTask().WaitAsync(Longest);
}
