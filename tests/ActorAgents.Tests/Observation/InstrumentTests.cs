using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using ActorAgents.Testing;
using Microsoft.Extensions.DependencyInjection;
using static ActorAgents.Tests.TurnProbes;

namespace ActorAgents.Tests.Observation;

/// <summary>Instruments that add up over the process: their tests run alone.</summary>
[CollectionDefinition(nameof(InstrumentTests), DisableParallelization = true)]
public sealed class Alone;

[Collection(nameof(InstrumentTests))]
public sealed class InstrumentTests
{
    [Fact, Trait("Behaviour", "T87")]
    public async Task The_runtimes_of_a_process_add_up_and_one_that_stopped_no_longer_counts()
    {
        var before = Read();
        var first = await StartAsync(running: 3);
        await using var second = await StartAsync(running: 2);
        await second.Agents["writer", "0"].StartAsync("again");

        Assert.Equal([5, 5, 1], Grown(before, "agent.count", "turn.live", "input.queued"));
        await first.DisposeAsync();
        Assert.Equal([2, 2, 1], Grown(before, "agent.count", "turn.live", "input.queued"));
    }

    [Fact, Trait("Behaviour", "T87")]
    public async Task Turns_that_wait_for_a_place_and_calls_that_do_not_return_are_seen()
    {
        var before = Read();
        var tool = new ScriptedTool("look").Holds(out var deaf).IgnoresCancellation();
        var provider = new ScriptedProvider(
            Script.Text("A").Stall(out var silent).IgnoreCancellation(), Script.Call("look"), Script.Stall(out _));
        await using var runtime = await WaysOut.StartAsync(
            provider, a => a.WithTool(tool).WithLimits(l => l with { ToolGrace = TimeSpan.FromMilliseconds(1) }), more => more.WithMaxLiveTurns(1));
        await InterruptAsync(runtime.Agents["writer", "1"], silent.ReachedAsync());
        await Observing.UntilAsync(() => Grown(before, "call.abandoned")[0] == 1);
        await InterruptAsync(runtime.Agents["writer", "2"], tool.StartedAsync());
        await Observing.UntilAsync(() => Grown(before, "tool.abandoned")[0] == 1);

        await runtime.Agents["writer", "3"].StartAsync("go");
        await runtime.Agents["writer", "4"].StartAsync("go");
        await Observing.UntilAsync(() => Grown(before, "turn.waiting")[0] == 1);
        silent.Open();
        deaf.Open();

        static async Task InterruptAsync(Agent agent, Task reached)
        {
            var turn = await agent.StartAsync("go");
            await reached;
            await turn.InterruptAsync();
        }
    }

    [Fact, Trait("Behaviour", "T87")]
    public async Task Delivered_chunks_count_while_their_turn_runs_and_stay_counted_when_it_and_its_runtime_are_gone()
    {
        var before = Read();
        var runtime = await WaysOut.StartAsync(new(Script.Text("a", "b", "c").Stall(out var silent).Text("d")));
        await using var probe = runtime.Agents["writer", "1"].EventsAsync("go").Probe();
        await probe.ReadUpToAsync("abc", silent);

        Assert.Equal([3], Grown(before, "chunk.delivered"));
        silent.Open();
        await probe.ReadEndAsync<TurnCompleted>();
        Assert.Equal([4], Grown(before, "chunk.delivered"));
        await runtime.DisposeAsync();
        Assert.Equal([4], Grown(before, "chunk.delivered"));
    }

    [Fact, Trait("Behaviour", "T87")]
    public async Task Readers_of_logs_lag_by_what_they_have_not_taken()
    {
        await using var runtime = await WaysOut.StartAsync(new(Script.Text("a", "b", "c", "d", "e", "f")));
        var turn = await runtime.Agents["writer", "1"].StartAsync("go");
        await using (var whole = turn.ReadAsync().Probe())
        {
            await whole.ReadEndAsync<TurnCompleted>(); // Nothing is left to it: it counts no more.
            Assert.Equal(9, whole.Seen.Count);
            Assert.Equal((0, 0), Lag());

            await using var slow = turn.ReadAsync().Probe();
            await slow.NextAsync();
            await using var late = turn.ReadAsync(new TurnCursor(1, 5)).Probe();
            await late.NextAsync();

            Assert.Equal((8, 5.5), Lag());
        }
        Assert.Equal((0, 0), Lag());

        static (double, double) Lag() => Read() is var now ? (now["log.reader.lag.max"], now["log.reader.lag.mean"]) : default;
    }

    [Fact]
    public async Task A_stopped_runtime_is_let_go()
    {
        var node = await RunAsync();

        for (var tries = 0; node.IsAlive && tries < 100; tries++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Yield();
        }

        Assert.False(node.IsAlive);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static async Task<WeakReference> RunAsync()
        {
            await using var runtime = await WaysOut.StartAsync(ScriptedProvider.Always("A"));
            await runtime.Agents["writer", "1"].RunAsync("go");
            _ = Read();
            return new WeakReference(runtime.Services.GetRequiredService<AgentsHost>().Node);
        }
    }

    private static async Task<AgentRuntime> StartAsync(int running)
    {
        var runtime = await WaysOut.StartAsync(ScriptedProvider.Always(Script.Stall(out _)));
        for (var i = 0; i < running; i++) await runtime.Agents["writer", $"{i}"].StartAsync("go", Called("t"));
        return runtime;
    }

    private static double[] Grown(Dictionary<string, double> before, params string[] instruments)
    {
        var now = Read();
        return [.. instruments.Select(name => now[name] - before.GetValueOrDefault(name))];
    }

    /// <summary>What the observable instruments say now, without their common prefix.</summary>
    private static Dictionary<string, double> Read()
    {
        var read = new Dictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) => { if (instrument.Meter.Name == "ActorAgents" && instrument.IsObservable) listener.EnableMeasurementEvents(instrument); },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => read[instrument.Name["actoragents.".Length..]] = value);
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => read[instrument.Name["actoragents.".Length..]] = value);
        listener.Start();
        listener.RecordObservableInstruments();
        return read;
    }
}
