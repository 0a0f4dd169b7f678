using ActorAgents.Testing;
using static ActorAgents.Tests.TurnProbes;

namespace ActorAgents.Tests.Stops;

public sealed class WaitingTurnTests
{
    [Theory, EveryWayOut, Trait("Behaviour", "T47")]
    public async Task An_interrupted_waiting_turn_leaves_the_queue_and_no_trace(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Text("A").Stall(out var silent), Script.Text("B"));
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        var first = await agent.StartAsync("first");
        await silent.ReachedAsync();
        await using var waiting = runtime.Read(way, agent, "never", Called("w")).Probe();
        waiting.Pull();

        await InterruptOnceKnownAsync(agent, new TurnId("w"));

        await waiting.ReadInterruptedAsync(InterruptReason.User, "");
        var third = await agent.StartAsync("third");
        silent.Open();
        await using var reader = third.ReadAsync().Probe();
        await reader.ReadEndAsync<TurnCompleted>();
        Assert.Equal(["user: first", "assistant: A", "user: third", "assistant: B"], await agent.HistoryAsync());
        Assert.Equal(["user: first", "assistant: A", "user: third"], provider.Requests[1].Lines());
    }

    [Fact]
    public async Task It_frees_its_place_in_the_queue_at_once()
    {
        var provider = ScriptedProvider.Always(Script.Stall(out var silent).Text("A"));
        await using var runtime = await WaysOut.StartAsync(provider, a => a.WithLimits(l => l with { MaxQueuedInputs = 1 }));
        var agent = runtime.Agents["writer", "1"];
        await agent.StartAsync("first");
        for (var i = 0; i < 50; i++)
        {
            var waiting = await agent.StartAsync("never"); // Refused if the one before still held the only place.
            Assert.True(await waiting.InterruptAsync());
        }
        silent.Open();
    }

    [Fact, Trait("Behaviour", "T44")]
    public async Task A_waiting_turn_is_interrupted_once()
    {
        var provider = new ScriptedProvider(Script.Stall(out _));
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        await agent.StartAsync("first");
        var waiting = await agent.StartAsync("never");

        Assert.True(await waiting.InterruptAsync());
        Assert.False(await waiting.InterruptAsync());
    }

    [Fact]
    public async Task Asked_to_stop_after_its_step_a_waiting_turn_stops_now()
    {
        var provider = new ScriptedProvider(Script.Stall(out _));
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        await agent.StartAsync("first");
        var waiting = await agent.StartAsync("never");

        Assert.True(await waiting.InterruptAsync(InterruptMode.AfterStep));

        await using var reader = waiting.ReadAsync().Probe();
        await reader.ReadInterruptedAsync(InterruptReason.User, "");
    }

    [Fact, Trait("Behaviour", "T48")]
    public async Task Asked_to_stop_after_its_step_one_that_waits_for_a_place_to_run_stops_now()
    {
        var provider = new ScriptedProvider(Script.Stall(out _));
        await using var runtime = await WaysOut.StartAsync(provider, more: more => more.WithMaxLiveTurns(1));
        await runtime.Agents["writer", "1"].StartAsync("first");
        await provider.StalledAsync();
        var waiting = await runtime.Agents["writer", "2"].StartAsync("never");

        Assert.True(await waiting.InterruptAsync(InterruptMode.AfterStep));

        await using var reader = waiting.ReadAsync().Probe();
        await reader.ReadInterruptedAsync(InterruptReason.User, "");
        Assert.Equal(1, provider.CallsStarted);
    }

    /// <summary>A stream graph tells nobody when its turn has arrived in the queue.</summary>
    private static async Task InterruptOnceKnownAsync(Agent agent, TurnId turn)
    {
        while (!await agent.InterruptAsync(turn)) await Task.Yield();
    }
}
