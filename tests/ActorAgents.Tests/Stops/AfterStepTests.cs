using ActorAgents.Testing;
using static ActorAgents.Tests.TurnProbes;

namespace ActorAgents.Tests.Stops;

public sealed class AfterStepTests
{
    [Theory, EveryWayOut, Trait("Behaviour", "T48")]
    public async Task Running_tools_finish_and_no_further_request_is_made(WayOut way)
    {
        var tool = new ScriptedTool("look").Holds(out var gate);
        var provider = new ScriptedProvider(Script.Text("Wait. ").Call("look"));
        await using var runtime = await WaysOut.StartAsync(provider, a => a.WithTool(tool));
        var agent = runtime.Agents["writer", "1"];
        await using var probe = runtime.Read(way, agent, "go", Called("t1")).Probe();
        while (await probe.NextAsync() is not StepFinished) { }
        await tool.StartedAsync();

        Assert.True(await agent.InterruptAsync(new TurnId("t1"), InterruptMode.AfterStep));
        Assert.False(await agent.InterruptAsync(new TurnId("t1"), InterruptMode.AfterStep));
        gate.Open();

        await probe.ReadInterruptedAsync(InterruptReason.User, "Wait. ");
        Assert.Equal("ok", Assert.Single(probe.Seen.OfType<ToolFinished>()).Result);
        Assert.Equal(1, provider.CallsStarted);
        Assert.Equal(0, tool.CancellationsSeen);
        Assert.Equal(["user", "assistant", "tool"], (await agent.GetMessagesAsync()).Select(message => message.Role.Value));
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T48")]
    public async Task Calls_that_wait_for_a_free_place_are_cancelled(WayOut way)
    {
        var tool = new ScriptedTool("look").Holds(out var gate);
        var provider = new ScriptedProvider(Script.Call("look").Call("look"));
        await using var runtime = await WaysOut.StartAsync(provider, a => a.WithTool(tool).WithLimits(l => l with { MaxParallelTools = 1 }));
        var agent = runtime.Agents["writer", "1"];
        await using var probe = runtime.Read(way, agent, "go", Called("t1")).Probe();
        while (await probe.NextAsync() is not StepFinished) { }
        await tool.StartedAsync();

        Assert.True(await agent.InterruptAsync(new TurnId("t1"), InterruptMode.AfterStep));
        gate.Open();

        await probe.ReadInterruptedAsync(InterruptReason.User, "");
        Assert.Equal(1, tool.Started);
        Assert.Equal([ToolOutcome.Cancelled, ToolOutcome.Succeeded], probe.Seen.OfType<ToolFinished>().Select(finished => finished.Outcome).Order().Reverse());
    }

    [Theory, EveryWayOut]
    public async Task A_step_without_tools_runs_to_its_end(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Text("A").Stall(out var silent).Text("B"));
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        await using var probe = runtime.Read(way, agent, "go", Called("t1")).Probe();
        await probe.ReadUpToAsync("A", silent);

        Assert.True(await agent.InterruptAsync(new TurnId("t1"), InterruptMode.AfterStep));
        silent.Open();

        Assert.Equal("AB", (await probe.ReadEndAsync<TurnCompleted>()).Text);
    }

    [Theory, EveryWayOut]
    public async Task Asked_more_urgently_later_it_stops_at_once(WayOut way)
    {
        var tool = new ScriptedTool("look").Holds(out _);
        var provider = new ScriptedProvider(Script.Text("A").Call("look"));
        await using var runtime = await WaysOut.StartAsync(provider, a => a.WithTool(tool));
        var agent = runtime.Agents["writer", "1"];
        await using var probe = runtime.Read(way, agent, "go", Called("t1")).Probe();
        while (await probe.NextAsync() is not StepFinished) { }
        await tool.StartedAsync();
        await agent.InterruptAsync(new TurnId("t1"), InterruptMode.AfterStep);

        Assert.True(await agent.InterruptAsync(new TurnId("t1")));

        await probe.ReadInterruptedAsync(InterruptReason.User, "A");
        await tool.CancelledAsync();
    }
}
