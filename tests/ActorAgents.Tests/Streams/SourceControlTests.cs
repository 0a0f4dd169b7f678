using ActorAgents.Testing;
using ActorAgents.Tests.Halts;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.TestKit.Xunit2;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ActorAgents.Tests.Streams;

/// <summary>The control of a materialized turn.</summary>
public sealed class SourceControlTests : TestKit
{
    private readonly Gate _silent = new();
    private readonly ScriptedProvider _provider;
    private readonly ActorMaterializer _materializer;

    public SourceControlTests() => (_provider, _materializer) = (ScriptedProvider.Always(Script.Text("A").Stall(_silent)), Sys.Materializer());

    /// <summary>Where the stream is when its control is used.</summary>
    public enum Moment { BeforeDemand, HoldingAnEvent, Waiting }

    [Theory, InlineData(Moment.BeforeDemand), InlineData(Moment.HoldingAnEvent), InlineData(Moment.Waiting), Trait("Behaviour", "T43")]
    public async Task Shutdown_is_a_terminal_event_and_then_completion(Moment moment)
    {
        await using var runtime = await WaysOut.StartAsync(_provider);
        var agent = runtime.Agents["writer", "1"];
        var (control, sink) = await RunUpToAsync(agent, moment);

        control.Shutdown();

        if (moment != Moment.Waiting) await sink.RequestAsync();
        var end = Assert.IsType<TurnInterrupted>(await sink.ExpectNextAsync());
        Assert.Equal((InterruptReason.User, TextAt(moment)), (end.Reason, end.Partial));
        await sink.ExpectCompleteAsync();
        Assert.Same(end, await control.Completion);
        Assert.Equal(HistoryAt(moment), await agent.HistoryAsync());
        await _provider.ReleasedAsync();
        Assert.Empty(_provider.Violations);
    }

    [Theory, InlineData(Moment.BeforeDemand), InlineData(Moment.HoldingAnEvent), InlineData(Moment.Waiting)]
    public async Task Abort_fails_the_stream_and_is_an_interruption_in_the_history(Moment moment)
    {
        await using var runtime = await WaysOut.StartAsync(_provider);
        var agent = runtime.Agents["writer", "1"];
        var (control, sink) = await RunUpToAsync(agent, moment);
        var cause = new IOException("enough");

        control.Abort(cause);
        control.Abort(new IOException("late"));

        Assert.Same(cause, await sink.ExpectErrorAsync());
        Assert.Same(cause, await Assert.ThrowsAsync<IOException>(() => control.Completion));
        Assert.Equal(HistoryAt(moment), await agent.HistoryAsync());
        await _provider.ReleasedAsync();
        Assert.Equal(0, runtime.Agents.Status.LiveTurns);
        Assert.Empty(_provider.Violations);
    }

    [Theory, InlineData(Moment.BeforeDemand), InlineData(Moment.HoldingAnEvent), InlineData(Moment.Waiting), Trait("Behaviour", "T46")]
    public async Task Interrupting_by_the_control_is_true_once(Moment moment)
    {
        await using var runtime = await WaysOut.StartAsync(_provider);
        var (control, sink) = await RunUpToAsync(runtime.Agents["writer", "1"], moment);

        Assert.True(control.Interrupt());
        Assert.False(control.Interrupt());
        control.Shutdown();

        if (moment != Moment.Waiting) await sink.RequestAsync();
        Assert.IsType<TurnInterrupted>(await sink.ExpectNextAsync());
        await sink.ExpectCompleteAsync();
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Used_while_the_stream_starts_it_holds(bool abort)
    {
        await using var runtime = await WaysOut.StartAsync(_provider);
        for (var i = 0; i < 100; i++)
        {
            var (control, events) = runtime.Agents["writer", $"{i}"].Source("go").ToMaterialized(Sink.Seq<TurnEvent>(), Keep.Both).Run(_materializer);
            if (abort)
            {
                control.Abort(new IOException("enough"));
                await Assert.ThrowsAsync<IOException>(() => events.WaitAsync(TimeSpan.FromSeconds(30)));
                await Assert.ThrowsAsync<IOException>(() => control.Completion.WaitAsync(TimeSpan.FromSeconds(30)));
                continue;
            }
            control.Shutdown();
            Assert.IsType<TurnInterrupted>((await events.WaitAsync(TimeSpan.FromSeconds(30)))[^1]);
        }
        await _provider.ReleasedAsync();
        Assert.Equal(0, runtime.Agents.Status.LiveTurns);
    }

    [Fact, Trait("Behaviour", "T48")]
    public async Task Interrupted_after_its_step_before_its_first_a_turn_does_not_begin()
    {
        await using var runtime = await WaysOut.StartAsync(_provider);
        var agent = runtime.Agents["writer", "1"];
        var (control, sink) = await RunUpToAsync(agent, Moment.BeforeDemand);

        Assert.True(control.Interrupt(InterruptMode.AfterStep));

        await sink.RequestAsync();
        Assert.Equal("", Assert.IsType<TurnInterrupted>(await sink.ExpectNextAsync()).Partial);
        Assert.Equal(0, _provider.CallsStarted);
        Assert.Empty(await agent.HistoryAsync());
    }

    [Fact]
    public async Task Abort_fails_the_stream_although_the_log_of_the_interruption_throws()
    {
        await using var runtime = await AgentRuntime.StartAsync(agents => agents.AddProvider("default", _provider).AddAgent("writer"),
            services => services.AddLogging(logging => logging.AddProvider(new BrokenLogs())));
        var (control, sink) = await RunUpToAsync(runtime.Agents["writer", "1"], Moment.HoldingAnEvent);
        var cause = new IOException("enough");

        Assert.Throws<AggregateException>(() => control.Abort(cause));

        Assert.Same(cause, await sink.ExpectErrorAsync());
        await _provider.ReleasedAsync();
    }

    [Fact]
    public async Task It_works_as_the_kill_switch_that_it_is()
    {
        await using var runtime = await WaysOut.StartAsync(_provider);
        var (control, events) = runtime.Agents["writer", "1"].Source("go").ToMaterialized(Sink.Seq<TurnEvent>(), Keep.Both).Run(_materializer);
        IKillSwitch kill = control;
        await _silent.ReachedAsync();

        kill.Shutdown();

        Assert.Equal("A", Assert.IsType<TurnInterrupted>((await events)[^1]).Partial);
    }

    private async Task<(ITurnControl, SinkProbe<TurnEvent>)> RunUpToAsync(Agent agent, Moment moment)
    {
        var sink = StreamProbes.Sink<TurnEvent>(this);
        var control = agent.Source("go").ToMaterialized(sink.Sink, Keep.Left).Run(_materializer);
        if (moment == Moment.BeforeDemand) return (control, sink);
        await sink.RequestNextAsync();
        await sink.RequestNextAsync();
        if (moment == Moment.HoldingAnEvent) return (control, sink);
        await sink.RequestAsync();
        await _silent.ReachedAsync();
        return (control, sink);
    }

    private static string TextAt(Moment moment) => moment == Moment.BeforeDemand ? "" : "A";

    private static string[] HistoryAt(Moment moment) => moment == Moment.BeforeDemand ? [] : ["user: go (interrupted)", "assistant: A (interrupted)"];
}
