using System.Globalization;
using ActorAgents.Cluster.ProcessTests.Load;
using ActorAgents.Cluster.ProcessTests.Nodes;
using ActorAgents.Cluster.Tests.Databases;
using Xunit.Abstractions;

namespace ActorAgents.Cluster.ProcessTests;

/// <summary>Nodes come and go under turns that all go on. How long it goes is for whoever runs it to say; see the figures in its output.</summary>
[Collection(ProcessCollection.Name)]
public sealed class ChaosTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Starts = 3, MayStartAgain = 5;

    private readonly int _turns = Number("ACTORAGENTS_CHAOS_TURNS", 20);
    private readonly HttpClient _client = new(new SocketsHttpHandler { MaxConnectionsPerServer = int.MaxValue }) { Timeout = Timeout.InfiniteTimeSpan };
    private TestCluster _cluster = null!;
    private int _startsAgain;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
        _client.Dispose();
    }

    [PostgresFact]
    public async Task Nodes_that_are_killed_at_random_lose_nothing_and_show_readers_nothing_wrong()
    {
        var kills = Number("ACTORAGENTS_CHAOS_KILLS", 3);
        await UnderLoadAsync($"{kills} kills", async (all, progress) =>
        {
            for (var kill = 0; kill < kills; kill++)
            {
                await Task.Delay(TimeSpan.FromSeconds(1 + 3 * Random.Shared.NextDouble()));
                var victim = all[Random.Shared.Next(all.Count)];
                await victim.KillAsync();
                victim.Start();
                await ReadyAsync();
                progress($"after {kill + 1}");
            }
        });
    }

    [PostgresFact]
    public async Task Nodes_that_are_restarted_one_after_the_other_lose_nothing_and_show_readers_nothing_wrong()
    {
        var rounds = Number("ACTORAGENTS_CHAOS_RESTARTS", 1);
        await UnderLoadAsync($"{rounds} restarts of every node", async (all, progress) =>
        {
            for (var round = 0; round < rounds; round++)
            {
                foreach (var node in all)
                {
                    Assert.Equal(0, (await node.LeaveAsync()).Code);
                    node.Start();
                    await ReadyAsync();
                }
                progress($"after {round + 1}");
            }
        });
    }

    /// <param name="disturb">Is given the nodes, and what says how far it has come.</param>
    private async Task UnderLoadAsync(string what, Func<List<NodeProcess>, Action<string>, Task> disturb)
    {
        var postgres = await PostgresServer.SharedAsync();
        _cluster = await TestCluster.StartAsync(new NodeFolder(pace: 8, agent: """, "maxResumptions": 1000"""), nodes: 3, (await postgres.CreateDatabaseAsync()).Options().ConnectionString!);
        var all = _cluster.All.ToList();

        var load = new TurnLoad(_client, () => all[Random.Shared.Next(all.Count)].Url, _turns);
        await disturb(all, progress => Tell($"{what}, {progress}"));
        await load.StopAsync();

        output.WriteLine(Tell(what));
        if (load.Faults.Count > 0 && Folder is { } folder) await File.WriteAllTextAsync(Path.Combine(folder, "nodes.log"), _cluster.Output);
        Assert.True(load.Faults.Count == 0, string.Join('\n', load.Faults.Take(20)));
        Assert.True(_startsAgain <= MayStartAgain, $"{_startsAgain} times nodes ended by themselves.");
        Assert.True(load.Resumed.Count > 0, "No reader ever lost its connection.");
        Assert.True(load.Withdrawn.Count > 0, "No turn ever went on elsewhere.");

        string Tell(string state)
        {
            var report = string.Join(Environment.NewLine, [$"{state} under {_turns} live turns", $"{_startsAgain} times nodes were started again that had ended by themselves.", .. load.Report()]);
            if (Folder is { } folder) File.WriteAllText(Path.Combine(folder, $"{what}.txt"), report);
            return report;
        }
    }

    /// <summary>Where to write how far it has come, and what nodes said if anything was wrong.</summary>
    private static string? Folder => Environment.GetEnvironmentVariable("ACTORAGENTS_CHAOS_FOLDER");

    /// <summary>Waits for all nodes. As whatever runs them does, it starts one again that ended: on a machine that has no time for it a node may fail to start, or be excluded while it lives.</summary>
    private async Task ReadyAsync()
    {
        for (var starts = 0; ;)
        {
            try
            {
                await _cluster.ReadyAsync();
                return;
            }
            catch (InvalidOperationException) when (starts < Starts)
            {
                foreach (var node in _cluster.All.Where(node => node.HasEnded))
                {
                    node.Start();
                    starts++;
                }
                _startsAgain++;
            }
        }
    }

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { } text ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : otherwise;
}
