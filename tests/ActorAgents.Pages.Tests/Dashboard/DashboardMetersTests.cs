using System.Diagnostics.Metrics;

namespace ActorAgents.Pages.Tests;

public sealed class DashboardMetersTests : IDisposable
{
    private readonly Meter _meter = new($"dashboard-{Guid.NewGuid():N}");
    private readonly Histogram<double> _first, _tool, _turn;
    private readonly Counter<long> _interruptions;

    public DashboardMetersTests()
    {
        _first = _meter.CreateHistogram<double>("gen_ai.client.operation.time_to_first_chunk");
        _tool = _meter.CreateHistogram<double>("actoragents.tool.duration");
        _turn = _meter.CreateHistogram<double>("actoragents.turn.duration");
        _interruptions = _meter.CreateCounter<long>("actoragents.turn.interruptions");
        _meter.CreateObservableGauge("actoragents.log.reader.lag.max", () => 12L);
        _meter.CreateObservableGauge("actoragents.log.reader.lag.mean", () => 1.5);
    }

    [Fact]
    public void Listens_from_its_making_until_it_is_disposed()
    {
        Assert.False(_first.Enabled);
        using (var meters = new DashboardMeters(_meter.Name))
        {
            _first.Record(1);
            meters.MoveTo(TimeSpan.Zero);
            Assert.Equal(1, meters.FirstToken.Sum().Count);
        }
        Assert.False(_first.Enabled);
    }

    [Fact]
    public void Sums_up_each_tool()
    {
        using var meters = new DashboardMeters(_meter.Name);
        foreach (var outcome in Enum.GetNames<ToolOutcome>()) Call("weather", outcome);
        Call("clock", "Succeeded");
        meters.MoveTo(TimeSpan.Zero);

        Assert.Equal([("clock", 1, 0), ("weather", 5, 2)], meters.Tools().Select(t => (t.Tool, t.Calls.Count, t.Failures)));

        meters.MoveTo(TimeSpan.FromMinutes(2));
        Assert.Empty(meters.Tools());
    }

    [Fact]
    public void Counts_interruptions_by_reason_the_most_frequent_first()
    {
        using var meters = new DashboardMeters(_meter.Name);
        foreach (var reason in (string[])["User", "Halted", "Halted"]) _interruptions.Add(1, new KeyValuePair<string, object?>("actoragents.interrupt.reason", reason));

        Assert.Equal([new("Halted", 2), new("User", 1)], meters.Interruptions());
    }

    [Fact]
    public void Counts_failed_turns_by_kind_of_error()
    {
        using var meters = new DashboardMeters(_meter.Name);
        _turn.Record(1, new KeyValuePair<string, object?>("actoragents.outcome", "completed"));
        _turn.Record(1, new("actoragents.outcome", "interrupted"), new("error.type", "User"));
        _turn.Record(1, new("actoragents.outcome", "failed"), new("error.type", "Truncated"));
        meters.MoveTo(TimeSpan.Zero);

        Assert.Equal([new("Truncated", 1)], meters.Failures());
        Assert.Equal(3, meters.Turns.Sum().Count);
    }

    [Fact]
    public void Asks_for_the_lag_of_readers()
    {
        using var meters = new DashboardMeters(_meter.Name);

        Assert.Equal((12, 1.5), meters.MeasureLag());
    }

    [Fact]
    public void Any_number_of_tools_takes_a_bounded_place_and_none_is_left_out()
    {
        using var meters = new DashboardMeters(_meter.Name);
        for (var i = 0; i < 1000; i++) Call($"tool-{i}", "Succeeded");
        meters.MoveTo(TimeSpan.Zero);

        Assert.Equal(25, meters.Tools().Count);
        Assert.Equal(1000, meters.Tools().Sum(t => t.Calls.Count));
    }

    [Fact]
    public void Allocates_nothing_for_a_measurement()
    {
        using var meters = new DashboardMeters(_meter.Name);
        Call("weather", "Failed");
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1000; i++) Call("weather", "Failed");

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    public void Dispose() => _meter.Dispose();

    private void Call(string tool, string outcome) => _tool.Record(0.2, new("gen_ai.tool.name", tool), new("actoragents.outcome", outcome));
}
