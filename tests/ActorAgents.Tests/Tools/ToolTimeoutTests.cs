using ActorAgents.Testing;

namespace ActorAgents.Tests.Tools;

public sealed class ToolTimeoutTests
{
    private readonly VirtualTime _time = new();
    private readonly Gate _gate = new();

    [Theory, EveryWayOut, Trait("Behaviour", "T65")]
    public async Task A_tool_over_its_time_is_cancelled_and_gives_an_error_result(WayOut way)
    {
        var slow = new ScriptedTool("slow").Holds(_gate);
        var provider = new ScriptedProvider(Script.Call("slow", callId: "c1"), "Sorry.");
        await using var one = await OneAgent.StartAsync(way, provider,
            agent => agent.WithTool(slow).WithLimits(l => l with { ToolTimeout = TimeSpan.FromSeconds(2) }), _time);

        var reading = one.ReadAllAsync("go");
        await slow.StartedAsync();
        _time.Advance(TimeSpan.FromSeconds(1.99));
        Assert.Equal((1, 0), (slow.Running, slow.CancellationsSeen));
        _time.Advance(TimeSpan.FromSeconds(0.26));
        var events = await reading;
        await slow.CancelledAsync();

        var finished = events.Finished("c1");
        Assert.Equal(("Error: timed out after 2 s.", ToolOutcome.TimedOut), (finished.Result, finished.Outcome));
        Assert.InRange(finished.Duration, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2.25));
        Assert.Equal("Error: timed out after 2 s.", provider.Requests[1].Messages.ResultOf("c1"));
        Assert.Equal("Sorry.", events.End<TurnCompleted>().Text);
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T65")]
    public async Task The_answer_of_a_tool_that_timed_out_reaches_no_later_round(WayOut way)
    {
        var deaf = new ScriptedTool("deaf", _ => "late").Reports("late progress").Holds(_gate).IgnoresCancellation();
        var provider = new ScriptedProvider(Script.Call("deaf", callId: "c1"), Script.Text("a").Stall(out var silent).Text("b"));
        await using var one = await OneAgent.StartAsync(way, provider, agent => agent.WithTool(deaf), _time);

        await using var probe = one.Probe("go");
        await probe.UntilAsync<ToolStarted>();
        await deaf.StartedAsync();
        _time.Advance(TimeSpan.FromSeconds(61));
        await probe.UntilAsync<ToolFinished>();
        await probe.UntilAsync<TextDelta>();
        probe.Pull();
        await silent.ReachedAsync();
        _gate.Open();
        await deaf.EndedAsync();
        silent.Open();
        await probe.EndAsync<TurnCompleted>();

        Assert.Equal(ToolOutcome.TimedOut, Assert.Single(probe.Seen.OfType<ToolFinished>()).Outcome);
        Assert.Equal("Error: timed out after 60 s.", (await one.Agent.GetMessagesAsync()).ResultOf("c1"));
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T65")]
    public async Task One_that_timed_out_ends_the_turn_no_more(WayOut way)
    {
        var late = new ScriptedTool("late").Holds(_gate).Terminates().IgnoresCancellation();
        var other = new ScriptedTool("other").Holds(out var soon);
        var provider = new ScriptedProvider(Script.Call("late", callId: "c1").Stall(out var silent).Call("other", callId: "c2"), "Done.");
        await using var one = await OneAgent.StartAsync(way, provider, agent => agent.WithTool(late).WithTool(other), _time);
        var reading = one.ReadAllAsync("go");
        await late.StartedAsync();
        await silent.ReachedAsync();
        _time.Advance(TimeSpan.FromSeconds(40));
        silent.Open();
        await other.StartedAsync();
        _time.Advance(TimeSpan.FromSeconds(40));

        _gate.Open();
        await late.EndedAsync();
        soon.Open();

        var events = await reading;
        Assert.Equal(ToolOutcome.TimedOut, events.Finished("c1").Outcome);
        Assert.Equal("Done.", events.End<TurnCompleted>().Text);
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T65")]
    public async Task Only_the_call_over_its_time_is_given_up(WayOut way)
    {
        var slow = new ScriptedTool("slow").Holds(_gate);
        var other = new ScriptedTool("other", _ => "in time").Holds(out var soon);
        var provider = new ScriptedProvider(Script.Call("slow", callId: "c1").Stall(out var silent).Call("other", callId: "c2"), "Done.");
        await using var one = await OneAgent.StartAsync(way, provider, agent => agent.WithTool(slow).WithTool(other), _time);

        var reading = one.ReadAllAsync("go");
        await slow.StartedAsync();
        await silent.ReachedAsync();
        _time.Advance(TimeSpan.FromSeconds(40));
        silent.Open();
        await other.StartedAsync();
        _time.Advance(TimeSpan.FromSeconds(40));
        await slow.CancelledAsync();
        soon.Open();
        var events = await reading;

        Assert.Equal((ToolOutcome.TimedOut, "in time"), (events.Finished("c1").Outcome, events.Finished("c2").Result));
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T65")]
    public async Task A_running_tool_does_not_count_as_silence_of_the_provider(WayOut way)
    {
        var slow = new ScriptedTool("slow").Holds(_gate);
        var provider = new ScriptedProvider(Script.Call("slow"), "Done.");
        await using var one = await OneAgent.StartAsync(way, provider, agent => agent.WithTool(slow).WithLimits(l => l with
        {
            ToolTimeout = TimeSpan.FromMinutes(5), IdleTimeout = TimeSpan.FromSeconds(1), FirstTokenTimeout = TimeSpan.FromSeconds(1),
        }), _time);

        await using var probe = one.Probe("go");
        await probe.UntilAsync<StepFinished>();
        await slow.StartedAsync();
        await probe.ExpectNoEventAsync();
        _time.Advance(TimeSpan.FromMinutes(4));
        _gate.Open();

        Assert.Equal("Done.", (await probe.EndAsync<TurnCompleted>()).Text);
    }
}
