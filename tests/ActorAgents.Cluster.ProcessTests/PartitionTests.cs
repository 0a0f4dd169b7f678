using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ActorAgents.Cluster.ProcessTests.Load;
using ActorAgents.Cluster.ProcessTests.Network;
using ActorAgents.Cluster.ProcessTests.Nodes;
using ActorAgents.Cluster.ProcessTests.Reading;
using ActorAgents.Cluster.Tests.Databases;

namespace ActorAgents.Cluster.ProcessTests;

/// <summary>A node that the others cannot reach, nor it them, while both still have the database and their readers.</summary>
[Collection(ProcessCollection.Name)]
public sealed class PartitionTests : IAsyncLifetime
{
    /// <summary>So many take 28 s: longer than a node that is cut off may live.</summary>
    private const int Numbers = 700;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly HttpClient _client = TestCluster.ClientFor(Timeout.InfiniteTimeSpan);
    private TestNetwork? _network;
    private TestCluster? _cluster;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
        if (_network is not null) await _network.DisposeAsync();
        _client.Dispose();
    }

    private TestCluster Cluster => _cluster!;

    [NetworkFact]
    public async Task A_node_that_is_cut_off_for_good_ends_and_its_turns_go_on_at_the_others_written_by_nobody_else()
    {
        await StartAsync();
        var (agents, readers, whole) = await CountAsync(24, Numbers);
        var cut = Cluster.Nodes[^1];
        Assert.True(await Cluster.TurnsOnAsync(cut) > 0, "None of the turns runs on that node.");

        await _network!.CutAsync(Cluster.Nodes.Count - 1);
        await cut.EndAsync();
        await whole;

        Check(readers);
        Assert.Contains(readers, reader => reader.Seen.Resets > 0);
        foreach (var agent in agents) Assert.Empty(ConversationCheck.Faults(await agent.MessagesAsync(), [$"count to {Numbers}"]));

        await _network.HealAsync(Cluster.Nodes.Count - 1);
        await cut.StartAndBeReadyAsync();
        await Cluster.ReadyAsync();
    }

    [NetworkFact]
    public async Task A_break_that_is_shorter_than_nodes_are_waited_for_moves_nothing_and_a_halt_in_it_is_obeyed_after_it()
    {
        await StartAsync();
        var (_, readers, whole) = await CountAsync(24, Numbers);
        var cut = Cluster.Nodes[^1];

        await _network!.CutAsync(Cluster.Nodes.Count - 1);
        await Task.Delay(TimeSpan.FromSeconds(5)); // Unreachable after 4, and excluded not before 9.
        await _network.HealAsync(Cluster.Nodes.Count - 1);
        await whole;
        Check(readers);
        Assert.All(readers, reader => Assert.Equal(0, reader.Seen.Resets));

        (_, readers, whole) = await CountAsync(24, Numbers);
        Assert.True(await Cluster.TurnsOnAsync(cut) > 0, "None of the turns runs on that node.");
        await _network.CutAsync(Cluster.Nodes.Count - 1);
        using var answer = await _client.PostAsJsonAsync($"{Cluster.Nodes[0].Url}/halts", new { scope = "cluster", reason = "A drill." });
        var halt = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal(3, halt["nodes"]!.AsArray().Count(node => node!["stopped"] is not null));
        Assert.Equal(1, halt["nodes"]!.AsArray().Count(node => node!["stopped"] is null));
        Assert.True(await Cluster.TurnsOnAsync(cut) > 0, "The node that is cut off knew of the halt.");

        await _network.HealAsync(Cluster.Nodes.Count - 1);
        var since = Stopwatch.StartNew();
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await Cluster.TurnsOnAsync(cut) > 0)
        {
            Assert.True(since.Elapsed < Soon, $"Turns go on after {since.Elapsed}.\n{Cluster.Output}");
            await ticks.WaitForNextTickAsync();
        }
        await whole;
        Assert.All(readers, reader => Assert.Equal("interrupted", reader.Seen.End));
    }

    private async Task StartAsync()
    {
        var postgres = await PostgresServer.SharedAsync();
        _network = await TestNetwork.CreateAsync(members: 4);
        _cluster = await TestCluster.StartAsync(new NodeFolder(pace: 25), nodes: 3, (await postgres.CreateDatabaseAsync()).Options().ConnectionString!, network: _network);
        await Cluster.SettledAsync();
    }

    /// <summary>Turns on all nodes, each read by the node without agents from its begin on.</summary>
    private async Task<(List<AgentClient> Agents, List<TurnReader> Readers, Task Whole)> CountAsync(int turns, int to)
    {
        var agents = Enumerable.Range(0, turns).Select(_ => new AgentClient(_client, () => Cluster.Api.Url, $"{NodeFolder.Kind}/{Guid.NewGuid():N}")).ToList();
        await Task.WhenAll(agents.Select(agent => agent.StartAsync("count", $"count to {to}")));
        var readers = agents.ConvertAll(agent => agent.Read("count"));
        await Task.WhenAll(readers.Select(reader => reader.ReadAsync(events: 20)));
        return (agents, readers, Task.WhenAll(readers.Select(reader => reader.ReadToEndAsync())));
    }

    private void Check(List<TurnReader> readers)
    {
        foreach (var reader in readers)
        {
            Assert.True(reader.Seen.End == "completed", $"A turn ended as {reader.Seen.End} {reader.Seen.EndData}.\n{Cluster.Output}");
            Assert.Equal(TurnLoad.Numbers(Numbers), reader.Seen.Text);
        }
    }
}
