using ActorAgents.Testing;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.TestKit.Xunit2;
using static ActorAgents.Tests.TurnProbes;

namespace ActorAgents.Tests.Streams;

/// <summary>A turn per element, one test per signal.</summary>
public sealed class FlowTests : TestKit
{
    private readonly ActorMaterializer _materializer;

    public FlowTests() => _materializer = Sys.Materializer();

    [Fact, Trait("Behaviour", "P03")]
    public async Task Each_input_is_a_turn_in_order_and_sees_the_answers_before()
    {
        var provider = new ScriptedProvider(request => Script.Text($"re {request.Prompt}"));
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];

        var events = await Source.From(["q1", "q2", "q3"]).Select(AgentInput.From).Via(agent.Flow()).RunWith(Sink.Seq<TurnEvent>(), _materializer);

        Assert.Equal(["re q1", "re q2", "re q3"], events.OfType<TurnCompleted>().Select(end => end.Text));
        Assert.Equal(3, events.Select(next => next.Turn).Distinct().Count());
        Assert.Equal(["user: q1", "assistant: re q1", "user: q2", "assistant: re q2", "user: q3"], provider.Requests[2].Lines());
    }

    [Fact, Trait("Behaviour", "T55")]
    public async Task The_next_input_is_taken_when_the_turn_before_has_ended_and_there_is_demand()
    {
        var (_, source, sink, provider, runtime) = await RunAsync(Script.Text("A"));
        await using var _ = runtime;
        await sink.RequestAsync();
        await source.SendNextAsync("q1");
        await source.SendNextAsync("q2"); // Waits at the boundary of the graph.
        var started = await sink.ExpectNextAsync();
        TurnEvent last;
        while ((last = await sink.RequestNextAsync()) is not TerminalEvent) Assert.Equal(started.Turn, last.Turn);
        await sink.ExpectNoSignalAsync();
        Assert.Equal(1, provider.CallsStarted);

        Assert.NotEqual(started.Turn, Assert.IsType<TurnStarted>(await sink.RequestNextAsync()).Turn);
    }

    [Fact]
    public async Task A_turn_that_fails_is_an_event_and_the_flow_goes_on()
    {
        var provider = new ScriptedProvider(Script.Text("A").Fails(400), Script.Text("B"));
        await using var runtime = await WaysOut.StartAsync(provider);

        var ends = await Source.From(["q1", "q2"]).Select(AgentInput.From).Via(runtime.Agents["writer", "1"].Flow())
            .Where(next => next is TerminalEvent).RunWith(Sink.Seq<TurnEvent>(), _materializer);

        Assert.IsType<TurnFailed>(ends[0]);
        Assert.Equal("B", Assert.IsType<TurnCompleted>(ends[1]).Text);
    }

    [Fact]
    public async Task When_upstream_finishes_the_running_turn_comes_to_its_end_first()
    {
        var (control, source, sink, _, runtime) = await RunAsync(Script.Text("A"));
        await using var _ = runtime;
        await sink.RequestAsync();
        await source.SendNextAsync("q1");
        await sink.ExpectNextAsync();

        await source.SendCompleteAsync();

        TurnEvent last;
        while ((last = await sink.RequestNextAsync()) is not TerminalEvent) { }
        Assert.Equal("A", Assert.IsType<TurnCompleted>(last).Text);
        await sink.ExpectCompleteAsync();
        Assert.Same(last, await control.Completion);
    }

    [Fact]
    public async Task Without_a_running_turn_it_completes_with_upstream()
    {
        var (control, source, sink, _, runtime) = await RunAsync(Script.Text("A"));
        await using var _ = runtime;

        await source.SendCompleteAsync();

        await sink.ExpectCompleteAsync();
        await AssertLeftAsync(control);
    }

    [Fact]
    public async Task When_upstream_fails_the_flow_fails_and_the_running_turn_is_interrupted()
    {
        var (control, source, sink, provider, runtime) = await RunAsync(Script.Text("A").Stall());
        await using var _ = runtime;
        await sink.RequestAsync();
        await source.SendNextAsync("q1");
        await sink.ExpectNextAsync();
        await sink.RequestNextAsync();
        await sink.RequestAsync();
        await provider.StalledAsync();
        var cause = new IOException("upstream broke");

        await source.SendErrorAsync(cause);

        Assert.Same(cause, await sink.ExpectErrorAsync());
        await AssertLeftAsync(control);
        await provider.ReleasedAsync();
        Assert.Equal(["user: q1 (interrupted)", "assistant: A (interrupted)"], await runtime.Agents["writer", "1"].HistoryAsync());
    }

    [Theory, InlineData(true), InlineData(false), Trait("Behaviour", "T49")]
    public async Task Cancelling_downstream_interrupts_the_running_turn_and_cancels_upstream(bool whileItWaits)
    {
        var (control, source, sink, provider, runtime) = await RunAsync(Script.Text("A").Stall());
        await using var _ = runtime;
        await sink.RequestAsync();
        await source.SendNextAsync("q1");
        await sink.ExpectNextAsync();
        await sink.RequestNextAsync();
        if (whileItWaits)
        {
            await sink.RequestAsync();
            await provider.StalledAsync();
        }

        await sink.CancelAsync();

        await source.ExpectCancellationAsync();
        await AssertLeftAsync(control);
        await provider.ReleasedAsync();
        Assert.Equal(["user: q1 (interrupted)", "assistant: A (interrupted)"], await runtime.Agents["writer", "1"].HistoryAsync());
        Assert.Equal(0, runtime.Agents.Status.LiveTurns);
    }

    [Fact]
    public async Task An_id_for_all_of_its_turns_is_refused()
    {
        await using var runtime = await WaysOut.StartAsync(new ScriptedProvider());
        Assert.Throws<ArgumentException>(() => runtime.Agents["writer", "1"].Flow(Called("t1")));
    }

    /// <summary>The stream gave no terminal event; of a turn that it left the conversation has what came until then.</summary>
    private static Task AssertLeftAsync(ITurnControl control) => Assert.ThrowsAnyAsync<OperationCanceledException>(() => control.Completion.WaitAsync(TimeSpan.FromSeconds(30)));

    private async Task<(ITurnControl, SourceProbe<AgentInput>, SinkProbe<TurnEvent>, ScriptedProvider, AgentRuntime)> RunAsync(ChatScript script)
    {
        var provider = ScriptedProvider.Always(script);
        var runtime = await WaysOut.StartAsync(provider);
        var (source, sink) = (StreamProbes.Source<AgentInput>(this), StreamProbes.Sink<TurnEvent>(this));
        var control = source.Source.ViaMaterialized(runtime.Agents["writer", "1"].Flow(), Keep.Right).To(sink.Sink).Run(_materializer);
        return (control, source, sink, provider, runtime);
    }
}
