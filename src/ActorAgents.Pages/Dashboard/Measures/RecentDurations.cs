namespace ActorAgents.Pages;

/// <summary>
/// The durations of the last minute, in a fixed 12 KB. Any thread adds, with one atomic increment; one thread at a time moves it on and reads. What was added
/// since the last move belongs to the slot that was current then.
/// </summary>
internal sealed class RecentDurations
{
    public const int Slots = 12;
    public static readonly TimeSpan Slot = TimeSpan.FromSeconds(5);

    private readonly int[] _incoming = new int[DurationBuckets.Count];
    private readonly int[] _sum = new int[DurationBuckets.Count];
    private readonly int[][] _slots = [.. Enumerable.Range(0, Slots).Select(_ => new int[DurationBuckets.Count])];
    private long _slot;

    public void Add(double seconds) => Interlocked.Increment(ref _incoming[DurationBuckets.Of(seconds)]);

    /// <summary>Takes in what was added and forgets what is a minute old.</summary>
    /// <param name="sinceStart">On a clock that never goes back.</param>
    public void MoveTo(TimeSpan sinceStart)
    {
        var current = _slots[_slot % Slots];
        for (var i = 0; i < _incoming.Length; i++)
        {
            if (Volatile.Read(ref _incoming[i]) == 0) continue;
            var added = Interlocked.Exchange(ref _incoming[i], 0);
            current[i] += added;
            _sum[i] += added;
        }
        var slot = sinceStart.Ticks / Slot.Ticks;
        for (var left = Math.Min(slot - _slot, Slots); left > 0; left--) Forget(_slots[(slot - left + 1) % Slots]);
        _slot = Math.Max(_slot, slot);
    }

    /// <summary>What was taken in, without what was forgotten.</summary>
    public DurationSummary Sum() => new(
        _sum.Sum(count => (long)count), Seconds(DurationBuckets.Quantile(_sum, 0.5)), Seconds(DurationBuckets.Quantile(_sum, 0.95)));

    private static TimeSpan? Seconds(double? value) => value is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    private void Forget(int[] slot)
    {
        for (var i = 0; i < slot.Length; i++) _sum[i] -= slot[i];
        Array.Clear(slot);
    }
}

/// <summary>Durations of the last minute. The quantiles are at most 4.5 % off, and null when there was none.</summary>
public readonly record struct DurationSummary(long Count, TimeSpan? P50, TimeSpan? P95);
