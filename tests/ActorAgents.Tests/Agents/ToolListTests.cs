using ActorAgents.Testing;

namespace ActorAgents.Tests.Agents;

public sealed class ToolListTests
{
    private readonly ScriptedTool _look = new ScriptedTool("look");

    [Fact, Trait("Behaviour", "T71")]
    public async Task A_tool_added_or_removed_between_turns_shows_in_the_next_request()
    {
        var provider = ScriptedProvider.Always("Done.");
        await using var runtime = await StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];

        await agent.RunAsync("1");
        await agent.AddToolAsync("find");
        await agent.AddToolAsync(new ScriptedTool("own"));
        await agent.RunAsync("2");
        Assert.True(await agent.RemoveToolAsync("look"));
        Assert.True(await agent.RemoveToolAsync("own"));
        Assert.False(await agent.RemoveToolAsync("own"));
        await agent.RunAsync("3");

        Assert.Equal([["look"], ["look", "find", "own"], ["find"]], provider.Requests.Select(request => request.Tools));
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T71")]
    public async Task A_running_turn_keeps_offering_what_it_began_with(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Call("look"), Script.Text("Done."), Script.Text("Again."));
        _look.Holds(out var gate);
        await using var runtime = await StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        var reading = runtime.ReadAllAsync(way, agent, "1");
        await gate.ReachedAsync();

        await agent.AddToolAsync("find");
        await agent.RemoveToolAsync("look");
        gate.Open();
        (await reading).End<TurnCompleted>();
        await agent.RunAsync("2");

        Assert.Equal([["look"], ["look"], ["find"]], provider.Requests.Select(request => request.Tools));
    }

    [Fact, Trait("Behaviour", "T71")]
    public async Task A_second_tool_of_a_name_is_refused_and_changes_nothing()
    {
        var provider = ScriptedProvider.Always("Done.");
        await using var runtime = await StartAsync(provider, a => a.WithTool(new ScriptedTool("own")));
        var agent = runtime.Agents["writer", "1"];

        foreach (var name in new[] { "look", "own" })
        {
            var failure = await Assert.ThrowsAsync<ArgumentException>(() => agent.AddToolAsync(new ScriptedTool(name)));
            Assert.Contains($"'{name}' already", failure.Message);
        }
        await Assert.ThrowsAsync<ArgumentException>(() => agent.AddToolAsync("look"));

        await agent.RunAsync("1");
        Assert.Equal(["look", "own"], provider.Requests[0].Tools);
    }

    [Fact, Trait("Behaviour", "T71")]
    public async Task A_tool_that_is_not_registered_is_refused_with_those_that_are()
    {
        await using var runtime = await StartAsync(ScriptedProvider.Always("Done."));

        var failure = await Assert.ThrowsAsync<ArgumentException>(() => runtime.Agents["writer", "1"].AddToolAsync("nothing"));

        Assert.Contains("'nothing'. Tools: find, look.", failure.Message);
    }

    private Task<AgentRuntime> StartAsync(ScriptedProvider provider, Action<AgentBuilder>? agent = null) => WaysOut.StartAsync(
        provider, a => (agent ?? (_ => { }))(a.WithTool("look")), builder => builder.AddTool("look", _look).AddTool("find", new ScriptedTool("find")));
}
