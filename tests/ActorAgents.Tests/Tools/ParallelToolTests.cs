using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.Tests.Tools;

public sealed class ParallelToolTests
{
    private readonly Gate _gate = new();
    private readonly ScriptedTool _slow;
    private readonly ScriptedTool _fast = new("fast", _ => "fast");

    public ParallelToolTests() => _slow = new ScriptedTool("slow", _ => "slow").Holds(_gate);

    [Theory, EveryWayOut, Trait("Behaviour", "M05"), Trait("Behaviour", "T60")]
    public async Task Each_result_is_seen_as_it_comes_and_goes_back_in_call_order_in_one_message(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Call("slow", callId: "c1").Call("fast", callId: "c2"), "Done.");
        await using var one = await OneAgent.StartAsync(way, provider, _slow, _fast);

        await using var probe = one.Probe("go");
        var first = await probe.UntilAsync<ToolFinished>();
        await _slow.StartedAsync();
        Assert.Equal(("c2", 1), (first.CallId, _slow.Running));
        _gate.Open();
        await probe.EndAsync<TurnCompleted>();

        Assert.Equal(["c2", "c1"], probe.Seen.OfType<ToolFinished>().Select(e => e.CallId));
        var message = provider.Requests[1].Messages[^1];
        Assert.Equal(ChatRole.Tool, message.Role);
        Assert.Equal([("c1", "slow"), ("c2", "fast")], message.Contents.Cast<FunctionResultContent>().Select(r => (r.CallId, (string)r.Result!)));
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T72")]
    public async Task Text_flows_while_a_tool_runs(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Text("a").Call("slow", callId: "c1").Text("b").Stall(out var silent).Text("c"), "d");
        await using var one = await OneAgent.StartAsync(way, provider, _slow);

        await using var probe = one.Probe("go");
        await probe.UntilAsync<ToolStarted>();
        Assert.Equal("b", (await probe.UntilAsync<TextDelta>()).Text);
        await _slow.StartedAsync();
        Assert.Equal(1, _slow.Running);

        probe.Pull();
        await silent.ReachedAsync();
        _gate.Open();
        Assert.Equal("c1", (await probe.NextAsync<ToolFinished>()).CallId);
        silent.Open();
        Assert.Equal("abcd", (await probe.EndAsync<TurnCompleted>()).Text);
    }

    [Theory, EveryWayOut, Trait("Behaviour", "M05")]
    public async Task Every_call_that_was_seen_to_start_is_seen_to_finish(WayOut way)
    {
        var together = new ScriptedTool("together");
        var provider = new ScriptedProvider(request => request.Messages[^1].Role == ChatRole.Tool
            ? "Done."
            : Enumerable.Range(0, 6).Aggregate(Script.Empty, (script, _) => script.Call("together")));
        await using var one = await OneAgent.StartAsync(way, provider, together);

        for (var turn = 0; turn < 100; turn++)
        {
            var events = await one.ReadAllAsync("go");
            Assert.Equal(events.OfType<ToolStarted>().Select(e => e.CallId).Order(), events.OfType<ToolFinished>().Select(e => e.CallId).Order());
            await one.Agent.ClearAsync();
        }
    }
}
