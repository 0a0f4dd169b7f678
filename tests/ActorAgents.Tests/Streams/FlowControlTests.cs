using ActorAgents.Testing;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.TestKit.Xunit2;
using static ActorAgents.Tests.TurnProbes;

namespace ActorAgents.Tests.Streams;

/// <summary>The control of a running flow.</summary>
public sealed class FlowControlTests : TestKit
{
    private readonly Gate _silent = new();
    private readonly ScriptedProvider _provider;
    private readonly ActorMaterializer _materializer;

    public FlowControlTests() => (_provider, _materializer) = (ScriptedProvider.Always(Script.Text("A").Stall(_silent)), Sys.Materializer());

    [Fact, Trait("Behaviour", "T43")]
    public async Task Shutdown_interrupts_the_running_turn_and_takes_no_further_input()
    {
        await using var runtime = await WaysOut.StartAsync(_provider);
        var agent = runtime.Agents["writer", "1"];
        var (control, events) = Source.From(["q1", "q2"]).Select(AgentInput.From).ViaMaterialized(agent.Flow(), Keep.Right)
            .ToMaterialized(Sink.Seq<TurnEvent>(), Keep.Both).Run(_materializer);
        await _silent.ReachedAsync();

        control.Shutdown();

        var end = Assert.IsType<TurnInterrupted>((await events.WaitAsync(TimeSpan.FromSeconds(30)))[^1]);
        Assert.Equal("A", end.Partial);
        Assert.Same(end, await control.Completion);
        Assert.Equal(1, _provider.CallsStarted);
        Assert.Equal(["user: q1 (interrupted)", "assistant: A (interrupted)"], await agent.HistoryAsync());
        await _provider.ReleasedAsync();
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task No_turn_begins_once_shutdown_or_abort_was_called(bool abort)
    {
        var provider = ScriptedProvider.Always(Script.Text("A"));
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        var started = new TaskCompletionSource<ITurnControl>();
        var (control, events) = Source.From(["q1", "q2"]).Select(AgentInput.From).ViaMaterialized(agent.Flow(), Keep.Right)
            .Select(next =>
            {
                // On the flow's own thread, which asks for the next input before it comes to any callback.
                if (next is TerminalEvent && abort) started.Task.Result.Abort(new IOException("enough"));
                else if (next is TerminalEvent) started.Task.Result.Shutdown();
                return next;
            })
            .ToMaterialized(Sink.Seq<TurnEvent>(), Keep.Both).Run(_materializer);
        started.SetResult(control);

        if (abort) await Assert.ThrowsAnyAsync<Exception>(() => events.WaitAsync(TimeSpan.FromSeconds(30)));
        else Assert.IsType<TurnCompleted>((await events.WaitAsync(TimeSpan.FromSeconds(30)))[^1]);

        Assert.Equal(1, provider.CallsStarted);
        Assert.Equal(["user: q1", "assistant: A"], await agent.HistoryAsync());
    }

    [Fact]
    public async Task Shutdown_before_the_first_input_completes_both_ends()
    {
        await using var runtime = await WaysOut.StartAsync(_provider);
        var (source, sink) = (StreamProbes.Source<AgentInput>(this), StreamProbes.Sink<TurnEvent>(this));
        var control = source.Source.ViaMaterialized(runtime.Agents["writer", "1"].Flow(), Keep.Right).To(sink.Sink).Run(_materializer);

        control.Shutdown();

        await sink.ExpectCompleteAsync();
        await source.ExpectCancellationAsync();
        Assert.Equal(default, control.TurnId);
    }

    [Fact]
    public async Task Shutdown_at_the_moment_an_input_arrives_interrupts_its_turn()
    {
        await using var runtime = await WaysOut.StartAsync(_provider);
        var started = new TaskCompletionSource<ITurnControl>();
        var (control, events) = Source.From(["q1", "q2"]).Select(text =>
            {
                started.Task.Result.Shutdown(); // Just before the flow gets the element, on its own thread.
                return AgentInput.From(text);
            }).ViaMaterialized(runtime.Agents["writer", "1"].Flow(), Keep.Right)
            .ToMaterialized(Sink.Seq<TurnEvent>(), Keep.Both).Run(_materializer);
        started.SetResult(control);

        var end = (await events.WaitAsync(TimeSpan.FromSeconds(30))).LastOrDefault();

        Assert.True(end is null or TurnInterrupted, $"{end}");
        await _provider.ReleasedAsync();
    }

    [Fact]
    public async Task Abort_fails_the_flow_and_is_an_interruption_in_the_history()
    {
        await using var runtime = await WaysOut.StartAsync(_provider);
        var agent = runtime.Agents["writer", "1"];
        var (source, sink) = (StreamProbes.Source<AgentInput>(this), StreamProbes.Sink<TurnEvent>(this));
        var control = source.Source.ViaMaterialized(agent.Flow(), Keep.Right).To(sink.Sink).Run(_materializer);
        await sink.RequestAsync(10);
        await source.SendNextAsync("q1");
        await _silent.ReachedAsync();
        var cause = new IOException("enough");

        control.Abort(cause);

        await sink.ExpectNextAsync();
        await sink.ExpectNextAsync();
        Assert.Same(cause, await sink.ExpectErrorAsync());
        await source.ExpectCancellationAsync();
        Assert.Same(cause, await Assert.ThrowsAsync<IOException>(() => control.Completion));
        Assert.Equal(["user: q1 (interrupted)", "assistant: A (interrupted)"], await agent.HistoryAsync());
        await _provider.ReleasedAsync();
    }

    [Fact]
    public async Task Interrupting_ends_the_running_turn_only()
    {
        await using var runtime = await WaysOut.StartAsync(_provider);
        var (control, events) = Source.From(["q1", "q2"]).Select(AgentInput.From).ViaMaterialized(runtime.Agents["writer", "1"].Flow(), Keep.Right)
            .ToMaterialized(Sink.Seq<TurnEvent>(), Keep.Both).Run(_materializer);
        await _silent.ReachedAsync();
        var first = control.TurnId;

        Assert.True(control.Interrupt());
        await _silent.ReachedAsync(2);
        Assert.NotEqual(first, control.TurnId);
        _silent.Open();

        var ends = (await events).OfType<TerminalEvent>().ToArray();
        Assert.IsType<TurnInterrupted>(ends[0]);
        Assert.IsType<TurnCompleted>(ends[1]);
        Assert.Equal("AA", (await events).Text());
    }
}
