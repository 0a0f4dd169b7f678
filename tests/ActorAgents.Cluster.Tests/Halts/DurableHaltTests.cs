using ActorAgents.Cluster.Tests.Databases;
using Akka.Actor;

namespace ActorAgents.Cluster.Tests.Halts;

/// <summary>One process with a journal.</summary>
public sealed class DurableHaltTests : IAsyncLifetime
{
    private readonly TestDatabase.Sqlite _database = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _database.DisposeAsync().AsTask();

    [Fact]
    public async Task A_halt_stops_turns_outlives_the_process_and_stands_until_it_is_released()
    {
        Halt halt;
        await using (var node = await StartAsync())
        {
            var turn = await node.RunAsync("acme");
            halt = await node.Agents.As("ann").HaltAsync(HaltScope.Tenant("acme"), "over budget");
            Assert.Equal((1L, "ann", 1), (halt.Id.Value, halt.By, Assert.Single(halt.Nodes).Stopped));
            Assert.Equal(InterruptReason.Halted, (await Assert.ThrowsAsync<StreamInterruptedException>(() => turn)).Reason);
        }

        await using (var node = await StartAsync())
        {
            Assert.Equal([halt], node.Agents.Halts);
            Assert.Contains("over budget", (await Assert.ThrowsAsync<AgentHaltedException>(() => node.Agents.For("acme")["writer", "1"].RunAsync("go"))).Message);
            Assert.False(await node.Agents.For("other").ReleaseAsync(halt.Id));
            Assert.True(await node.Agents.As("bob").ReleaseAsync(halt.Id));
            Assert.False(await node.Agents.ReleaseAsync(halt.Id));
            node.Gate.Open();
            Assert.Equal("AB", (await node.Agents.For("acme")["writer", "1"].RunAsync("go")).Content);
        }

        await using (var node = await StartAsync())
        {
            Assert.Empty(node.Agents.Halts);
            Assert.Equal([(2L, HaltAction.Released, "bob"), (1, HaltAction.Stood, "ann")], (await node.Agents.GetHaltHistoryAsync()).Select(entry => (entry.Epoch, entry.Action, entry.By)));
            Assert.Equal(3, (await node.Agents.HaltAsync(HaltScope.Cluster, "again")).Id.Value);
        }
    }

    [Fact]
    public async Task The_history_is_whole_over_snapshots_and_restarts_and_is_told_in_pages()
    {
        const int halts = 120; // More than a page of the journal, and than the events from one snapshot to the next.
        await using (var node = await StartAsync())
            for (var i = 1; i <= halts; i++) await node.Agents.HaltAsync(HaltScope.Tenant(i % 2 == 0 ? "even" : "odd"), $"drill {i}");

        await using var again = await StartAsync();
        Assert.Equal(Enumerable.Range(1, halts).Select(i => (long)i), again.Agents.Halts.Select(halt => halt.Id.Value));
        var all = await again.Agents.GetHaltHistoryAsync(1000);
        Assert.Equal(Enumerable.Range(0, halts).Select(i => ((long)halts - i, $"drill {halts - i}")), all.Select(entry => (entry.Epoch, entry.Halt.Reason)));
        Assert.Equal(all.Skip(70).Take(20), await again.Agents.GetHaltHistoryAsync(20, before: all[69].Epoch));
        Assert.Equal(all.Where(entry => entry.Epoch % 2 == 1), await again.Agents.For("odd").GetHaltHistoryAsync(1000));
        Assert.Empty(await again.Agents.GetHaltHistoryAsync(20, before: 1));
    }

    [Fact]
    public async Task A_ledger_that_fails_is_started_anew_and_takes_what_was_asked_of_it_meanwhile()
    {
        await using var node = await StartAsync();
        var one = await node.Agents.HaltAsync(HaltScope.Tenant("one"), "a drill");
        var ledger = await node.Runtime.System.ActorSelection("/user/halt-ledger/ledger").ResolveOne(TimeSpan.FromSeconds(5));
        var gone = ledger.WatchAsync();
        node.Runtime.System.Stop(ledger);
        await gone;

        var two = await node.Agents.HaltAsync(HaltScope.Tenant("two"), "a drill");

        Assert.Equal([one, two], node.Agents.Halts);
        Assert.Equal(2, two.Id.Value);
        Assert.NotNull(Assert.Single(two.Nodes).Stopped);
    }

    [Fact]
    public async Task A_question_that_is_asked_again_is_answered_again_and_done_once_whoever_keeps_the_ledger_then()
    {
        var stand = new HaltProtocol.Stand(Guid.NewGuid(), HaltScope.Tenant("acme"), "a drill", null);
        var release = new HaltProtocol.Release(Guid.NewGuid(), 1, null, null);
        for (var restarts = 0; restarts < 2; restarts++)
        {
            await using var node = await StartAsync();
            for (var times = 0; times < 2; times++) Assert.Equal(1, (await AskAsync(node, stand)).Epoch);
            for (var times = 0; times < 2; times++) Assert.Equal(2, (await AskAsync(node, release)).Epoch);
            Assert.Null((await AskAsync(node, release with { Request = Guid.NewGuid() })).Epoch);
            Assert.Equal([2L, 1], (await node.Agents.GetHaltHistoryAsync()).Select(entry => entry.Epoch));
        }

        static Task<HaltProtocol.Recorded> AskAsync(HaltNode node, object question) =>
            node.Runtime.System.ActorSelection("/user/halt-ledger").Ask<HaltProtocol.Recorded>(question, TimeSpan.FromSeconds(10));
    }

    private Task<HaltNode> StartAsync() => HaltNode.AloneAsync(_database.Options());
}
