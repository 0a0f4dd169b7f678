using ActorAgents.Cluster.Tests.Databases;
using Akka.Actor;
using static ActorAgents.Cluster.Tests.Persistence.Entries;
using static ActorAgents.JournalProtocol;

namespace ActorAgents.Cluster.Tests.Persistence;

/// <summary>One journal and several nodes.</summary>
[Collection(DatabaseCollection.Name)]
public sealed class WriterTests
{
    [Theory, On(JournalKind.Sqlite), On(JournalKind.PostgreSql)]
    public async Task Of_two_writers_one_stops(JournalKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var here = await Node.StartAsync(database.Options());
        await using var there = await Node.StartAsync(database.Options());
        for (var round = 0; round < 10; round++)
        {
            Keeper[] keepers = [here.Agent("ann"), there.Agent("ann")];
            JournalBatch[] batches = [Batch(new JournalEntry.ToolAdded($"here{round}")), Batch(new JournalEntry.ToolAdded($"there{round}"))];
            foreach (var keeper in keepers) Assert.Equal(round, (await keeper.NextAsync<Recovered>()).LastNumber);
            keepers[round % 2].Tell(new Write(round + 1, batches[round % 2]));
            keepers[1 - round % 2].Tell(new Write(round + 1, batches[1 - round % 2]));
            var ends = await Task.WhenAll(keepers.Select(keeper => keeper.NextAsync()));

            var winner = Array.FindIndex(ends, end => end is Written);
            Assert.IsType<Terminated>(ends[1 - winner]);
            var again = await here.Agent("ann").NextAsync<Recovered>();
            Assert.Equal((round + 1, batches[winner].Writer), (again.LastNumber, again.LastWriter));
        }
    }

    [Theory, On(JournalKind.Sqlite), On(JournalKind.PostgreSql)]
    public async Task An_agent_that_comes_back_to_a_node_loses_nothing(JournalKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var here = await Node.StartAsync(database.Options());
        await using var there = await Node.StartAsync(database.Options());
        for (var number = 1; number <= 6; number++)
        {
            var keeper = (number % 2 == 0 ? there : here).Agent("ann");
            Assert.Equal(number - 1, (await keeper.NextAsync<Recovered>()).State.Tools.Count);
            keeper.Tell(new Write(number, Batch(new JournalEntry.ToolAdded($"tool{number}"))));
            await keeper.NextAsync<Written>();
        }
    }

    [Theory, On(JournalKind.Sqlite), On(JournalKind.PostgreSql)]
    public async Task What_a_stopped_node_had_confirmed_is_there(JournalKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        long confirmed;
        await using (var node = await Node.StartAsync(database.Options(snapshotEvery: 7)))
        {
            var keeper = node.Agent("ann");
            await keeper.NextAsync<Recovered>();
            for (var number = 1; number <= 200; number++) keeper.Tell(new Write(number, Batch(new JournalEntry.ToolAdded($"tool{number}"))));
            do confirmed = (await keeper.NextAsync<Written>()).Number; while (confirmed < 40);
            _ = node.System.Terminate(); // In the middle of it.
            confirmed = (await keeper.RestAsync()).OfType<Written>().LastOrDefault()?.Number ?? confirmed;
        }
        await using var next = await Node.StartAsync(database.Options());
        var again = await next.Agent("ann").NextAsync<Recovered>();
        Assert.InRange(again.LastNumber, confirmed, 200);
        Assert.Equal(Enumerable.Range(1, (int)again.LastNumber).Select(number => $"tool{number}"), again.State.Tools.Select(tool => tool.Name));
    }

    [PostgresFact]
    public async Task When_the_server_crashes_the_keeper_stops_and_the_next_goes_on()
    {
        var server = await PostgresServer.SharedAsync();
        await using var database = await server.CreateDatabaseAsync();
        await using var node = await Node.StartAsync(database.Options());
        var keeper = node.Agent("ann");
        await keeper.NextAsync<Recovered>();
        for (var number = 1; number <= 500; number++) keeper.Tell(new Write(number, Batch(new JournalEntry.ToolAdded($"tool{number}"))));
        var confirmed = (await keeper.NextAsync<Written>()).Number;
        await server.CrashAsync();
        object end;
        while ((end = await keeper.NextAsync()) is Written more) confirmed = more.Number;
        Assert.IsType<Terminated>(end);
        await node.Agent("ann").NextAsync<Terminated>(); // It cannot read either.

        await server.StartServerAsync();
        Recovered? again = null;
        for (var attempt = 0; again is null && attempt < 20; attempt++) again = await node.Agent("ann").NextAsync() as Recovered; // Until the breaker lets it try.
        Assert.InRange(again!.LastNumber, confirmed, 500);
        Assert.Equal(Enumerable.Range(1, (int)again.LastNumber).Select(number => $"tool{number}"), again.State.Tools.Select(tool => tool.Name));
    }

    [Fact]
    public async Task When_the_file_is_locked_the_keeper_stops_and_the_next_goes_on()
    {
        await using var database = await TestDatabase.CreateAsync(JournalKind.Sqlite);
        await using var node = await Node.StartAsync(database.Options());
        var keeper = node.Agent("ann");
        await keeper.NextAsync<Recovered>();
        await using (var connection = await database.OpenAsync())
        await using (await connection.BeginTransactionAsync())
        {
            keeper.Tell(new Write(1, Batch(new JournalEntry.ToolAdded("clock"))));
            await keeper.NextAsync<Terminated>();
        }
        var next = node.Agent("ann");
        var again = await next.NextAsync<Recovered>();
        next.Tell(new Write(again.LastNumber + 1, Batch(new JournalEntry.ToolAdded("clock"))));
        await next.NextAsync<Written>();
    }
}
