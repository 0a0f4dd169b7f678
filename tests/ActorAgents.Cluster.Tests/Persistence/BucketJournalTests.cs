using ActorAgents.Cluster.Tests.Databases;
using static ActorAgents.JournalProtocol;

namespace ActorAgents.Cluster.Tests.Persistence;

[Collection(DatabaseCollection.Name)]
public sealed class BucketJournalTests
{
    private static readonly AgentId Ann = new("kind", "ann"), Bob = new("kind", "bob"), Cid = new("kind", "cid");

    [Theory, On(JournalKind.InMemory), On(JournalKind.Sqlite), On(JournalKind.PostgreSql)]
    public async Task Who_is_awake_is_known_again(JournalKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var node = await Node.StartAsync(database.Options());
        var keeper = node.Bucket(7);
        Assert.Empty((await keeper.NextAsync<RecoveredAwake>()).Agents);
        keeper.Tell(new Wake([Ann, Bob]));
        Assert.Equal([Ann, Bob], (await keeper.NextAsync<Awake>()).Agents);
        keeper.Tell(new Rest([Ann]));
        keeper.Tell(new Wake([Cid]));
        Assert.Equal([Cid], (await keeper.NextAsync<Awake>()).Agents);
        keeper.Tell(new Wake([Bob])); // Awake already: there is nothing to store.
        Assert.Equal([Bob], (await keeper.NextAsync<Awake>()).Agents);

        Assert.Equal([Bob, Cid], (await node.Bucket(7).NextAsync<RecoveredAwake>()).Agents.OrderBy(id => id.Key));
        Assert.Empty((await node.Bucket(8).NextAsync<RecoveredAwake>()).Agents);
    }

    [Fact]
    public async Task What_comes_while_something_is_stored_is_stored_at_once()
    {
        await using var database = await TestDatabase.CreateAsync(JournalKind.Sqlite);
        await using var node = await Node.StartAsync(database.Options());
        var keeper = node.Bucket(7);
        await keeper.NextAsync<RecoveredAwake>();
        var agents = Enumerable.Range(0, 1_000).Select(number => new AgentId("kind", $"agent{number}")).ToArray();
        foreach (var agent in agents) keeper.Tell(new Wake([agent]));
        var told = new List<AgentId>();
        while (told.Count < agents.Length) told.AddRange((await keeper.NextAsync<Awake>()).Agents);

        Assert.Equal(agents, told);
        Assert.InRange(await database.CountAsync("actoragents_journal"), 2, 100);
        Assert.Equal(1_000, (await node.Bucket(7).NextAsync<RecoveredAwake>()).Agents.Count);
    }

    [Theory, On(JournalKind.InMemory), On(JournalKind.Sqlite)]
    public async Task Snapshots_stand_for_changes(JournalKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var node = await Node.StartAsync(database.Options(snapshotEvery: 4));
        var keeper = node.Bucket(7);
        await keeper.NextAsync<RecoveredAwake>();
        for (var number = 0; number < 30; number++)
        {
            keeper.Tell(new Rest([new AgentId("kind", $"agent{number - 2}")]));
            keeper.Tell(new Wake([new AgentId("kind", $"agent{number}")]));
            await keeper.NextAsync<Awake>();
        }
        if (kind == JournalKind.Sqlite) await database.UntilAsync("actoragents_snapshots", 1);
        Assert.Equal(["agent28", "agent29"], (await node.Bucket(7).NextAsync<RecoveredAwake>()).Agents.Select(id => id.Key).Order());
    }
}
