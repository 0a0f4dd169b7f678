using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using ActorAgents.Cluster.ProcessTests.Nodes;
using ActorAgents.Cluster.ProcessTests.Reading;
using FreePorts = ActorAgents.Host.Clusters.FreePorts;

namespace ActorAgents.Cluster.ProcessTests;

/// <summary>All of a cluster by one command.</summary>
[Collection(ProcessCollection.Name)]
public sealed partial class ClusterCommandTests : IAsyncLifetime
{
    private const string Ready = "Ctrl+C ends all.";

    private readonly NodeFolder _folder = new();
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(60) };
    private readonly string _url = $"http://127.0.0.1:{FreePorts.Find(1)[0]}";
    private readonly ProgramProcess _cluster;

    public ClusterCommandTests() => _cluster = new(
        "cluster", ["cluster", "--urls", _url, "--config", _folder.Path, "--data", _folder.Data],
        new Dictionary<string, string> { ["ACTORAGENTS_LOGS"] = _folder.Path, ["ActorAgents__Cluster__StableAfter"] = "2" });

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _client.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task It_answers_outlives_a_node_and_ends_all_of_them()
    {
        _cluster.Start();
        var processes = Processes(await _cluster.WroteAsync(Ready));
        var agent = new AgentClient(_client, () => _url, $"{NodeFolder.Kind}/ann");
        await agent.RunAsync("my name is Kim");

        processes["node-2"].Kill();
        await _cluster.WroteAsync("node-2 has ended with exit code 137.");
        Assert.Contains("Your name is Kim", await agent.RunAsync("what is my name?"));
        var (code, took) = await _cluster.TerminateAsync();

        Assert.Equal(0, code);
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(35));
        Assert.All(processes.Values, process => Assert.True(process.HasExited));
        Assert.DoesNotContain("is ended.", _cluster.Output); // None by force.
    }

    [Fact]
    public async Task Its_nodes_end_when_it_is_killed()
    {
        _cluster.Start();
        var processes = Processes(await _cluster.WroteAsync(Ready));

        await _cluster.KillAsync();

        Assert.Equal(4, processes.Count);
        foreach (var process in processes.Values) await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(45));
    }

    [Fact]
    public async Task When_one_cannot_start_it_says_why_and_ends()
    {
        using var taken = new TcpListener(IPAddress.Loopback, new Uri(_url).Port);
        taken.Start();
        _cluster.Start();

        Assert.Equal(1, await _cluster.EndAsync());

        Assert.Contains("api | ", _cluster.Output);
        Assert.Contains("Another program listens there", _cluster.Output);
        Assert.Contains("api ended with exit code 1 before it was ready", _cluster.Output);
    }

    private static Dictionary<string, Process> Processes(string output) => ProcessLine().Matches(output)
        .ToDictionary(line => line.Groups["name"].Value, line => Process.GetProcessById(int.Parse(line.Groups["id"].Value, CultureInfo.InvariantCulture)));

    [GeneratedRegex(@"(?<name>[a-z0-9-]+) is process (?<id>\d+)")]
    private static partial Regex ProcessLine();
}
