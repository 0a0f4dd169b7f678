using ActorAgents.Testing;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.TestKit.Xunit2;
using static ActorAgents.Tests.TurnProbes;

namespace ActorAgents.Tests.Streams;

/// <summary>A turn as a source, one test per signal.</summary>
public sealed class SourceTests : TestKit
{
    private readonly ActorMaterializer _materializer;

    public SourceTests() => _materializer = Sys.Materializer();

    [Fact, Trait("Behaviour", "T23")]
    public async Task Without_demand_nothing_happens()
    {
        var provider = new ScriptedProvider();
        await using var runtime = await WaysOut.StartAsync(provider);
        var sink = StreamProbes.Sink<TurnEvent>(this);
        runtime.Agents["writer", "1"].Source("go").RunWith(sink.Sink, _materializer);

        await sink.ExpectNoSignalAsync();

        Assert.Equal(0, provider.CallsStarted);
        Assert.Equal(0, runtime.Agents.Status.Agents);
    }

    [Fact]
    public async Task The_materializer_runs_when_the_runtime_has_started()
    {
        await using var runtime = await WaysOut.StartAsync(new ScriptedProvider());

        // Until it does, each materialization holds a blocked thread.
        Assert.True(Assert.IsType<RepointableActorRef>(runtime.System.Materializer().Supervisor, exactMatch: false).IsStarted);
    }

    [Fact, Trait("Behaviour", "T55"), Trait("Behaviour", "P04")]
    public async Task Each_demand_pulls_one_chunk()
    {
        var provider = new ScriptedProvider(Script.Text(Enumerable.Range(0, 100).Select(i => $"{i}")).YieldBetween());
        await using var runtime = await WaysOut.StartAsync(provider);
        var sink = StreamProbes.Sink<TurnEvent>(this);
        runtime.Agents["writer", "1"].Source("go").RunWith(sink.Sink, _materializer);
        Assert.IsType<TurnStarted>(await sink.RequestNextAsync());

        foreach (var demand in new[] { 1, 3, 10 })
        {
            var before = provider.ChunksPulled;
            await sink.RequestAsync(demand);
            for (var i = 0; i < demand; i++) await sink.ExpectNextAsync();
            await sink.ExpectNoSignalAsync(TimeSpan.FromMilliseconds(20));
            Assert.Equal(before + demand, provider.ChunksPulled);
        }
        await sink.CancelAsync();
        await provider.ReleasedAsync();
    }

    [Fact]
    public async Task The_terminal_event_is_followed_by_completion()
    {
        var provider = new ScriptedProvider(Script.Text("A"));
        await using var runtime = await WaysOut.StartAsync(provider);
        var sink = StreamProbes.Sink<TurnEvent>(this);
        var control = runtime.Agents["writer", "1"].Source("go", Called("t1")).ToMaterialized(sink.Sink, Keep.Left).Run(_materializer);
        await sink.RequestAsync(100);
        Assert.IsType<TurnStarted>(await sink.ExpectNextAsync());
        Assert.IsType<TextDelta>(await sink.ExpectNextAsync());
        Assert.IsType<StepFinished>(await sink.ExpectNextAsync());
        var end = Assert.IsType<TurnCompleted>(await sink.ExpectNextAsync());
        await sink.ExpectCompleteAsync();

        Assert.Same(end, await control.Completion);
        Assert.Equal(new TurnId("t1"), control.TurnId);
        Assert.False(control.Interrupt());
    }

    [Fact]
    public async Task A_provider_that_fails_is_an_event_and_the_stream_completes()
    {
        var provider = new ScriptedProvider(Script.Text("A").Fails(503));
        await using var runtime = await WaysOut.StartAsync(provider);
        var sink = StreamProbes.Sink<TurnEvent>(this);
        runtime.Agents["writer", "1"].Source("go").RunWith(sink.Sink, _materializer);
        await sink.RequestAsync(100);
        await sink.ExpectNextAsync();
        await sink.ExpectNextAsync();

        Assert.Equal("A", Assert.IsType<TurnFailed>(await sink.ExpectNextAsync()).Partial);
        await sink.ExpectCompleteAsync();
    }

    [Theory, InlineData(true), InlineData(false), Trait("Behaviour", "T49")]
    public async Task Cancelling_downstream_interrupts_the_turn_and_releases_the_provider(bool whileItWaits)
    {
        var provider = new ScriptedProvider(Script.Text("A").Stall(out var silent));
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        var sink = StreamProbes.Sink<TurnEvent>(this);
        var control = agent.Source("go").ToMaterialized(sink.Sink, Keep.Left).Run(_materializer);
        await sink.RequestNextAsync();
        await sink.RequestNextAsync();
        if (whileItWaits)
        {
            await sink.RequestAsync();
            await silent.ReachedAsync();
        }

        await sink.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => control.Completion.WaitAsync(TimeSpan.FromSeconds(30)));
        await provider.ReleasedAsync();
        Assert.Equal(["user: go (interrupted)", "assistant: A (interrupted)"], await agent.HistoryAsync());
        Assert.Equal(0, runtime.Agents.Status.LiveTurns);
        Assert.Empty(provider.Violations);
    }

    [Fact, Trait("Behaviour", "T24")]
    public async Task Each_materialization_is_a_turn_of_its_own()
    {
        var provider = ScriptedProvider.Always(Script.Text("A"));
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        var source = agent.Source("go");

        var first = await source.RunWith(Sink.Seq<TurnEvent>(), _materializer);
        var second = await source.RunWith(Sink.Seq<TurnEvent>(), _materializer);

        Assert.NotEqual(first[0].Turn, second[0].Turn);
        Assert.Equal("A", second.Text());
        Assert.Equal(4, (await agent.HistoryAsync()).Length);
    }

    [Fact]
    public async Task Operators_over_it_pass_demand_and_end_on()
    {
        var provider = new ScriptedProvider(Script.Text("A", "B", "C"));
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];

        var text = await agent.Source("go").Collect(next => next is TextDelta, next => ((TextDelta)next).Text).Take(2)
            .RunAggregate("", (all, piece) => all + piece, _materializer);

        Assert.Equal("AB", text);
        await provider.ReleasedAsync();
    }
}
