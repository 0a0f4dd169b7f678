using ActorAgents.Testing;
using ActorAgents.Tests.Journals;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.TestKit.Xunit2;
using Microsoft.Extensions.Time.Testing;
using static ActorAgents.Tests.TurnProbes;

namespace ActorAgents.Tests.Streams;

/// <summary>Streams of turns that run with their agent, which may be elsewhere.</summary>
public sealed class DurableStreamTests : TestKit
{
    private readonly MemoryJournals _journals = new();
    private readonly LeaseTime _time = new();
    private readonly ActorMaterializer _materializer;

    public DurableStreamTests() => _materializer = Sys.Materializer();

    [Fact]
    public async Task A_stream_that_is_left_gives_its_lease_up()
    {
        var provider = ScriptedProvider.Always(Script.Text("A").Stall(out _));
        await using var runtime = await DurableRuntime.StartAsync(_journals, provider, more: more => more.WithTimeProvider(_time));
        var (control, sink) = Run(runtime);
        await sink.RequestNextAsync();
        Assert.Equal((1, 1), (_time.Made, _time.Live));

        await sink.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => control.Completion.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal(0, _time.Live);
        await provider.ReleasedAsync();
    }

    [Fact]
    public async Task One_that_is_left_while_its_turn_is_being_accepted_gives_it_up_as_soon_as_it_has_one()
    {
        var provider = ScriptedProvider.Always(Script.Text("A").Stall(out _));
        await using var runtime = await DurableRuntime.StartAsync(_journals, provider, more: more => more.WithTimeProvider(_time));
        var paused = _journals.Pause();
        var (_, sink) = Run(runtime);
        await sink.RequestAsync();
        await runtime.System.WhenQuietAsync();

        await sink.CancelAsync();
        await runtime.System.WhenQuietAsync();
        paused.Dispose();
        await _time.MadeAsync();
        await runtime.System.WhenQuietAsync();
        _time.Advance(TurnLog.Lease / 3);

        Assert.Equal(0, _time.Live);
        await provider.ReleasedAsync();
    }

    [Fact]
    public async Task What_came_before_an_interruption_is_read_however_slowly()
    {
        await using var runtime = await DurableRuntime.StartAsync(_journals, new ScriptedProvider("A"), more: more => more.WithTimeProvider(_time));
        var (control, sink) = Run(runtime);
        Assert.IsType<TurnStarted>(await sink.RequestNextAsync());
        await runtime.Agents["writer", "1"].WhenEndedAsync(control.TurnId);

        control.Shutdown();
        _time.Advance(TimeSpan.FromMinutes(1));
        await sink.RequestAsync(10);

        List<TurnEvent> rest = [];
        do rest.Add(await sink.ExpectNextAsync()); while (rest[^1] is not TerminalEvent);
        Assert.Equal("A", rest.Text());
        Assert.Same(Assert.IsType<TurnCompleted>(rest[^1]), await control.Completion);
    }

    [Fact]
    public async Task An_interruption_that_the_journal_keeps_waiting_ends_for_a_waiting_reader_after_some_seconds()
    {
        var provider = ScriptedProvider.Always(Script.Text("A").Stall(out var silent));
        await using var runtime = await DurableRuntime.StartAsync(_journals, provider, more: more => more.WithTimeProvider(_time));
        var (control, sink) = Run(runtime);
        Assert.Equal("A", (await ReadTextAsync(sink)).Text);
        await sink.RequestAsync();
        await silent.ReachedAsync();
        await runtime.System.WhenQuietAsync(); // The stream waits for what comes next.
        using (_journals.Pause())
        {
            control.Shutdown();
            _time.Advance(TimeSpan.FromSeconds(5));

            var end = Assert.IsType<TurnInterrupted>(await sink.ExpectNextAsync());
            Assert.Equal((InterruptReason.User, "A"), (end.Reason, end.Partial));
        }
        await provider.ReleasedAsync();
    }

    [Fact]
    public async Task The_end_of_one_turn_of_a_flow_is_not_taken_for_that_of_the_next()
    {
        var silent = new Gate();
        var provider = ScriptedProvider.Always(Script.Text("A").Stall(silent));
        await using var runtime = await DurableRuntime.StartAsync(_journals, provider, more: more => more.WithTimeProvider(_time));
        var sink = StreamProbes.Sink<TurnEvent>(this);
        var control = Source.From(["q1", "q2"]).Select(AgentInput.From).ViaMaterialized(runtime.Agents["writer", "1"].Flow(), Keep.Right).To(sink.Sink).Run(_materializer);
        await sink.RequestAsync(100);
        await silent.ReachedAsync();
        Assert.True(control.Interrupt());
        await silent.ReachedAsync(2);
        await runtime.System.WhenQuietAsync(); // The answer to the interruption has come, after the end.

        using (_journals.Pause())
        {
            await sink.CancelAsync();
            await runtime.System.WhenQuietAsync();
            Assert.False(control.Completion.IsCompleted); // Of the turn that was left the end is not recorded yet.
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => control.Completion.WaitAsync(TimeSpan.FromSeconds(30)));
        await provider.ReleasedAsync();
    }

    private (ITurnControl, SinkProbe<TurnEvent>) Run(AgentRuntime runtime)
    {
        var sink = StreamProbes.Sink<TurnEvent>(this);
        return (runtime.Agents["writer", "1"].Source("go").ToMaterialized(sink.Sink, Keep.Left).Run(_materializer), sink);
    }

    private static async Task<TextDelta> ReadTextAsync(SinkProbe<TurnEvent> sink)
    {
        while (true)
            if (await sink.RequestNextAsync() is TextDelta delta) return delta;
    }

    /// <summary>Virtual time that counts the timers which renew leases.</summary>
    private sealed class LeaseTime : FakeTimeProvider
    {
        private readonly TaskCompletionSource _made = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _count, _disposed;

        public int Made => Volatile.Read(ref _count);
        public int Live => Made - Volatile.Read(ref _disposed);

        public Task MadeAsync() => _made.Task.WaitAsync(TimeSpan.FromSeconds(30));

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            if (period != TurnLog.Lease / 3) return timer;
            Interlocked.Increment(ref _count);
            _made.TrySetResult();
            return new Counted(timer, this);
        }

        private sealed class Counted(ITimer timer, LeaseTime time) : ITimer
        {
            private int _isDisposed;

            public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(dueTime, period);

            public void Dispose()
            {
                if (Interlocked.Exchange(ref _isDisposed, 1) == 0) Interlocked.Increment(ref time._disposed);
                timer.Dispose();
            }

            public ValueTask DisposeAsync()
            {
                Dispose();
                return default;
            }
        }
    }
}
