namespace ActorAgents.Pages;

/// <summary>
/// Durations in buckets that each reach 9 % further than the one before, eight to a doubling, from a tenth of a millisecond to four hours. What is below or
/// above falls into the first or last. A bucket reads as its middle, so that a quantile is at most 4.5 % off.
/// </summary>
internal static class DurationBuckets
{
    public const int Count = 218;
    public const double Error = 0.045;
    private const double First = 1e-4; // Seconds.
    private const int PerDoubling = 8;

    /// <summary>The bucket of so many seconds.</summary>
    public static int Of(double seconds) => seconds > First ? Math.Min((int)(Math.Log2(seconds / First) * PerDoubling), Count - 1) : 0;

    /// <summary>
    /// The duration, in seconds, that the fraction <paramref name="p"/> of all counted did not pass: of the smallest rank that is at least
    /// <paramref name="p"/> of the total. Null when nothing was counted.
    /// </summary>
    public static double? Quantile(ReadOnlySpan<int> counts, double p)
    {
        long total = 0;
        foreach (var count in counts) total += count;
        if (total == 0) return null;
        var rank = Math.Max(1, (long)Math.Ceiling(p * total));
        for (var i = 0; ; i++)
            if ((rank -= counts[i]) <= 0) return First * Math.Pow(2, (i + 0.5) / PerDoubling);
    }
}
