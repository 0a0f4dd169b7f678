using System.Diagnostics;
using ActorAgents.Testing;
using static ActorAgents.Tests.TurnProbes;

namespace ActorAgents.Tests.Stops;

public sealed class ShutdownTests
{
    [Theory, InlineData(WayOut.AwaitForeach), InlineData(WayOut.TurnLog), Trait("Behaviour", "T54")]
    public async Task Running_turns_end_with_what_was_delivered(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Text("A").Stall(out var silent));
        var runtime = await WaysOut.StartAsync(provider);
        await using var probe = runtime.Read(way, runtime.Agents["writer", "1"], "go").Probe();
        await probe.ReadUpToAsync("A", silent);

        await runtime.DisposeAsync();

        await probe.ReadInterruptedAsync(InterruptReason.Shutdown, "A");
        await provider.ReleasedAsync();
    }

    [Fact, Trait("Behaviour", "T54")]
    public async Task A_stream_graph_gets_the_end_of_its_turn_before_its_actor_system_is_gone()
    {
        var provider = new ScriptedProvider(Script.Text("A").Stall(out var silent));
        var runtime = await WaysOut.StartAsync(provider);
        await using var probe = runtime.Read(WayOut.Source, runtime.Agents["writer", "1"], "go").Probe();
        await probe.ReadUpToAsync("A", silent);

        var disposed = runtime.DisposeAsync();

        await probe.NextAsync<TurnInterrupted>();
        Assert.Equal(InterruptReason.Shutdown, ((TurnInterrupted)probe.Seen[^1]).Reason);
        await disposed;
    }

    [Theory, InlineData(WayOut.AwaitForeach), InlineData(WayOut.TurnLog), Trait("Behaviour", "T54")]
    public async Task Waiting_turns_end_too_and_the_next_of_the_queue_is_not_begun(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Text("A").Stall(out var silent));
        var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        await agent.StartAsync("go");
        await silent.ReachedAsync();
        await using var waiting = runtime.Read(way, agent, "never").Probe();
        waiting.Pull();

        await runtime.DisposeAsync();

        await waiting.ReadInterruptedAsync(InterruptReason.Shutdown, "");
        Assert.Equal(1, provider.CallsStarted);
    }

    [Fact, Trait("Behaviour", "T54")]
    public async Task A_deaf_provider_does_not_hold_it_up()
    {
        var provider = ScriptedProvider.Always(Script.Text("A").Stall(out var deaf).IgnoreCancellation());
        var runtime = await WaysOut.StartAsync(provider);
        for (var i = 0; i < 20; i++) await runtime.Agents["writer", $"{i}"].StartAsync("go");
        await deaf.ReachedAsync(20);
        var clock = Stopwatch.StartNew();

        await runtime.DisposeAsync();

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(4), $"It took {clock.Elapsed}."); // The phase's own timeout is 5 s.
        deaf.Open();
        await provider.ReleasedAsync();
        Assert.Empty(provider.Violations);
    }

    [Fact, Trait("Behaviour", "T54")]
    public async Task Afterwards_inputs_are_refused_and_questions_do_not_hang()
    {
        var provider = new ScriptedProvider(Script.Text("A"));
        var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        await agent.RunAsync("go");
        await runtime.DisposeAsync();
        var clock = Stopwatch.StartNew();

        await Assert.ThrowsAsync<RuntimeStoppedException>(() => agent.RunAsync("too late"));
        await Assert.ThrowsAsync<RuntimeStoppedException>(() => agent.StartAsync("too late"));
        await Assert.ThrowsAsync<RuntimeStoppedException>(() => agent.StreamAsync("too late").CollectAsync());
        await Assert.ThrowsAsync<RuntimeStoppedException>(() => agent.InterruptAsync(new TurnId("any")));
        await Assert.ThrowsAsync<RuntimeStoppedException>(() => agent.GetMessagesAsync());
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"It took {clock.Elapsed}.");
    }

    [Fact, Trait("Behaviour", "T54")]
    public async Task Turns_that_start_during_the_shutdown_end_or_are_refused()
    {
        var provider = ScriptedProvider.Always(Script.Text("A").Stall(out _));
        var runtime = await WaysOut.StartAsync(provider);
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var turns = Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(async () =>
        {
            if (i == 20) started.SetResult();
            TerminalEvent? end = null;
            await foreach (var next in runtime.Agents["writer", $"{i % 7}"].EventsAsync("go")) end = next as TerminalEvent;
            return end!;
        })));
        await started.Task;

        await runtime.DisposeAsync();

        foreach (var end in await turns.WaitAsync(TimeSpan.FromSeconds(30)))
            Assert.True(end is TurnInterrupted { Reason: InterruptReason.Shutdown } or TurnFailed { Error.Kind: TurnErrorKind.Shutdown or TurnErrorKind.Busy }, end.ToString());
        await provider.ReleasedAsync();
    }
}
