using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.Tests.Tools;

public sealed class ToolInterruptionTests
{
    private readonly Gate _gate = new();
    private readonly ScriptedTool _slow;
    private readonly ScriptedTool _deaf;

    public ToolInterruptionTests()
    {
        _slow = new ScriptedTool("slow", _ => "late").Holds(_gate);
        _deaf = new ScriptedTool("deaf", _ => "late").Holds(_gate).IgnoresCancellation();
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T48")]
    public async Task A_running_tool_is_cancelled_and_the_text_of_all_rounds_is_kept(WayOut way)
    {
        var fast = new ScriptedTool("fast");
        var provider = new ScriptedProvider(Script.Text("One. ").Call("fast", callId: "c1"), Script.Text("Two. ").Call("slow", callId: "c2"), "Bye.");
        await using var one = await OneAgent.StartAsync(way, provider, fast, _slow);

        await using var probe = one.Probe("go");
        await probe.UntilAsync<ToolFinished>();
        await probe.UntilAsync<ToolStarted>();
        await _slow.StartedAsync();
        Assert.True(await one.InterruptAsync());
        var interrupted = await probe.EndAsync<TurnInterrupted>();
        await _slow.CancelledAsync();

        Assert.Equal(("One. Two. ", InterruptReason.User), (interrupted.Partial, interrupted.Reason));
        var history = await one.Agent.GetMessagesAsync();
        Assert.Equal("Error: cancelled; the outcome is unknown.", history.ResultOf("c2"));
        Pairing.AssertComplete(history);
        await one.ReadAllAsync("Bye.");
        Pairing.AssertValid(provider.Requests[2].Messages);
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T48"), Trait("Behaviour", "M11")]
    public async Task A_tool_that_ignores_its_token_delays_nobody_and_its_late_result_is_dropped(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Text("a").Call("deaf", callId: "c1"), "Bye.");
        await using var one = await OneAgent.StartAsync(way, provider, _deaf);

        await using var probe = one.Probe("go");
        await probe.UntilAsync<ToolStarted>();
        await _deaf.StartedAsync();
        await one.InterruptAsync();
        await probe.EndAsync<TurnInterrupted>();
        Assert.Equal("Bye.", (await one.ReadAllAsync("Bye.")).End<TurnCompleted>().Text);
        Assert.Equal(1, _deaf.Running);

        _gate.Open();
        await _deaf.EndedAsync();
        Assert.Equal("Error: cancelled; the outcome is unknown.", (await one.Agent.GetMessagesAsync()).ResultOf("c1"));
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T48")]
    public async Task Calls_that_had_not_started_never_start(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Call("slow", callId: "c1").Call("slow", callId: "c2"));
        await using var one = await OneAgent.StartAsync(way, provider, agent => agent.WithTool(_slow).WithLimits(l => l with { MaxParallelTools = 1 }));

        await using var probe = one.Probe("go");
        await probe.UntilAsync<StepFinished>();
        await _slow.StartedAsync();
        await one.InterruptAsync();
        await probe.EndAsync<TurnInterrupted>();
        _gate.Open();
        await _slow.EndedAsync();

        var history = await one.Agent.GetMessagesAsync();
        Assert.Equal("Error: cancelled; the outcome is unknown.", history.ResultOf("c1"));
        Assert.Equal("Error: cancelled before it started.", history.ResultOf("c2"));
        Assert.Equal(1, _slow.Started);
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T48")]
    public async Task A_provider_that_fails_while_a_tool_runs_ends_the_tool_and_is_not_asked_again(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Call("slow", callId: "c1").Stall(out var silent).Fails(503));
        await using var one = await OneAgent.StartAsync(way, provider, _slow);

        var reading = one.ReadAllAsync("go");
        await _slow.StartedAsync();
        silent.Open();
        var events = await reading;
        await _slow.CancelledAsync();

        Assert.Equal(TurnErrorKind.Truncated, events.End<TurnFailed>().Error.Kind);
        Assert.Single(provider.Requests);
        Pairing.AssertComplete(await one.Agent.GetMessagesAsync());
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T48")]
    public async Task After_the_step_running_tools_finish_and_no_request_follows(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Text("a").Call("slow", callId: "c1"));
        await using var one = await OneAgent.StartAsync(way, provider, _slow);

        var reading = one.ReadAllAsync("go");
        await _slow.StartedAsync();
        Assert.True(await one.InterruptAsync(InterruptMode.AfterStep));
        _gate.Open();
        var events = await reading;

        Assert.Equal("late", events.Finished("c1").Result);
        Assert.Equal(("a", InterruptReason.User), (events.End<TurnInterrupted>().Partial, events.End<TurnInterrupted>().Reason));
        Assert.Equal("late", (await one.Agent.GetMessagesAsync()).ResultOf("c1"));
        Assert.Single(provider.Requests);
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T48")]
    public async Task After_the_step_calls_that_wait_for_a_place_or_a_person_are_cancelled(WayOut way)
    {
        var guarded = new ApprovalRequiredAIFunction(new ScriptedTool("guarded"));
        var provider = new ScriptedProvider(Script.Call("slow", callId: "c1").Call("slow", callId: "c2").Call("guarded", callId: "c3"));
        await using var one = await OneAgent.StartAsync(way, provider,
            agent => agent.WithTool(_slow).WithTool(guarded).WithLimits(l => l with { MaxParallelTools = 1 }));

        await using var probe = one.Probe("go");
        await probe.UntilAsync<StepFinished>();
        await _slow.StartedAsync();
        probe.Pull();
        await one.InterruptAsync(InterruptMode.AfterStep);
        _gate.Open();
        await probe.EndAsync<TurnInterrupted>();

        var history = await one.Agent.GetMessagesAsync();
        Assert.Equal("late", history.ResultOf("c1"));
        Assert.Equal("Error: cancelled before it started.", history.ResultOf("c2"));
        Assert.Equal("Error: cancelled before it started.", history.ResultOf("c3"));
    }
}
