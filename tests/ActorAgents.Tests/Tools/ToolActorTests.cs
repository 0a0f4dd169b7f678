using ActorAgents.Testing;
using Akka.Actor;

namespace ActorAgents.Tests.Tools;

public sealed class ToolActorTests
{
    private readonly Gate _gate = new();
    private readonly ScriptedTool _slow;

    public ToolActorTests() => _slow = new ScriptedTool("slow").Holds(_gate);

    [Theory, EveryWayOut, Trait("Behaviour", "T58")]
    public async Task Tools_run_as_children_of_the_turn_which_goes_when_it_is_over(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Call("slow"), Script.Call("slow").Call("slow"), "Done.");
        await using var one = await OneAgent.StartAsync(way, provider,
            agent => agent.WithTool(_slow).WithLimits(l => l with { ToolGrace = Timeout.InfiniteTimeSpan })); // So that no grace hides what stays behind.

        var reading = one.ReadAllAsync("go");
        await _slow.StartedAsync();
        var first = await FindAsync(one, "turn-1/tool-1-slow");
        var turn = await FindAsync(one, "turn-1");
        Assert.Equal(turn.Path, first.Path.Parent);
        Assert.Matches(@"^/user/agents/\d+/[^/]+/turn-1/tool-1-slow$", first.Path.ToStringWithoutAddress());

        _gate.Release();
        await StoppedAsync(first);
        await _slow.StartedAsync(3);
        var second = await FindAsync(one, "turn-1/tool-2-slow");
        var third = await FindAsync(one, "turn-1/tool-3-slow");
        _gate.Open();
        await reading;

        await StoppedAsync(second);
        await StoppedAsync(third);
        await StoppedAsync(turn);
        Assert.Equal(0, one.Runtime.Agents.Status.AbandonedTools);
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T58")]
    public async Task The_next_turn_has_an_actor_of_its_own(WayOut way)
    {
        var provider = new ScriptedProvider("Hello.", Script.Call("slow"), "Done.");
        await using var one = await OneAgent.StartAsync(way, provider, _slow);
        await one.ReadAllAsync("Hi.");

        var reading = one.ReadAllAsync("go");
        await _slow.StartedAsync();
        await FindAsync(one, "turn-2/tool-1-slow");
        _gate.Open();
        await reading;
    }

    [Theory, EveryWayOut, Trait("Behaviour", "M11")]
    public async Task A_tool_that_ignores_its_token_is_abandoned_after_the_grace_and_counted_until_it_returns(WayOut way)
    {
        var deaf = new ScriptedTool("deaf").Holds(_gate).IgnoresCancellation();
        var provider = new ScriptedProvider(Script.Call("deaf"));
        await using var one = await OneAgent.StartAsync(way, provider,
            agent => agent.WithTool(deaf).WithLimits(l => l with { ToolGrace = TimeSpan.FromMilliseconds(1) }));

        await using var probe = one.Probe("go");
        await probe.UntilAsync<ToolStarted>();
        await deaf.StartedAsync();
        var turn = await FindAsync(one, "turn-1");
        await one.InterruptAsync();
        await probe.EndAsync<TurnInterrupted>();
        await StoppedAsync(turn);
        Assert.Equal((1, 1), (one.Runtime.Agents.Status.AbandonedTools, deaf.Running));

        _gate.Open();
        await deaf.EndedAsync();
        while (one.Runtime.Agents.Status.AbandonedTools > 0) await Task.Yield(); // The tool's last steps are nobody's to await.
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T48")]
    public async Task A_tool_that_heeds_its_token_is_not_counted_as_abandoned(WayOut way)
    {
        await using var one = await OneAgent.StartAsync(way, new ScriptedProvider(Script.Call("slow")), _slow);

        await using var probe = one.Probe("go");
        await probe.UntilAsync<ToolStarted>();
        await _slow.StartedAsync();
        var turn = await FindAsync(one, "turn-1");
        await one.InterruptAsync();
        await probe.EndAsync<TurnInterrupted>();
        await StoppedAsync(turn);

        Assert.Equal(0, one.Runtime.Agents.Status.AbandonedTools);
    }

    [Theory]
    [InlineData("get_weather", "tool-1-get_weather")]
    [InlineData("a b/c?ü", "tool-1-a_b_c__")]
    public void A_name_that_no_path_allows_is_made_one(string name, string expected) =>
        Assert.Equal(expected, ToolActor.NameOf(1, new ToolRun(null!, new("c1", name), null, null)));

    private static Task<IActorRef> FindAsync(OneAgent one, string path) =>
        one.Runtime.System.ActorSelection($"/user/agents/*/default:writer:1/{path}").ResolveOne(TimeSpan.FromSeconds(30));

    private static async Task StoppedAsync(IActorRef actor) => Assert.True(await actor.WatchAsync().WaitAsync(TimeSpan.FromSeconds(30)));
}
