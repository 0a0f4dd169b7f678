using ActorAgents.Testing;

namespace ActorAgents.Tests.Queues;

/// <summary><see cref="TurnOptions.Follows"/>.</summary>
public sealed class FollowTests
{
    private static readonly TurnId First = new("first");

    [Theory, EveryWayOut]
    public async Task Of_several_turns_that_would_follow_one_exactly_one_does(WayOut way)
    {
        var provider = ScriptedProvider.Always(Script.Text("yes").YieldBetween());
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        await agent.RunAsync("q", new TurnOptions { TurnId = First });

        var ends = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
        {
            try { return (await runtime.ReadAllAsync(way, agent, $"q{i}", new TurnOptions { Follows = First }))[^1]; }
            catch (TurnOvertakenException overtaken) { return new TurnFailed(overtaken.Error, "", TokenUsage.None); }
        })));

        Assert.Single(ends.OfType<TurnCompleted>());
        Assert.All(ends.OfType<TurnFailed>(), failed => Assert.Equal(TurnErrorKind.Overtaken, failed.Error.Kind));
        Assert.Equal(4, (await agent.GetMessagesAsync()).Count);
    }

    [Fact]
    public async Task A_running_turn_whose_agent_was_removed_cannot_be_followed()
    {
        var provider = new ScriptedProvider(Script.BlockSynchronously(out var gate).Text("a"), "b");
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        await agent.StartAsync("q1", new TurnOptions { TurnId = First });
        await gate.ReachedAsync();
        await runtime.Agents.RemoveAsync(agent.Id);

        await Assert.ThrowsAsync<TurnOvertakenException>(() => agent.StartAsync("late", new TurnOptions { Follows = First }));
        gate.Open();
    }

    [Fact]
    public async Task A_turn_that_runs_or_waits_can_be_followed_by_one()
    {
        var provider = new ScriptedProvider(Script.Stall(out var gate).Text("a"), "b", "c");
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        await agent.StartAsync("q1", new TurnOptions { TurnId = First });
        var second = await agent.StartAsync("q2", new TurnOptions { Follows = First });
        var third = await agent.StartAsync("q3", new TurnOptions { Follows = second.Id });
        await Assert.ThrowsAsync<TurnOvertakenException>(() => agent.StartAsync("late", new TurnOptions { Follows = First }));

        gate.Open();

        await using var reader = third.ReadAsync().Probe();
        await reader.ReadEndAsync<TurnCompleted>();
        Assert.Equal(["user: q1", "assistant: a", "user: q2", "assistant: b", "user: q3", "assistant: c"], await agent.HistoryAsync());
    }

    [Fact]
    public async Task A_turn_that_nobody_knows_cannot_be_followed()
    {
        await using var runtime = await WaysOut.StartAsync(new ScriptedProvider("a"));
        var agent = runtime.Agents["writer", "1"];

        await Assert.ThrowsAsync<TurnOvertakenException>(() => agent.RunAsync("q", new TurnOptions { Follows = First }));

        Assert.Empty(await agent.GetMessagesAsync());
    }
}
