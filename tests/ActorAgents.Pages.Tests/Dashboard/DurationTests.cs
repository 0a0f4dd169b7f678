using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace ActorAgents.Pages.Tests;

public sealed class DurationTests
{
    [Property]
    public Property A_quantile_is_close_to_the_duration_of_that_rank() => Prop.ForAll(
        Gen.Choose(1, 100_000_000).Select(i => i / 10_000.0).NonEmptyListOf().ToArbitrary(), Gen.Choose(0, 100).ToArbitrary(), (durations, percent) =>
        {
            var counts = new int[DurationBuckets.Count];
            foreach (var duration in durations) counts[DurationBuckets.Of(duration)]++;
            var exact = durations.Order().ElementAt(Math.Max(1, (int)Math.Ceiling(percent / 100.0 * durations.Count)) - 1);

            var quantile = DurationBuckets.Quantile(counts, percent / 100.0)!.Value;

            return Math.Abs(quantile / exact - 1) <= DurationBuckets.Error + 1e-6;
        });

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1e-9)]
    [InlineData(double.NaN)]
    public void What_is_below_all_buckets_falls_into_the_first(double seconds) => Assert.Equal(0, DurationBuckets.Of(seconds));

    [Theory]
    [InlineData(1e9)]
    [InlineData(double.PositiveInfinity)]
    public void What_is_above_all_buckets_falls_into_the_last(double seconds) => Assert.Equal(DurationBuckets.Count - 1, DurationBuckets.Of(seconds));

    [Fact]
    public void Nothing_has_no_quantiles() => Assert.Equal(new DurationSummary(0, null, null), new RecentDurations().Sum());

    [Property]
    public Property Only_the_last_minute_counts() => Prop.ForAll(
        Gen.Choose(0, 20).NonEmptyListOf().ToArbitrary(), pauses =>
        {
            var recent = new RecentDurations();
            var (slot, added) = (0, new List<int>());
            foreach (var pause in pauses)
            {
                recent.Add(1);
                added.Add(slot);
                slot += pause;
                recent.MoveTo(slot * RecentDurations.Slot);
            }
            return recent.Sum().Count == added.Count(a => a > slot - RecentDurations.Slots);
        });

    [Fact]
    public async Task Many_threads_add_and_none_is_lost()
    {
        var recent = new RecentDurations();
        var adding = Parallel.ForEachAsync(Enumerable.Range(0, 8), (_, _) =>
        {
            for (var i = 1; i <= 10_000; i++) recent.Add(i / 1000.0);
            return ValueTask.CompletedTask;
        });
        while (!adding.IsCompleted) recent.MoveTo(TimeSpan.Zero);
        await adding;

        recent.MoveTo(TimeSpan.Zero);

        Assert.Equal(80_000, recent.Sum().Count);
        Assert.InRange(recent.Sum().P50!.Value.TotalSeconds, 5 * (1 - DurationBuckets.Error), 5 * (1 + DurationBuckets.Error));
    }

    [Fact]
    public void Adding_allocates_nothing()
    {
        var recent = new RecentDurations();
        recent.Add(1);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 10_000; i++) recent.Add(i);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
