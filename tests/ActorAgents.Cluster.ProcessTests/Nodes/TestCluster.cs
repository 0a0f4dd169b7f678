using System.Globalization;
using System.Text.Json.Nodes;
using ActorAgents.Cluster.ProcessTests.Network;
using FreePorts = ActorAgents.Host.Clusters.FreePorts;

namespace ActorAgents.Cluster.ProcessTests.Nodes;

/// <summary>Nodes with agents and one without, as processes on this machine.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private readonly NodeFolder _folder;
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(5) };

    private TestCluster(NodeFolder folder, IReadOnlyList<TcpProxy> links, IReadOnlyList<NodeProcess> nodes, NodeProcess api) => (_folder, Links, Nodes, Api) = (folder, links, nodes, api);

    /// <summary>What the others go through to each process, in the order of <see cref="All"/>; empty where they reach it themselves.</summary>
    public IReadOnlyList<TcpProxy> Links { get; }

    /// <summary>Those with agents, the oldest first until one of them was started again.</summary>
    public IReadOnlyList<NodeProcess> Nodes { get; }

    public NodeProcess Api { get; }

    public IEnumerable<NodeProcess> All => Nodes.Append(Api);

    /// <param name="connectionString">Of the PostgreSQL database that they share.</param>
    /// <param name="linked">Whether there are <see cref="Links"/> between them.</param>
    public static async Task<TestCluster> StartAsync(NodeFolder folder, int nodes, string connectionString, bool linked = false)
    {
        var http = FreePorts.Find(2 * (nodes + 1));
        var ports = http.Skip(nodes + 1).ToList();
        var links = linked ? ports.ConvertAll(port => new TcpProxy(port)) : [];
        var reached = linked ? links.ConvertAll(link => link.Port) : ports;
        var seeds = string.Join(',', reached.Take(nodes).Select(port => $"127.0.0.1:{port}"));
        var cluster = new TestCluster(folder, links, [.. Enumerable.Range(0, nodes).Select(i => Make($"node-{i + 1}", "node", i))], Make("api", "api", nodes));
        try
        {
            await cluster.Nodes[0].StartAndBeReadyAsync(); // The oldest, where the shards are coordinated.
            foreach (var node in cluster.All.Skip(1)) node.Start();
            foreach (var node in cluster.All.Skip(1)) await node.ReadyAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }

        NodeProcess Make(string name, string role, int i) => new(name, $"http://127.0.0.1:{http[i]}", ["--role", role, "--config", folder.Path], new Dictionary<string, string>
        {
            ["ActorAgents__Cluster__Port"] = Text(ports[i]),
            ["ActorAgents__Cluster__PublicPort"] = Text(reached[i]),
            ["ActorAgents__Cluster__Seeds"] = seeds,
            ["ActorAgents__Cluster__StableAfter"] = "5",
            ["ActorAgents__Persistence__Kind"] = "postgresql",
            ["ActorAgents__Persistence__ConnectionString"] = connectionString,
            ["ACTORAGENTS_LOGS"] = folder.Path,
        });
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    /// <summary>The node on which a turn runs; of several such nodes, the first.</summary>
    public async Task<NodeProcess> WithTurnAsync()
    {
        foreach (var node in Nodes)
            if (JsonNode.Parse(await _client.GetStringAsync($"{node.Url}/probe"))!["active"]!.GetValue<int>() > 0) return node;
        throw new InvalidOperationException("No turn runs anywhere.");
    }

    /// <summary>Waits until every node says that it is ready.</summary>
    public async Task ReadyAsync()
    {
        foreach (var node in All) await node.ReadyAsync();
    }

    /// <summary>For the message of a test that fails.</summary>
    public string Output => string.Join("\n\n", All.Select(node => $"===== {node.Name}\n{node.Output}"));

    public async ValueTask DisposeAsync()
    {
        foreach (var node in All) await node.DisposeAsync();
        foreach (var link in Links) await link.DisposeAsync();
        _client.Dispose();
        _folder.Dispose();
    }
}
