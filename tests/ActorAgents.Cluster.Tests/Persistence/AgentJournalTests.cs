using ActorAgents.Cluster.Tests.Databases;
using Akka.Actor;
using static ActorAgents.Cluster.Tests.Persistence.Entries;
using static ActorAgents.JournalProtocol;

namespace ActorAgents.Cluster.Tests.Persistence;

[Collection(DatabaseCollection.Name)]
public sealed class AgentJournalTests
{
    private const string Events = "actoragents_journal";
    private const string Snapshots = "actoragents_snapshots";

    [Theory, On(JournalKind.InMemory), On(JournalKind.Sqlite), On(JournalKind.PostgreSql)]
    public async Task What_was_written_is_there_again(JournalKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var node = await Node.StartAsync(database.Options());
        var turn = TurnId.New();
        var batch = Batch(Accepted(turn), Progressed(turn, 1, "Once ", "upon"));
        var keeper = node.Agent("ann");
        var empty = await keeper.NextAsync<Recovered>();
        Assert.Equal((0, Guid.Empty, true), (empty.LastNumber, empty.LastWriter, empty.State.IsEmpty));

        keeper.Tell(new Write(1, Batch(new JournalEntry.ProviderChosen("other"))));
        keeper.Tell(new Write(2, batch));
        Assert.Equal(1, (await keeper.NextAsync<Written>()).Number);
        Assert.Equal(2, (await keeper.NextAsync<Written>()).Number);

        var again = await node.Agent("ann").NextAsync<Recovered>();
        Assert.Equal((2, batch.Writer, "other"), (again.LastNumber, again.LastWriter, again.State.Provider));
        Assert.Equal(["Once ", "upon"], Assert.Single(again.State.Live).Events.Cast<TextDelta>().Select(piece => piece.Text));
        Assert.True((await node.Agent("bob").NextAsync<Recovered>()).State.IsEmpty);
    }

    [Theory, On(JournalKind.InMemory), On(JournalKind.Sqlite)]
    public async Task A_batch_out_of_turn_stops_it(JournalKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var node = await Node.StartAsync(database.Options());
        var keeper = node.Agent("ann");
        await keeper.NextAsync<Recovered>();
        keeper.Tell(new Write(2, Batch(new JournalEntry.ToolAdded("clock"))));
        await keeper.NextAsync<Terminated>();

        Assert.Equal(0, (await node.Agent("ann").NextAsync<Recovered>()).LastNumber);
    }

    [Theory, On(JournalKind.InMemory), On(JournalKind.Sqlite), On(JournalKind.PostgreSql)]
    public async Task Snapshots_stand_for_the_events_before_them(JournalKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var node = await Node.StartAsync(database.Options(snapshotEvery: 10));
        var keeper = node.Agent("ann");
        await keeper.NextAsync<Recovered>();
        for (var number = 1; number <= 35; number++)
        {
            keeper.Tell(new Write(number, Batch(new JournalEntry.ToolAdded($"tool{number}"))));
            await keeper.NextAsync<Written>();
        }
        if (kind != JournalKind.InMemory)
        {
            await database.UntilAsync(Snapshots, 1);
            Assert.InRange(await database.CountAsync(Events), 6, 35); // At least those since the newest.
        }
        var again = await node.Agent("ann").NextAsync<Recovered>();
        Assert.Equal((35, 35), (again.LastNumber, again.State.Tools.Count));
        Assert.Equal(Enumerable.Range(1, 35).Select(number => $"tool{number}"), again.State.Tools.Select(tool => tool.Name));
    }

    [Fact]
    public async Task The_events_since_the_snapshot_before_the_newest_stay()
    {
        await using var database = await TestDatabase.CreateAsync(JournalKind.Sqlite);
        await using var node = await Node.StartAsync(database.Options(snapshotEvery: 10));
        var keeper = node.Agent("ann");
        await keeper.NextAsync<Recovered>();
        for (var number = 1; number <= 60; number++)
        {
            keeper.Tell(new Write(number, Batch(new JournalEntry.ToolAdded("clock"))));
            await keeper.NextAsync<Written>();
        }
        await database.UntilAsync(Snapshots, 1);
        var newest = await database.ReadAsync($"SELECT max(sequence_number) FROM {Snapshots}");
        var oldest = await database.ReadAsync($"SELECT min(sequence_number) FROM {Events} WHERE deleted = 0");
        Assert.InRange(oldest, 11, newest - 9);
    }

