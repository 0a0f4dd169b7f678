using ActorAgents.Testing;
using static ActorAgents.Tests.TurnProbes;

namespace ActorAgents.Tests.Queues;

/// <summary><see cref="ActorAgentsBuilder.WithMaxLiveTurns"/>: the line in which turns of different agents wait for a place.</summary>
public sealed class LiveBoundTests
{
    private readonly Gate _gate = new();

    [Fact]
    public async Task Over_the_bound_turns_run_in_the_order_in_which_they_came()
    {
        var gates = Enumerable.Range(0, 10).Select(_ => new Gate()).ToArray();
        var provider = new ScriptedProvider(request => Script.Stall(gates[request.Prompt[1] - '0']).Text("A"));
        await using var runtime = await StartAsync(provider, 2);
        var turns = new List<TurnHandle>();
        for (var i = 0; i < 10; i++)
        {
            turns.Add(await runtime.Agents["writer", $"{i}"].StartAsync($"q{i}"));
            if (i < 2) await gates[i].ReachedAsync();
            else await WaitingAsync(runtime, i - 1);
        }
        for (var i = 0; i < 10; i++)
        {
            await gates[Math.Min(9, i + 1)].ReachedAsync();
            Assert.Equal(Math.Min(2, 10 - i), runtime.Agents.Status.LiveTurns);
            gates[i].Open();
            await using var reader = turns[i].ReadAsync().Probe();
            await reader.ReadEndAsync<TurnCompleted>();
        }
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"q{i}"), provider.Requests.Select(request => request.Prompt));
        Assert.Equal((0, 0), (runtime.Agents.Status.LiveTurns, runtime.Agents.Status.WaitingTurns));
    }

    [Fact]
    public async Task A_turn_interrupted_in_the_line_leaves_it_without_a_trace()
    {
        var provider = new ScriptedProvider(_ => Script.Stall(_gate).Text("A"));
        await using var runtime = await StartAsync(provider, 1);
        var first = await runtime.Agents["writer", "first"].StartAsync("go");
        await _gate.ReachedAsync();
        var (never, agent) = (await runtime.Agents["writer", "never"].StartAsync("never"), runtime.Agents["writer", "never"]);
        await WaitingAsync(runtime, 1);
        var last = await runtime.Agents["writer", "last"].StartAsync("last");
        await WaitingAsync(runtime, 2);

        Assert.True(await never.InterruptAsync());

        await using var stopped = never.ReadAsync().Probe();
        await stopped.ReadInterruptedAsync(InterruptReason.User, "");
        Assert.Empty(await agent.HistoryAsync());
        _gate.Open();
        foreach (var turn in new[] { first, last })
        {
            await using var reader = turn.ReadAsync().Probe();
            await reader.ReadEndAsync<TurnCompleted>();
        }
        Assert.DoesNotContain(provider.Requests, request => request.Prompt == "never");
        Assert.Equal((0, 0), (runtime.Agents.Status.LiveTurns, runtime.Agents.Status.WaitingTurns));
    }

    [Theory, EveryWayOut]
    public async Task Turns_stopped_at_random_never_lose_a_place(WayOut way)
    {
        var provider = ScriptedProvider.Always(Script.Text("A", "B").YieldBetween(), keepRequests: false);
        await using var runtime = await StartAsync(provider, 3);

        await Task.WhenAll(Enumerable.Range(0, 300).Select(i => Task.Run(async () =>
        {
            var agent = runtime.Agents["writer", $"{i % 100}"];
            var read = runtime.ReadAllAsync(way, agent, "go", Called($"t{i}"));
            if (i % 3 == 0) await agent.InterruptAsync(new TurnId($"t{i}"));
            Assert.IsType<TerminalEvent>((await read)[^1], exactMatch: false);
        })));

        Assert.Equal((0, 0), (runtime.Agents.Status.LiveTurns, runtime.Agents.Status.WaitingTurns));
        Assert.Empty(provider.Violations);
    }

    [Fact, Trait("Behaviour", "P08")]
    public async Task Ten_thousand_agents_share_a_few_places_and_each_keeps_its_conversation()
    {
        var provider = new ScriptedProvider(request => Script.Text("re ", request.Prompt)) { KeepRequests = false };
        await using var runtime = await StartAsync(provider, 64);

        await Parallel.ForEachAsync(Enumerable.Range(0, 10_000), new ParallelOptions { MaxDegreeOfParallelism = 500 }, async (i, _) =>
            Assert.Equal($"re q{i}", (await runtime.Agents["writer", $"{i}"].RunAsync($"q{i}", CancellationToken.None)).Content));

        Assert.Equal(10_000, runtime.Agents.Status.Agents);
        foreach (var i in new[] { 0, 4_999, 9_999 }) Assert.Equal([$"user: q{i}", $"assistant: re q{i}"], await runtime.Agents["writer", $"{i}"].HistoryAsync());
        Assert.Equal((0, 0), (runtime.Agents.Status.LiveTurns, runtime.Agents.Status.WaitingTurns));
    }

    private static Task<AgentRuntime> StartAsync(ScriptedProvider provider, int bound) =>
        WaysOut.StartAsync(provider, a => a.WithLimits(l => l with { MaxQueuedInputs = 100 }), more => more.WithMaxLiveTurns(bound));

    /// <summary>A turn joins the line on a thread of its own after its agent took it; there is nothing to await.</summary>
    private static async Task WaitingAsync(AgentRuntime runtime, int turns)
    {
        while (runtime.Agents.Status.WaitingTurns != turns) await Task.Yield();
    }
}
