using ActorAgents.Cluster.ProcessTests.Load;
using ActorAgents.Cluster.ProcessTests.Nodes;
using ActorAgents.Cluster.ProcessTests.Reading;
using ActorAgents.Cluster.Tests.Databases;

namespace ActorAgents.Cluster.ProcessTests;

/// <summary>Three nodes with agents, one without, a PostgreSQL server; what is lost comes back before the next test.</summary>
[Collection(ProcessCollection.Name)]
public sealed class ClusterTests(ClusterTests.Shared shared) : IClassFixture<ClusterTests.Shared>, IAsyncLifetime
{
    private readonly HttpClient _client = new() { Timeout = Timeout.InfiniteTimeSpan };

    private TestCluster Cluster => shared.Cluster;

    public async Task InitializeAsync() => await shared.StartAsync();

    public Task DisposeAsync()
    {
        _client.Dispose();
        return Task.CompletedTask;
    }

    [PostgresFact]
    public async Task A_reader_of_a_turn_goes_on_when_its_node_was_killed() => await SurvivesAsync(Cluster.WithTurnAsync);

    [PostgresFact]
    public async Task A_reader_goes_on_at_another_node_when_the_one_that_answered_was_killed()
    {
        var at = Cluster.Api.Url;
        var agent = new AgentClient(_client, () => at, Fresh());
        await agent.StartAsync("count", "count to 300");
        var reader = agent.Read("count");
        await reader.ReadAsync(events: 60);

        var rest = reader.ReadToEndAsync();
        await Cluster.Api.KillAsync();
        at = Cluster.Nodes[0].Url;
        await rest;

        Check(reader, 300);
        Assert.InRange(Assert.Single(reader.Resumed), TimeSpan.Zero, TimeSpan.FromSeconds(5));
        await RestartAsync(Cluster.Api);
    }

    [PostgresFact]
    public async Task Turns_go_on_when_the_oldest_node_was_killed_which_coordinates_the_others() => await SurvivesAsync(() => Task.FromResult(Cluster.Nodes[0]), agents: 6);

    [PostgresFact]
    public async Task A_node_that_leaves_hands_its_turns_on()
    {
        var agent = Agent();
        await agent.StartAsync("count", "count to 400");
        var reader = agent.Read("count");
        await reader.ReadAsync(events: 60);
        var node = await Cluster.WithTurnAsync();

        var rest = reader.ReadToEndAsync();
        var (code, took) = await node.LeaveAsync();
        await rest;

        Assert.Equal(0, code);
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        Check(reader, 400);
        Assert.Empty(ConversationCheck.Faults(await agent.MessagesAsync(), ["count to 400"]));
        await RestartAsync(node);
    }

    [PostgresFact]
    public async Task While_the_database_is_away_agents_wait_and_then_go_on()
    {
        var agent = Agent();
        await agent.StartAsync("count", "count to 200");
        var reader = agent.Read("count");
        await reader.ReadAsync(events: 60);

        var rest = reader.ReadToEndAsync();
        await shared.Postgres.CrashAsync();
        await Task.Delay(TimeSpan.FromSeconds(5)); // Longer than a turn's writes are far apart.
        Assert.False(await Cluster.Nodes[0].IsReadyAsync(), "A node without its database says that it is ready.");
        await shared.Postgres.StartServerAsync();
        await rest;

        Check(reader, 200);
        Assert.Equal("hi", (await agent.RunAsync("say hi")).Trim());
        Assert.Empty(ConversationCheck.Faults(await agent.MessagesAsync(), ["count to 200", "say hi"]));
        await Cluster.ReadyAsync();
    }

    /// <summary>Reads turns by the node without agents while a node is killed.</summary>
    private async Task SurvivesAsync(Func<Task<NodeProcess>> victim, int agents = 1)
    {
        var all = Enumerable.Range(0, agents).Select(_ => Agent()).ToList();
        foreach (var agent in all) await agent.StartAsync("count", "count to 400");
        var readers = all.ConvertAll(agent => agent.Read("count"));
        await Task.WhenAll(readers.Select(reader => reader.ReadAsync(events: 60)));

        var rest = Task.WhenAll(readers.Select(reader => reader.ReadToEndAsync()));
        var killed = await victim();
        await killed.KillAsync();
        await rest;

        foreach (var reader in readers) Check(reader, 400);
        if (agents == 1) Assert.True(readers[0].Seen.Resets > 0, "The node that was killed did not run the turn.");
        foreach (var agent in all) Assert.Empty(ConversationCheck.Faults(await agent.MessagesAsync(), ["count to 400"]));
        await RestartAsync(killed);
    }

    private AgentClient Agent() => new(_client, () => Cluster.Api.Url, Fresh());

    private static string Fresh() => $"{NodeFolder.Kind}/{Guid.NewGuid():N}";

    private async Task RestartAsync(NodeProcess node)
    {
        await node.StartAndBeReadyAsync();
        await Cluster.ReadyAsync();
    }

    private void Check(TurnReader reader, int last)
    {
        Assert.True(reader.Seen.End == "completed", $"The turn ended as {reader.Seen.End} {reader.Seen.EndData}.\n{Cluster.Output}");
        Assert.Equal(TurnLoad.Numbers(last), reader.Seen.Text);
    }

    /// <summary>Started by the first test that is not skipped.</summary>
    public sealed class Shared : IAsyncLifetime
    {
        private TestCluster? _cluster;

        internal TestCluster Cluster => _cluster!;

        internal PostgresServer Postgres { get; private set; } = null!;

        internal async Task StartAsync()
        {
            if (_cluster is not null) return;
            Postgres = await PostgresServer.SharedAsync();
            _cluster = await TestCluster.StartAsync(new NodeFolder(pace: 25), nodes: 3, (await Postgres.CreateDatabaseAsync()).Options().ConnectionString!);
        }

        public Task InitializeAsync() => Task.CompletedTask;

        public async Task DisposeAsync()
        {
            if (_cluster is not null) await _cluster.DisposeAsync();
        }
    }
}