    [Theory, On(JournalKind.InMemory), On(JournalKind.Sqlite), On(JournalKind.PostgreSql)]
    public async Task An_erased_agent_begins_anew(JournalKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var node = await Node.StartAsync(database.Options(snapshotEvery: 2));
        var keeper = node.Agent("ann");
        await keeper.NextAsync<Recovered>();
        await keeper.StoreInputsAsync(5);
        keeper.Tell(new Erase());
        await keeper.NextAsync<Erased>();
        await keeper.NextAsync<Terminated>();
        if (kind != JournalKind.InMemory) Assert.Equal((1, 0), (await database.CountAsync(Events), await database.CountAsync(Snapshots)));

        var successor = node.Agent("ann");
        var anew = await successor.NextAsync<Recovered>();
        Assert.Equal((true, Guid.Empty), (anew.State.IsEmpty, anew.LastWriter));
        successor.Tell(new Write(anew.LastNumber + 1, Batch(new JournalEntry.ToolAdded("clock"))));
        await successor.NextAsync<Written>();
        Assert.Equal("clock", Assert.Single((await node.Agent("ann").NextAsync<Recovered>()).State.Tools).Name);
    }

    [Theory, On(JournalKind.Sqlite), On(JournalKind.PostgreSql)]
    public async Task What_erasing_left_is_forgotten_all_the_same(JournalKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var node = await Node.StartAsync(database.Options(snapshotEvery: 2));
        var keeper = node.Agent("ann");
        await keeper.NextAsync<Recovered>();
        await keeper.StoreInputsAsync(5);
        keeper.Tell(new Erase());
        await keeper.NextAsync<Erased>();
        // As if it had stopped once the event was stored that says so: the event is there, and one before it.
        await using (var connection = await database.OpenAsync())
        await using (var command = connection.CreateCommand())
        {
            command.CommandText = $"""
                UPDATE {Events} SET deleted = {(kind == JournalKind.Sqlite ? "0" : "false")};
                INSERT INTO {Events} (deleted, persistence_id, sequence_number, created, message, identifier, manifest, writer_uuid, tags)
                SELECT deleted, persistence_id, sequence_number - 1, created, @batch, identifier, 'b1', writer_uuid, tags FROM {Events};
                """;
            var batch = command.CreateParameter();
            (batch.ParameterName, batch.Value) = ("batch", """{"writer":"6f9619ff-8b86-d011-b42d-00c04fc964ff","entries":[{"k":"provider","name":"other"}]}"""u8.ToArray());
            command.Parameters.Add(batch);
            Assert.Equal(2, await command.ExecuteNonQueryAsync());
        }
        var again = await node.Agent("ann").NextAsync<Recovered>();
        Assert.Equal((6, true), (again.LastNumber, again.State.IsEmpty));
    }

    [Fact]
    public async Task Nothing_that_was_said_is_in_the_file_of_an_erased_agent()
    {
        const string said = "Rumpelstilzchen";
        await using var database = (TestDatabase.Sqlite)await TestDatabase.CreateAsync(JournalKind.Sqlite);
        await using (var node = await Node.StartAsync(database.Options(snapshotEvery: 3)))
        {
            var keeper = node.Agent("ann");
            await keeper.NextAsync<Recovered>();
            for (var number = 1; number <= 10; number++)
            {
                keeper.Tell(new Write(number, Batch(Accepted(TurnId.New(), string.Concat(Enumerable.Repeat(said, 500))))));
                await keeper.NextAsync<Written>();
            }
            await CheckpointAsync();
            Assert.True(Contains(said));
            keeper.Tell(new Erase());
            await keeper.NextAsync<Erased>();
        }
        await CheckpointAsync();
        Assert.False(Contains(said));

        async Task CheckpointAsync()
        {
            await using var connection = await database.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
            await command.ExecuteNonQueryAsync();
        }

        bool Contains(string text) => Directory.GetFiles(database.Folder, "*", SearchOption.AllDirectories).Any(file =>
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(text)) >= 0;
        });
    }

    [Theory, On(JournalKind.InMemory), On(JournalKind.Sqlite)]
    public async Task Logs_of_ended_turns_are_kept_for_a_time(JournalKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var node = await Node.StartAsync(database.Options());
        var keeper = node.Agent("ann");
        await keeper.NextAsync<Recovered>();
        var (old, young) = (TurnId.New(), TurnId.New());
        var now = node.System.Scheduler.Now;
        keeper.Tell(new Write(1, Batch(Accepted(old), Progressed(old, 1, "Once"), Recorded(old, now - TimeSpan.FromMinutes(6)))));
        keeper.Tell(new Write(2, Batch(Accepted(young), Progressed(young, 1, "Once"), Recorded(young, now))));
        await keeper.NextAsync<Written>();
        await keeper.NextAsync<Written>();

        var again = await node.Agent("ann", keepLogsFor: TimeSpan.FromMinutes(5)).NextAsync<Recovered>();
        Assert.Equal([old, young], again.State.Turns.Select(turn => turn.Id));
        Assert.Equal(young, Assert.Single(again.State.Finished).Id);
    }
}
