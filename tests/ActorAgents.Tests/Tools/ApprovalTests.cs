using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.Tests.Tools;

public sealed class ApprovalTests
{
    private readonly ScriptedTool _delete = new("delete", _ => "gone", "file");
    private readonly ScriptedTool _look = new("look", _ => "two files");
    private AIFunction Guarded => new ApprovalRequiredAIFunction(_delete);

    [Theory, EveryWayOut, Trait("Behaviour", "M10")]
    public async Task Only_the_guarded_call_waits_and_runs_once_approved(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Call("delete", new { file = "a" }, "c1").Call("look", callId: "c2"), "Done.");
        await using var one = await OneAgent.StartAsync(way, provider, Guarded, _look);

        await using var probe = one.Probe("go");
        var asked = await probe.UntilAsync<ApprovalRequested>();
        Assert.Equal(("c1", "delete", "a"), (asked.CallId, asked.Tool, asked.Arguments["file"]?.ToString()));
        Assert.Equal("c2", (await probe.UntilAsync<ToolFinished>()).CallId);
        Assert.Equal(0, _delete.Started);

        Assert.Equal(ApprovalOutcome.Taken, await one.Agent.AnswerAsync(asked.RequestId, approved: true));
        Assert.Equal("gone", (await probe.UntilAsync<ToolFinished>()).Result);
        Assert.Equal("Done.", (await probe.EndAsync<TurnCompleted>()).Text);
        Assert.Equal([("c1", "gone"), ("c2", "two files")],
            provider.Requests[1].Messages[^1].Contents.Cast<FunctionResultContent>().Select(r => (r.CallId, (string)r.Result!)));
    }

    [Theory, EveryWayOut, Trait("Behaviour", "M10")]
    public async Task Forged_doubled_and_late_answers_are_refused(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Call("delete", callId: "c1"), Script.Stall(out var silent).Text("Done."));
        await using var one = await OneAgent.StartAsync(way, provider, Guarded);
        var other = one.Runtime.Agents["writer", "2"];

        await using var probe = one.Probe("go");
        var asked = await probe.UntilAsync<ApprovalRequested>();
        Assert.Equal(ApprovalOutcome.Unknown, await one.Agent.AnswerAsync("c1", approved: true));
        Assert.Equal(ApprovalOutcome.Unknown, await one.Agent.AnswerAsync(asked.RequestId + "0", approved: true));
        Assert.Equal(ApprovalOutcome.Unknown, await other.AnswerAsync(asked.RequestId, approved: true));
        Assert.Equal(0, _delete.Started);

        Assert.Equal(ApprovalOutcome.Taken, await one.Agent.AnswerAsync(asked.RequestId, approved: true));
        Assert.Equal(ApprovalOutcome.AlreadyAnswered, await one.Agent.AnswerAsync(asked.RequestId, approved: false));
        silent.Open();
        Assert.Equal("gone", (await probe.UntilAsync<ToolFinished>()).Result);
        await probe.EndAsync<TurnCompleted>();
        Assert.Equal(ApprovalOutcome.Unknown, await one.Agent.AnswerAsync(asked.RequestId, approved: true));
    }

    [Theory, EveryWayOut, Trait("Behaviour", "M10")]
    public async Task Each_call_has_a_request_of_its_own(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Call("delete", callId: "c1").Call("delete", callId: "c2"), "Done.");
        await using var one = await OneAgent.StartAsync(way, provider, Guarded);

        await using var probe = one.Probe("go");
        var first = await probe.UntilAsync<ApprovalRequested>();
        var second = await probe.UntilAsync<ApprovalRequested>();
        Assert.NotEqual(first.RequestId, second.RequestId);
        Assert.Equal(ApprovalOutcome.Taken, await one.Agent.AnswerAsync(second.RequestId, approved: true));
        Assert.Equal("c2", (await probe.UntilAsync<ToolFinished>()).CallId);
        Assert.Equal(1, _delete.Started);
        Assert.Equal(ApprovalOutcome.Taken, await one.Agent.AnswerAsync(first.RequestId, approved: true));
        await probe.EndAsync<TurnCompleted>();
    }

    [Theory, EveryWayOut, Trait("Behaviour", "M10")]
    public async Task A_rejection_is_told_to_the_model_with_its_reason(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Call("delete", callId: "c1").Call("delete", callId: "c2"), "As you wish.");
        await using var one = await OneAgent.StartAsync(way, provider, Guarded);

        await using var probe = one.Probe("go");
        Assert.Equal(ApprovalOutcome.Taken, await one.Agent.AnswerAsync((await probe.UntilAsync<ApprovalRequested>()).RequestId, approved: false, reason: "Not on Fridays."));
        Assert.Equal(ApprovalOutcome.Taken, await one.Agent.AnswerAsync((await probe.UntilAsync<ApprovalRequested>()).RequestId, approved: false));
        await probe.EndAsync<TurnCompleted>();

        const string Rejected = "Tool call invocation was rejected by the approver and must not be retried.";
        Assert.Equal(Rejected + " Reason: Not on Fridays.", provider.Requests[1].Messages.ResultOf("c1"));
        Assert.Equal(Rejected, provider.Requests[1].Messages.ResultOf("c2"));
        Assert.All(probe.Seen.OfType<ToolFinished>(), finished => Assert.Equal(ToolOutcome.Rejected, finished.Outcome));
        Assert.Equal(0, _delete.Started);
    }

    [Theory, EveryWayOut, Trait("Behaviour", "M10")]
    public async Task An_answered_request_is_known_in_later_rounds_of_its_turn_and_not_in_later_turns(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Call("delete", callId: "c1"), Script.Call("delete", callId: "c2"), "Done.", Script.Call("delete", callId: "c3"));
        await using var one = await OneAgent.StartAsync(way, provider, Guarded);

        await using var probe = one.Probe("go");
        var first = await probe.UntilAsync<ApprovalRequested>();
        Assert.Equal(ApprovalOutcome.Taken, await one.Agent.AnswerAsync(first.RequestId, approved: false));
        var second = await probe.UntilAsync<ApprovalRequested>();
        Assert.Equal(ApprovalOutcome.AlreadyAnswered, await one.Agent.AnswerAsync(first.RequestId, approved: true));
        Assert.Equal(ApprovalOutcome.Taken, await one.Agent.AnswerAsync(second.RequestId, approved: true));
        await probe.EndAsync<TurnCompleted>();
        Assert.Equal(1, _delete.Started);

        await using var next = one.Probe("again");
        await next.UntilAsync<ApprovalRequested>();
        Assert.Equal(ApprovalOutcome.Unknown, await one.Agent.AnswerAsync(first.RequestId, approved: true));
        await one.InterruptAsync();
        await next.EndAsync<TurnInterrupted>();
    }

    [Theory, EveryWayOut, Trait("Behaviour", "M10")]
    public async Task A_guarded_tool_stays_guarded_under_another_name(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Call("erase", callId: "c1"), "Done.");
        await using var runtime = await WaysOut.StartAsync(provider, agent => agent.WithTool("erase"), more => more.AddTool("erase", Guarded));
        var agent = runtime.Agents["writer", "1"];

        await using var probe = runtime.Read(way, agent, "go").Probe();
        var asked = await probe.UntilAsync<ApprovalRequested>();
        Assert.Equal((0, "erase"), (_delete.Started, asked.Tool));
        await agent.AnswerAsync(asked.RequestId, approved: true);
        Assert.Equal("gone", (await probe.UntilAsync<ToolFinished>()).Result);
        await probe.EndAsync<TurnCompleted>();
    }

    [Theory, EveryWayOut, Trait("Behaviour", "M10")]
    public async Task A_guarded_call_that_cannot_run_asks_nobody(WayOut way)
    {
        var provider = new ScriptedProvider(Script.MalformedCall("delete", "{", "c1"), "Done.");
        await using var one = await OneAgent.StartAsync(way, provider, Guarded);

        Assert.DoesNotContain(await one.ReadAllAsync("go"), e => e is ApprovalRequested);
    }
}
