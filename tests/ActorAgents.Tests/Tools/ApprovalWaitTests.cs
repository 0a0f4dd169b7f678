using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.Tests.Tools;

public sealed class ApprovalWaitTests
{
    private readonly VirtualTime _time = new();
    private readonly ScriptedTool _delete = new("delete", _ => "gone");
    private AIFunction Guarded => new ApprovalRequiredAIFunction(_delete);

    [Theory, EveryWayOut, Trait("Behaviour", "M10")]
    public async Task An_answer_that_does_not_come_in_time_is_a_rejection(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Call("delete", callId: "c1"), Script.Stall(out var silent).Text("As you wish."));
        await using var one = await StartAsync(way, provider, l => l with { ApprovalTimeout = TimeSpan.FromMinutes(2) });

        await using var probe = one.Probe("go");
        var asked = await probe.UntilAsync<ApprovalRequested>();
        _time.Advance(TimeSpan.FromMinutes(2.1));

        Assert.Equal(ToolOutcome.Rejected, (await probe.UntilAsync<ToolFinished>()).Outcome);
        Assert.Equal(ApprovalOutcome.AlreadyAnswered, await one.Agent.AnswerAsync(asked.RequestId, approved: true));
        silent.Open();
        await probe.EndAsync<TurnCompleted>();
        Assert.Equal("Tool call invocation was rejected by the approver and must not be retried. Reason: nobody answered in time.",
            provider.Requests[1].Messages.ResultOf("c1"));
        Assert.Equal(0, _delete.Started);
    }

    [Theory, EveryWayOut, Trait("Behaviour", "M10")]
    public async Task The_turns_time_stands_still_while_a_person_is_asked(WayOut way)
    {
        _delete.Holds(out var gate).Reports("half").Holds(new Gate());
        var provider = new ScriptedProvider(Script.Call("delete", callId: "c1"), "Done.");
        await using var one = await StartAsync(way, provider, l => l with { TotalTimeout = TimeSpan.FromMinutes(10), ToolTimeout = Timeout.InfiniteTimeSpan });

        await using var probe = one.Probe("go");
        var asked = await probe.UntilAsync<ApprovalRequested>();
        _time.Advance(TimeSpan.FromHours(8));
        Assert.Equal(ApprovalOutcome.Taken, await one.Agent.AnswerAsync(asked.RequestId, approved: true));
        await probe.UntilAsync<ToolStarted>();
        await _delete.StartedAsync();
        _time.Advance(TimeSpan.FromMinutes(9));
        gate.Open();
        await probe.UntilAsync<ToolProgress>();
        _time.Advance(TimeSpan.FromMinutes(1.1));

        Assert.Equal(InterruptReason.TotalTimeout, (await probe.EndAsync<TurnInterrupted>()).Reason);
    }

    [Theory, EveryWayOut, Trait("Behaviour", "M10")]
    public async Task A_provider_may_be_silent_while_a_person_is_asked(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Text("a").Call("delete", callId: "c1").Stall(out var silent).Text("b"), "c");
        await using var one = await StartAsync(way, provider, l => l with { IdleTimeout = TimeSpan.FromMinutes(1), TotalTimeout = Timeout.InfiniteTimeSpan });

        await using var probe = one.Probe("go");
        var asked = await probe.UntilAsync<ApprovalRequested>();
        await probe.ExpectNoEventAsync(silent.ReachedAsync());
        _time.Advance(TimeSpan.FromHours(8));
        Assert.Equal(ApprovalOutcome.Taken, await one.Agent.AnswerAsync(asked.RequestId, approved: true));
        Assert.Equal("gone", (await probe.UntilAsync<ToolFinished>()).Result);
        silent.Open();

        Assert.Equal("abc", (await probe.EndAsync<TurnCompleted>()).Text);
    }

    [Theory, EveryWayOut, Trait("Behaviour", "M10"), Trait("Behaviour", "M12")]
    public async Task Interrupting_while_a_person_is_asked_cancels_the_call_for_good(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Text("a").Call("delete", callId: "c1"), "Bye.");
        await using var one = await StartAsync(way, provider, l => l);

        await using var probe = one.Probe("go");
        var asked = await probe.UntilAsync<ApprovalRequested>();
        Assert.True(await one.InterruptAsync());
        Assert.Equal("a", (await probe.EndAsync<TurnInterrupted>()).Partial);

        Assert.Equal(ApprovalOutcome.Unknown, await one.Agent.AnswerAsync(asked.RequestId, approved: true));
        Assert.Equal("Error: cancelled before it started.", (await one.Agent.GetMessagesAsync()).ResultOf("c1"));
        await one.ReadAllAsync("Bye.");
        Pairing.AssertValid(provider.Requests[1].Messages);
        Assert.Equal(0, _delete.Started);
    }

    private Task<OneAgent> StartAsync(WayOut way, ScriptedProvider provider, Func<AgentLimits, AgentLimits> limits) =>
        OneAgent.StartAsync(way, provider, agent => agent.WithTool(Guarded).WithLimits(limits), _time);
}
