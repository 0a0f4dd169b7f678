using System.Diagnostics.Metrics;

namespace ActorAgents.Pages;

/// <summary>
/// Listens to the runtime's meter from its construction until it is disposed. A measurement costs a look at its tags and an atomic increment and allocates
/// nothing, but for the first of a tool. What is read is of this process: all its runtimes together.
/// </summary>
internal sealed class DashboardMeters : IDisposable
{
    private const int MostNames = 24;

    private readonly MeterListener _listener = new();
    private readonly Tallies<ToolTally> _tools = new(MostNames);
    private readonly Tallies<Tally> _interruptions = new(MostNames);
    private readonly Tallies<Tally> _failures = new(MostNames);
    private long _furthestLag;
    private double _meanLag;

    public DashboardMeters(string meter = "ActorAgents")
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == meter && SinkOf(instrument.Name) is { } sink) listener.EnableMeasurementEvents(instrument, sink);
        };
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, sink) => ((Sink)sink!)(value, tags));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, sink) => ((Sink)sink!)(value, tags));
        _listener.Start();
    }

    private delegate void Sink(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags);

    /// <summary>From a provider call to its first content.</summary>
    public RecentDurations FirstToken { get; } = new();

    /// <summary>From a turn's leaving the queue to its end.</summary>
    public RecentDurations Turns { get; } = new();

    /// <summary>From an input's arrival to its leaving the queue.</summary>
    public RecentDurations Queue { get; } = new();

    /// <summary>How far readers of detached turns are behind, in events: walks all logs that are read.</summary>
    public (long Furthest, double Mean) MeasureLag()
    {
        _listener.RecordObservableInstruments();
        return (_furthestLag, _meanLag);
    }

    /// <inheritdoc cref="RecentDurations.MoveTo"/>
    public void MoveTo(TimeSpan sinceStart)
    {
        FirstToken.MoveTo(sinceStart);
        Turns.MoveTo(sinceStart);
        Queue.MoveTo(sinceStart);
        foreach (var (_, tool) in _tools.All) tool.MoveTo(sinceStart);
    }

    /// <summary>The tools that were called in the last minute, by name.</summary>
    public IReadOnlyList<ToolSummary> Tools() =>
    [
        .. _tools.All.Select(t => new ToolSummary(t.Key, t.Value.Calls.Sum(), t.Value.Failures.Sum().Count))
            .Where(t => t.Calls.Count > 0).OrderBy(t => t.Tool, StringComparer.Ordinal),
    ];

    /// <summary>Interrupted turns by reason since the start, the most frequent first.</summary>
    public IReadOnlyList<EndSummary> Interruptions() => Sum(_interruptions);

    /// <summary>Turns that ran and failed, by kind of error since the start, the most frequent first.</summary>
    public IReadOnlyList<EndSummary> Failures() => Sum(_failures);

    public void Dispose() => _listener.Dispose();

    private Sink? SinkOf(string instrument) => instrument switch
    {
        "gen_ai.client.operation.time_to_first_chunk" => (value, _) => FirstToken.Add(value),
        "actoragents.turn.duration" => EndTurn,
        "actoragents.turn.wait_time" => (value, _) => Queue.Add(value),
        "actoragents.tool.duration" => (value, tags) => _tools[Tag(tags, "gen_ai.tool.name")].Add(value, Tag(tags, "actoragents.outcome")),
        "actoragents.turn.interruptions" => (value, tags) => _interruptions[Tag(tags, "actoragents.interrupt.reason")].Add((long)value),
        "actoragents.log.reader.lag.max" => (value, _) => _furthestLag = (long)value,
        "actoragents.log.reader.lag.mean" => (value, _) => _meanLag = value,
        _ => null,
    };

    private void EndTurn(double seconds, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        Turns.Add(seconds);
        if (Tag(tags, "actoragents.outcome") == "failed") _failures[Tag(tags, "error.type")].Add(1);
    }

    private static IReadOnlyList<EndSummary> Sum(Tallies<Tally> tallies) =>
        [.. tallies.All.Select(t => new EndSummary(t.Key, t.Value.Value)).OrderByDescending(t => t.Turns).ThenBy(t => t.Reason, StringComparer.Ordinal)];

    private static string Tag(ReadOnlySpan<KeyValuePair<string, object?>> tags, string name)
    {
        foreach (var tag in tags) if (tag.Key == name) return tag.Value as string ?? "";
        return "";
    }

    private sealed class Tally
    {
        private long _value;

        public long Value => Volatile.Read(ref _value);

        public void Add(long more) => Interlocked.Add(ref _value, more);
    }

    private sealed class ToolTally
    {
        public RecentDurations Calls { get; } = new();

        public RecentDurations Failures { get; } = new();

        public void Add(double seconds, string outcome)
        {
            Calls.Add(seconds);
            if (outcome is nameof(ToolOutcome.Failed) or nameof(ToolOutcome.TimedOut)) Failures.Add(seconds);
        }

        public void MoveTo(TimeSpan sinceStart)
        {
            Calls.MoveTo(sinceStart);
            Failures.MoveTo(sinceStart);
        }
    }
}

/// <summary>The calls of one tool that ended in the last minute.</summary>
/// <param name="Failures">How many of them failed or took too long.</param>
public sealed record ToolSummary(string Tool, DurationSummary Calls, long Failures);

/// <summary>Turns that did not complete for one reason, since somebody looks.</summary>
/// <param name="Reason">An <see cref="InterruptReason"/> or a <see cref="TurnErrorKind"/> by name.</param>
public sealed record EndSummary(string Reason, long Turns);
