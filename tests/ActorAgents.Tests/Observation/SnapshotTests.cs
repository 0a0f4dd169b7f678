using ActorAgents.Testing;
using static ActorAgents.Tests.TurnProbes;

namespace ActorAgents.Tests.Observation;

public sealed class SnapshotTests
{
    [Fact]
    public async Task Chunks_are_those_of_running_turns_by_kind_and_those_of_all_turns_never_fall()
    {
        var provider = new ScriptedProvider(Script.Text("a", "b", "c").Stall(out var first).Text("d"), Script.Text("e").Stall(out _));
        await using var runtime = await WaysOut.StartAsync(provider);
        await using var probe = runtime.Agents["writer", "1"].EventsAsync("go").Probe();
        await probe.ReadUpToAsync("abc", first);

        Assert.Equal((3, 3), Chunks(runtime));
        first.Open();
        await probe.ReadEndAsync<TurnCompleted>();
        Assert.Equal((0, 4), Chunks(runtime));

        await using var next = runtime.Agents["writer", "1"].EventsAsync("go").Probe();
        await next.ReadTextAsync("e");
        Assert.Equal((1, 5), Chunks(runtime));

        static (long, long?) Chunks(AgentRuntime runtime) =>
            runtime.Agents.TakeSnapshot() is { } snapshot ? (snapshot.Kinds.Single().Chunks, snapshot.DeliveredChunks) : default;
    }

    [Fact]
    public async Task Every_kind_is_listed_by_name_with_its_own_turns()
    {
        var provider = ScriptedProvider.Always(Script.Stall(out _));
        await using var runtime = await WaysOut.StartAsync(provider, more: more => more.AddAgent("poet").AddAgent("actor"));
        foreach (var (kind, key) in new[] { ("writer", "1"), ("writer", "2"), ("actor", "1") }) await runtime.Agents[kind, key].StartAsync("go");

        var kinds = runtime.Agents.TakeSnapshot().Kinds;

        Assert.Equal([("actor", 1), ("poet", 0), ("writer", 2)], kinds.Select(kind => (kind.Kind, kind.Turns)));
        Assert.All(kinds, kind => Assert.Equal(kind.Turns, kind.Waits.Values.Sum()));
    }

    [Fact]
    public async Task The_twenty_turns_that_wait_longest_are_named_with_their_age_oldest_first()
    {
        var time = new VirtualTime();
        var provider = ScriptedProvider.Always(Script.Stall(out _));
        await using var runtime = await WaysOut.StartAsync(provider, a => a.WithLimits(_ => AgentLimitsWithout.Timeouts), more => more.WithTimeProvider(time.Provider));
        for (var i = 0; i < 25; i++)
        {
            await runtime.Agents["writer", $"{i}"].StartAsync("go", Called($"t{i}"));
            time.Advance(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(10));
        }
        await runtime.Agents.UntilItWaitsAsync("Provider 25");

        var snapshot = runtime.Agents.TakeSnapshot();

        Assert.Equal(time.Now, snapshot.At);
        Assert.Equal(
            Enumerable.Range(0, 20).Select(i => new TurnSnapshot(new("writer", $"{i}"), new TurnId($"t{i}"), TurnWait.Provider, TimeSpan.FromMinutes(25 - i), 0)),
            snapshot.Longest);
    }

    [Fact]
    public async Task A_tenants_agents_see_the_turns_of_that_tenant_only()
    {
        var provider = ScriptedProvider.Always(Script.Text("A").Stall(out _));
        await using var runtime = await WaysOut.StartAsync(provider);
        var acme = runtime.Agents.For("acme");
        await using var mine = acme["writer", "1"].EventsAsync("go", Called("mine")).Probe();
        await mine.ReadTextAsync("A");
        for (var i = 0; i < 30; i++) await runtime.Agents["writer", $"{i}"].StartAsync("go");

        var seen = acme.TakeSnapshot();

        Assert.Equal((1, 1), (seen.Kinds.Single().Turns, seen.Kinds.Single().Chunks));
        Assert.Equal("mine", Assert.Single(seen.Longest).TurnId.Value);
        Assert.Null(seen.DeliveredChunks);
        Assert.Equal(31, runtime.Agents.TakeSnapshot().Kinds.Single().Turns);
    }

    [Fact]
    public async Task Delivered_chunks_never_fall_while_turns_end()
    {
        var provider = ScriptedProvider.Always(Script.Text("a", "b", "c").YieldBetween(), keepRequests: false);
        await using var runtime = await WaysOut.StartAsync(provider);
        var turns = Parallel.ForEachAsync(Enumerable.Range(0, 2_000), async (i, token) => await runtime.Agents["writer", $"{i}"].RunAsync("go", token));

        long last = 0, looks = 0;
        for (; !turns.IsCompleted; looks++)
        {
            var now = runtime.Agents.TakeSnapshot().DeliveredChunks!.Value;
            Assert.True(now >= last, $"{last} chunks were delivered, then {now}.");
            last = now;
            await Task.Yield();
        }
        await turns;

        Assert.Equal(6_000, runtime.Agents.TakeSnapshot().DeliveredChunks);
        Assert.NotEqual(0, looks);
    }

    private static class AgentLimitsWithout
    {
        public static readonly AgentLimits Timeouts = new()
        {
            FirstTokenTimeout = Timeout.InfiniteTimeSpan, IdleTimeout = Timeout.InfiniteTimeSpan, TotalTimeout = Timeout.InfiniteTimeSpan,
        };
    }
}
