using ActorAgents.Cluster.Tests.Databases;
using Akka.Actor;
using static ActorAgents.Cluster.Tests.Persistence.Entries;
using static ActorAgents.JournalProtocol;

namespace ActorAgents.Cluster.Tests.Persistence;

/// <summary>The keeper of an agent's journal, over one database.</summary>
public abstract class AgentJournalTests(TestDatabase database)
{
    private protected TestDatabase Database => database;

    [Fact]
    public virtual async Task What_was_written_is_there_again()
    {
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

    [Fact]
    public virtual async Task A_batch_out_of_turn_stops_it()
    {
        await using var node = await Node.StartAsync(database.Options());
        var keeper = node.Agent("ann");
        await keeper.NextAsync<Recovered>();
        keeper.Tell(new Write(2, Batch(new JournalEntry.ToolAdded("clock"))));
        await keeper.NextAsync<Terminated>();

        Assert.Equal(0, (await node.Agent("ann").NextAsync<Recovered>()).LastNumber);
    }
}

public sealed class MemoryAgentJournalTests() : AgentJournalTests(new MemoryDatabase());

public sealed class SqliteAgentJournalTests() : AgentJournalTests(new SqliteDatabase()), IDisposable
{
    public void Dispose() => Database.Dispose();
}
