namespace ActorAgents.Providers;

/// <summary>How long a server that failed is left alone.</summary>
internal static class McpBackoff
{
    /// <summary>A server that was up for so long had started well: its failures before are forgotten.</summary>
    public static readonly TimeSpan Stable = TimeSpan.FromMinutes(1);

    /// <summary>
    /// After the first failure nothing, for one crash should cost no more than itself. Then 1 s, doubled each time up to a minute, and shortened by up to a half at
    /// random, so that many nodes do not knock at once. Own choices.
    /// </summary>
    /// <param name="failures">1 for the first.</param>
    /// <param name="random">From 0 to 1.</param>
    public static TimeSpan After(int failures, double random) =>
        failures <= 1 ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(60, Math.Pow(2, Math.Min(failures, 10) - 2)) * (1 - random / 2));
}
