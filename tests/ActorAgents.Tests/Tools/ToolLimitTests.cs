using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.Tests.Tools;

public sealed class ToolLimitTests
{
    private readonly ScriptedTool _tool = new("tool");

    [Theory, EveryWayOut, Trait("Behaviour", "T68"), Trait("Behaviour", "M01")]
    public async Task After_the_last_round_one_request_without_tools_ends_the_turn_in_text(WayOut way)
    {
        var provider = new ScriptedProvider(request => request.Tools.Count == 0 ? "Enough." : Script.Call("tool"));
        await using var one = await OneAgent.StartAsync(way, provider,
            agent => agent.WithTool(_tool).WithChatOptions(o => o.ToolMode = ChatToolMode.Auto).WithLimits(l => l with { MaxToolRounds = 2 }));

        var completed = (await one.ReadAllAsync("go")).End<TurnCompleted>();

        Assert.Equal(("Enough.", TurnLimit.ToolRounds, ChatFinishReason.Stop), (completed.Text, completed.LimitReached, completed.FinishReason));
        Assert.Equal([1, 1, 0], provider.Requests.Select(r => r.Tools.Count));
        Assert.Null(provider.Requests[2].Options!.ToolMode);
        Assert.Equal(2, _tool.Started);
    }

    [Fact, Trait("Behaviour", "M01")]
    public async Task Forty_rounds_are_allowed_unless_said_otherwise()
    {
        var provider = new ScriptedProvider(request => request.Tools.Count == 0 ? "Enough." : Script.Call("tool"));
        await using var one = await OneAgent.StartAsync(WayOut.AwaitForeach, provider, _tool);

        Assert.Equal(TurnLimit.ToolRounds, (await one.ReadAllAsync("go")).End<TurnCompleted>().LimitReached);
        Assert.Equal((40, 41), (_tool.Started, provider.Requests.Count));
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T68"), Trait("Behaviour", "M12")]
    public async Task Calls_made_in_the_request_without_tools_are_not_run(WayOut way)
    {
        var ask = AIFunctionFactory.CreateDeclaration("ask", "Asks the user.", _tool.JsonSchema);
        var provider = ScriptedProvider.Always(Script.Text("Again. ").Call("tool").Call("ask").Call("nobody"));
        await using var one = await OneAgent.StartAsync(way, provider,
            agent => agent.WithTool(_tool).WithTool(ask).WithLimits(l => l with { MaxToolRounds = 0 }));

        var completed = (await one.ReadAllAsync("go")).End<TurnCompleted>();

        Assert.Equal(("Again. ", TurnLimit.ToolRounds), (completed.Text, completed.LimitReached));
        Assert.Equal((0, 1), (_tool.Started, provider.Requests.Count));
        var history = await one.Agent.GetMessagesAsync();
        Assert.Equal(Enumerable.Repeat("Error: not run (limit).", 3), history.Results().Select(r => r.Result));
        Pairing.AssertComplete(history);
    }

    [Theory, EveryWayOut]
    public async Task Calls_over_the_bound_are_not_run_and_a_request_without_tools_ends_the_turn(WayOut way)
    {
        var provider = new ScriptedProvider(
            Script.Call("tool", callId: "c1"), Script.Call("tool", callId: "c2").Call("tool", callId: "c3").Call("tool", callId: "c4"), "Enough.");
        await using var one = await OneAgent.StartAsync(way, provider, agent => agent.WithTool(_tool).WithLimits(l => l with { MaxToolCalls = 2 }));

        var completed = (await one.ReadAllAsync("go")).End<TurnCompleted>();

        Assert.Equal(("Enough.", TurnLimit.ToolCalls), (completed.Text, completed.LimitReached));
        Assert.Equal(["ok", "ok", "Error: not run (limit).", "Error: not run (limit)."], provider.Requests[2].Messages.Results().Select(r => r.Result));
        Assert.Equal([1, 1, 0], provider.Requests.Select(r => r.Tools.Count));
        Assert.Equal(2, _tool.Started);
    }

    [Theory, EveryWayOut]
    public async Task As_many_calls_as_allowed_reach_no_limit(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Call("tool").Call("tool"), "Done.");
        await using var one = await OneAgent.StartAsync(way, provider, agent => agent.WithTool(_tool).WithLimits(l => l with { MaxToolCalls = 2 }));

        Assert.Null((await one.ReadAllAsync("go")).End<TurnCompleted>().LimitReached);
    }

    [Theory, EveryWayOut, Trait("Behaviour", "M05")]
    public async Task No_more_tools_run_at_once_than_allowed(WayOut way)
    {
        var tool = new ScriptedTool("tool").Holds(out var gate);
        var provider = new ScriptedProvider(Script.Call("tool").Call("tool").Call("tool").Call("tool").Call("tool"), "Done.");
        await using var one = await OneAgent.StartAsync(way, provider, agent => agent.WithTool(tool).WithLimits(l => l with { MaxParallelTools = 2 }));

        var reading = one.ReadAllAsync("go");
        for (var started = 2; started <= 5; started++)
        {
            await tool.StartedAsync(started);
            gate.Release();
        }
        gate.Open();
        var events = await reading;

        Assert.Equal(5, events.OfType<ToolFinished>().Count());
        Assert.Equal((5, 2), (tool.Started, tool.MostRunning));
    }
}
