using ActorAgents.Testing;
using static ActorAgents.Tests.TurnProbes;

namespace ActorAgents.Tests.Stops;

public sealed class InterruptionTests
{
    [Theory, EveryWayOut, Trait("Behaviour", "T43"), Trait("Behaviour", "P01"), Trait("Behaviour", "P02")]
    public async Task A_turn_interrupted_by_its_id_ends_with_what_was_delivered_and_releases_the_provider(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Text("A", "B").Stall(out var silent));
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        await using var probe = runtime.Read(way, agent, "go", Called("t1")).Probe();
        await probe.ReadUpToAsync("AB", silent);

        Assert.True(await Task.Run(() => agent.InterruptAsync(new TurnId("t1"))));

        await probe.ReadInterruptedAsync(InterruptReason.User, "AB");
        await provider.ReleasedAsync();
        Assert.Equal(["user: go (interrupted)", "assistant: AB (interrupted)"], await agent.HistoryAsync());
        Assert.Equal(0, runtime.Agents.Status.LiveTurns);
        Assert.Empty(provider.Violations);
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T47")]
    public async Task Before_the_first_byte_the_partial_is_empty_and_the_question_stays(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Stall(out var silent));
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        await using var probe = runtime.Read(way, agent, "go", Called("t1")).Probe();
        await probe.NextAsync<TurnStarted>();
        probe.Pull();
        await silent.ReachedAsync();

        Assert.True(await agent.InterruptAsync(new TurnId("t1")));

        await probe.ReadInterruptedAsync(InterruptReason.User, "");
        await provider.ReleasedAsync();
        Assert.Equal(["user: go (interrupted)"], await agent.HistoryAsync());
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T46")]
    public async Task Of_many_interruptions_at_once_one_is_the_one_and_the_reader_sees_one_end(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Text("A").Stall(out var silent));
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        await using var probe = runtime.Read(way, agent, "go", Called("t1")).Probe();
        await probe.ReadUpToAsync("A", silent);

        var stopped = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => agent.InterruptAsync(new TurnId("t1")))));

        Assert.Single(stopped, true);
        await probe.ReadInterruptedAsync(InterruptReason.User, "A");
        Assert.Equal(2, (await agent.HistoryAsync()).Length);
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T44")]
    public async Task Interrupting_what_is_unknown_or_over_is_false_and_changes_nothing(WayOut way)
    {
        var provider = ScriptedProvider.Always(Script.Text("A"));
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        Assert.False(await agent.InterruptAsync(new TurnId("t1")));
        Assert.Equal(0, runtime.Agents.Status.Agents);

        await runtime.ReadAllAsync(way, agent, "go", Called("t1"));

        Assert.False(await agent.InterruptAsync(new TurnId("t1")));
        Assert.False(await agent.InterruptAsync(new TurnId("t1"), InterruptMode.AfterStep));
        Assert.False(await agent.InterruptAsync(new TurnId("other")));
        Assert.Equal(["user: go", "assistant: A"], await agent.HistoryAsync());
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T45")]
    public async Task Another_turn_goes_on_untouched(WayOut way)
    {
        var provider = ScriptedProvider.Always(Script.Text("A").Stall(out var silent).Text("B"));
        await using var runtime = await WaysOut.StartAsync(provider);
        var (one, other) = (runtime.Agents["writer", "1"], runtime.Agents["writer", "2"]);
        await using var stopped = runtime.Read(way, one, "go", Called("t")).Probe();
        await using var untouched = runtime.Read(way, other, "go", Called("t")).Probe();
        await stopped.ReadTextAsync("A");
        await untouched.ReadTextAsync("A");
        stopped.Pull();
        untouched.Pull();
        await silent.ReachedAsync(2);

        Assert.True(await one.InterruptAsync(new TurnId("t")));
        await stopped.ReadInterruptedAsync(InterruptReason.User, "A");

        silent.Open();
        Assert.Equal("AB", (await untouched.ReadEndAsync<TurnCompleted>()).Text);
        Assert.Equal(["user: go", "assistant: AB"], await other.HistoryAsync());
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T43")]
    public async Task A_provider_that_ignores_its_token_keeps_nobody_waiting(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Text("A").Stall(out var deaf).Text("late").IgnoreCancellation());
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        await using var probe = runtime.Read(way, agent, "go", Called("t1")).Probe();
        await probe.ReadUpToAsync("A", deaf);

        Assert.True(await agent.InterruptAsync(new TurnId("t1")));

        await probe.ReadInterruptedAsync(InterruptReason.User, "A");
        Assert.Equal((0, 1), (runtime.Agents.Status.LiveTurns, runtime.Agents.Status.AbandonedCalls));
        Assert.Equal(1, provider.InFlight);
        deaf.Open();
        await provider.ReleasedAsync();
        Assert.Equal(["user: go (interrupted)", "assistant: A (interrupted)"], await agent.HistoryAsync());
        Assert.Empty(provider.Violations);
    }

    [Theory, AttachedWaysOut, Trait("Behaviour", "T43")]
    public async Task A_stop_is_recorded_at_once_though_the_reader_holds_an_event_and_does_not_ask_again(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Text("A", "B"), Script.Text("next"));
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        await using var probe = runtime.Read(way, agent, "go", Called("t1")).Probe();
        await probe.ReadTextAsync("A");

        Assert.True(await agent.InterruptAsync(new TurnId("t1")));

        Assert.Equal(["user: go (interrupted)", "assistant: A (interrupted)"], await agent.HistoryAsync());
        await provider.ReleasedAsync();
        Assert.Equal("next", (await agent.RunAsync("and?")).Content);
        await probe.ReadInterruptedAsync(InterruptReason.User, "A");
    }
}
