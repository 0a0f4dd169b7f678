using System.Collections.Concurrent;
using System.Globalization;
using ActorAgents.Cluster.ProcessTests.Nodes;
using ActorAgents.Cluster.ProcessTests.Reading;
using ActorAgents.Cluster.Tests.Databases;
using Xunit.Abstractions;

namespace ActorAgents.Cluster.ProcessTests;

/// <summary>Nodes are killed at random under turns that all go on. How long it goes is for whoever runs it to say; see the figures in its output.</summary>
[Collection(ProcessCollection.Name)]
public sealed class ChaosTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int TurnsOfAgent = 10;
    private const int Starts = 3;

    private readonly int _kills = Number("ACTORAGENTS_CHAOS_KILLS", 3);
    private readonly int _turns = Number("ACTORAGENTS_CHAOS_TURNS", 20);
    private readonly HttpClient _client = new(new SocketsHttpHandler { MaxConnectionsPerServer = int.MaxValue }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly ConcurrentBag<string> _faults = [];
    private readonly ConcurrentBag<TimeSpan> _resumed = [];
    private TestCluster? _cluster;
    private int _ended;
    private int _resets;
    private int _startsAgain;
    private volatile bool _over;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
        _client.Dispose();
    }

    [PostgresFact]
    public async Task Nodes_that_are_killed_at_random_lose_nothing_and_show_readers_nothing_wrong()
    {
        var postgres = await PostgresServer.SharedAsync();
        var folder = new NodeFolder(pace: 8, agent: """, "maxResumptions": 1000""");
        _cluster = await TestCluster.StartAsync(folder, nodes: 3, (await postgres.CreateDatabaseAsync()).Options().ConnectionString!);

        var slots = Enumerable.Range(0, _turns).Select(TurnsAsync).ToList();
        await KillAsync(_cluster);
        _over = true;
        await Task.WhenAll(slots);

        Report();
        Assert.True(_faults.IsEmpty, string.Join('\n', _faults.Take(20)));
        Assert.True(_resumed.Count > 0, "No reader ever lost its connection.");
    }

    /// <summary>One turn after the other, of agents that are left after some.</summary>
    private async Task TurnsAsync(int slot)
    {
        for (var round = 0; !_over; round++)
        {
            var agent = new AgentClient(_client, AnyUrl, $"{NodeFolder.Kind}/{slot}-{round}");
            var accepted = new List<string>();
            for (var turn = 0; turn < TurnsOfAgent && !_over; turn++)
                if (await TurnAsync(agent, $"t{turn}", turn) is { } input) accepted.Add(input);
            await TryAsync(agent, "conversation", async () =>
            {
                foreach (var fault in ConversationCheck.Faults(await agent.MessagesAsync(), accepted)) _faults.Add($"{agent.Name}: {fault}");
            });
        }
    }

    /// <returns>The input; null when it was not taken.</returns>
    private async Task<string?> TurnAsync(AgentClient agent, string turn, int number)
    {
        var tool = number % 4 == 3;
        var input = tool ? $"do a long task of {2 + number} seconds" : $"count to {100 + number}";
        if (!await TryAsync(agent, $"start of {turn}", () => agent.StartAsync(turn, input))) return null;
        var reader = agent.Read(turn);
        await TryAsync(agent, turn, () => reader.ReadToEndAsync());
        foreach (var gap in reader.Resumed) _resumed.Add(gap);
        Interlocked.Add(ref _resets, reader.Seen.Resets);
        if (reader.Seen.End is null) return input; // It is among the faults already.
        Interlocked.Increment(ref _ended);
        if (reader.Seen.End != "completed") _faults.Add($"{agent.Name} {turn} ended as {reader.Seen.End}: {reader.Seen.EndData}");
        else if (!tool && reader.Seen.Text != RestartTests.Numbers(100 + number)) _faults.Add($"{agent.Name} {turn} reads: {reader.Seen.Text}");
        return input;
    }

    private async Task<bool> TryAsync(AgentClient agent, string what, Func<Task> action)
    {
        try
        {
            await action();
            return true;
        }
        catch (Exception e)
        {
            _faults.Add($"{agent.Name}, {what}: {e.GetType().Name}: {e.Message}");
            return false;
        }
    }

    private async Task KillAsync(TestCluster cluster)
    {
        var all = cluster.All.ToList();
        for (var kill = 0; kill < _kills; kill++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1 + 3 * Random.Shared.NextDouble()));
            var victim = all[Random.Shared.Next(all.Count)];
            await victim.KillAsync();
            await StartAsync(victim);
            await cluster.ReadyAsync();
        }
    }

    /// <summary>As whatever runs a node does: one that ends at its start, on a machine that has no time for it, is started again.</summary>
    private async Task StartAsync(NodeProcess node)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await node.StartAndBeReadyAsync();
                return;
            }
            catch (InvalidOperationException) when (attempt < Starts)
            {
                _startsAgain++;
            }
        }
    }

    private string AnyUrl()
    {
        var all = _cluster!.All.ToList();
        return all[Random.Shared.Next(all.Count)].Url;
    }

    private void Report()
    {
        var resumed = _resumed.Order().ToList();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_kills} kills under {_turns} live turns; {_ended} turns ended, {_resets} withdrawals were seen, {_startsAgain} nodes were started again that had ended at their start."));
        foreach (var fault in Enum.GetValues<Fault>()) output.WriteLine($"{fault}: {_faults.Count(text => text.Contains($"SequenceException: {fault}", StringComparison.Ordinal))}");
        output.WriteLine($"inputs lost: {_faults.Count(text => text.Contains("is lost.", StringComparison.Ordinal))}, calls without one result: {_faults.Count(text => text.Contains("The call", StringComparison.Ordinal))}, other faults: {_faults.Count(IsOther)}");
        if (resumed.Count > 0)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"readers resumed {resumed.Count} times: p50 {resumed[resumed.Count / 2].TotalSeconds:0.00} s, p99 {resumed[resumed.Count * 99 / 100].TotalSeconds:0.00} s, at most {resumed[^1].TotalSeconds:0.00} s"));
        foreach (var fault in _faults.Take(100)) output.WriteLine(fault);
        if (!_faults.IsEmpty && Environment.GetEnvironmentVariable("ACTORAGENTS_CHAOS_OUTPUT") is { } file) File.WriteAllText(file, _cluster!.Output);
    }

    private static bool IsOther(string fault) => !fault.Contains("SequenceException", StringComparison.Ordinal) && !fault.Contains("is lost.", StringComparison.Ordinal) && !fault.Contains("The call", StringComparison.Ordinal);

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { } text ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : otherwise;
}
