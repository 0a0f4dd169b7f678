using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace ActorAgents.Testing;

/// <summary>
/// One clock for a test: a <see cref="TimeProvider"/> and the schedulers of actor systems, moved together and only by the test.
/// <para>
/// Virtual are timeouts, delays and timestamps of everything that was given <see cref="Provider"/>, timers of actors, and <c>TimerGraphStageLogic</c> timers
/// of an attached system. Not virtual are Akka.Streams' own timed stages that look at the wall clock: <c>IdleTimeout</c>, <c>InitialTimeout</c>,
/// <c>CompletionTimeout</c>, <c>BackpressureTimeout</c>, <c>Delay</c>, <c>RestartSource</c>/<c>RestartFlow</c>/<c>RestartSink</c>; and <c>ExpectMsg</c>'s bounds.
/// </para>
/// </summary>
public sealed class VirtualTime
{
    private readonly Lock _lock = new();
    private readonly List<TestScheduler> _schedulers = [];
    private readonly FakeTimeProvider _provider;

    /// <param name="start">What the clock shows at first: the first second of 2025, UTC, unless given.</param>
    public VirtualTime(DateTimeOffset? start = null) =>
        _provider = new FakeTimeProvider(start ?? new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero));

    /// <summary>The clock, for whatever takes one.</summary>
    public TimeProvider Provider => _provider;

    /// <summary>What the clock shows.</summary>
    public DateTimeOffset Now => _provider.GetUtcNow();

    /// <summary>What an actor system needs in its configuration, before everything else, to be <see cref="Attach">attached</see>.</summary>
    public static Config Configuration { get; } = ReadConfiguration();

    /// <summary>Moves this system's timers too from now on. Its own clock reading differs from <see cref="Now"/>; spans agree.</summary>
    /// <exception cref="ArgumentException">The system was not made with <see cref="Configuration"/>.</exception>
    public VirtualTime Attach(ActorSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        if (system.Scheduler is not TestScheduler scheduler)
            throw new ArgumentException(
                $"The scheduler of {system.Name} is {system.Scheduler.GetType().Name}; make the system with VirtualTime.Configuration before its own.", nameof(system));
        lock (_lock) _schedulers.Add(scheduler);
        return this;
    }

    /// <summary>
    /// Moves time forward in steps: a timer that is due fires inside this call, and one that it arms fires too if it falls into the span. What a firing timer
    /// leaves to other threads, an actor's answer to a message for instance, is not waited for: wait for its effect before moving on.
    /// </summary>
    /// <param name="step">The longest step; unless given a thousandth of the span, but at least 1 ms.</param>
    public void Advance(TimeSpan span, TimeSpan? step = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(span, TimeSpan.Zero);
        var stride = step ?? TimeSpan.FromTicks(Math.Max(span.Ticks / 1000, TimeSpan.TicksPerMillisecond));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(stride, TimeSpan.Zero, nameof(step));
        TestScheduler[] schedulers;
        lock (_lock) schedulers = [.. _schedulers];
        for (var left = span; left > TimeSpan.Zero; left -= stride)
        {
            var next = left < stride ? left : stride;
            _provider.Advance(next);
            foreach (var scheduler in schedulers) scheduler.Advance(next);
        }
    }

    private static Config ReadConfiguration()
    {
        using var stream = typeof(VirtualTime).Assembly.GetManifestResourceStream("ActorAgents.Testing.virtual-time.conf")!;
        using var reader = new StreamReader(stream);
        return ConfigurationFactory.ParseString(reader.ReadToEnd());
    }
}
