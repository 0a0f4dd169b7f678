using ActorAgents.Testing;
using static ActorAgents.Tests.TurnProbes;

namespace ActorAgents.Tests.Queues;

public sealed class SteerTests
{
    private readonly Gate _gate = new();
    private readonly ScriptedTool _tool;

    public SteerTests() => _tool = new ScriptedTool("look").Holds(_gate);

    [Theory, InlineData(WayOut.AwaitForeach), InlineData(WayOut.TurnLog)]
    public async Task The_running_turn_takes_the_input_in_before_its_next_request(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Text("Wait. ").Call("look"), Script.Text("Blue then."));
        await using var runtime = await WaysOut.StartAsync(provider, a => a.WithTool(_tool));
        var agent = runtime.Agents["writer", "1"];
        var running = await StartUpToTheToolAsync(agent);
        await using var steer = runtime.Read(way, agent, "make it blue", Steer("s1")).Probe();
        steer.Pull();
        await agent.GetMessagesAsync(); // By then the input has arrived.

        _gate.Open();

        var steered = await steer.ReadEndAsync<TurnCompleted>();
        Assert.Equal((running.Id, ""), (steered.SteeredInto, steered.Text));
        await using var reader = running.ReadAsync().Probe();
        Assert.Equal("Wait. Blue then.", (await reader.ReadEndAsync<TurnCompleted>()).Text);
        Assert.Equal(["user: go", "assistant: Wait. ", "tool: ", "user: make it blue"], provider.Requests[1].Lines());
        Assert.Equal(["user: go", "assistant: Wait. ", "tool: ", "user: make it blue", "assistant: Blue then."], await agent.HistoryAsync());
        Assert.Equal(2, provider.CallsStarted);
    }

    [Theory, EveryWayOut]
    public async Task If_the_running_turn_ends_first_the_input_runs_by_itself(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Text("A").Stall(out var silent), Script.Text("B"));
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        await agent.StartAsync("go");
        await silent.ReachedAsync();
        await using var steer = runtime.Read(way, agent, "and?", Steer("s1")).Probe();
        steer.Pull();
        await agent.GetMessagesAsync(); // By then the input has arrived.

        silent.Open();

        var end = await steer.ReadEndAsync<TurnCompleted>();
        Assert.Equal(("B", null), (end.Text, end.SteeredInto));
        Assert.Equal(["user: go", "assistant: A", "user: and?", "assistant: B"], await agent.HistoryAsync());
    }

    [Fact]
    public async Task Several_are_taken_in_in_their_order()
    {
        var provider = new ScriptedProvider(Script.Call("look"), Script.Text("Yes."));
        await using var runtime = await WaysOut.StartAsync(provider, a => a.WithTool(_tool));
        var agent = runtime.Agents["writer", "1"];
        var running = await StartUpToTheToolAsync(agent);
        for (var i = 0; i < 5; i++) await agent.StartAsync($"s{i}", Steer($"s{i}"));

        _gate.Open();

        await using var reader = running.ReadAsync().Probe();
        await reader.ReadEndAsync<TurnCompleted>();
        Assert.Equal(Enumerable.Range(0, 5).Select(i => $"user: s{i}"), provider.Requests[1].Lines()[^5..]);
    }

    [Theory, InlineData(WayOut.AwaitForeach), InlineData(WayOut.TurnLog)]
    public async Task One_that_is_interrupted_while_it_waits_is_not_taken_in(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Call("look"), Script.Text("Yes."));
        await using var runtime = await WaysOut.StartAsync(provider, a => a.WithTool(_tool));
        var agent = runtime.Agents["writer", "1"];
        var running = await StartUpToTheToolAsync(agent);
        await using var steer = runtime.Read(way, agent, "make it blue", Steer("s1")).Probe();
        steer.Pull();
        await agent.GetMessagesAsync(); // By then the input has arrived.

        Assert.True(await agent.InterruptAsync(new TurnId("s1")));
        await steer.ReadInterruptedAsync(InterruptReason.User, "");
        _gate.Open();

        await using var reader = running.ReadAsync().Probe();
        await reader.ReadEndAsync<TurnCompleted>();
        Assert.DoesNotContain("user: make it blue", await agent.HistoryAsync());
        Assert.DoesNotContain("user: make it blue", provider.Requests[1].Lines());
    }

    [Fact]
    public async Task One_that_was_taken_in_cannot_be_interrupted_any_more()
    {
        var provider = new ScriptedProvider(Script.Call("look"), Script.Stall(out var silent).Text("Yes."));
        await using var runtime = await WaysOut.StartAsync(provider, a => a.WithTool(_tool));
        var agent = runtime.Agents["writer", "1"];
        await StartUpToTheToolAsync(agent);
        var steer = await agent.StartAsync("make it blue", Steer("s1"));
        _gate.Open();
        await silent.ReachedAsync();

        Assert.False(await steer.InterruptAsync());
    }

    private static TurnOptions Steer(string id) => Called(id) with { OnBusy = BusyPolicy.Steer };

    private async Task<TurnHandle> StartUpToTheToolAsync(Agent agent)
    {
        var running = await agent.StartAsync("go");
        await _tool.StartedAsync();
        return running;
    }
}
