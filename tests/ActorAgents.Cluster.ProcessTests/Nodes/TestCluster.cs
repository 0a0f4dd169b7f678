using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using ActorAgents.AspNetCore;
using ActorAgents.Cluster.ProcessTests.Network;
using ActorAgents.Cluster.ProcessTests.Reading;
using Npgsql;
using FreePorts = ActorAgents.Host.Clusters.FreePorts;

namespace ActorAgents.Cluster.ProcessTests.Nodes;

/// <summary>Nodes with agents and one without, as processes on this machine.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    /// <summary>The secret that opens nodes on a network of their own, which are not this machine to themselves.</summary>
    private const string Key = "tests";

    private readonly NodeFolder _folder;
    private readonly IReadOnlyList<TcpProxy> _databases;
    private readonly HttpClient _client = ClientFor(TimeSpan.FromSeconds(5));

    private TestCluster(NodeFolder folder, IReadOnlyList<TcpProxy> links, IReadOnlyList<TcpProxy> databases, IReadOnlyList<NodeProcess> nodes, NodeProcess api) =>
        (_folder, Links, _databases, Nodes, Api) = (folder, links, databases, nodes, api);

    /// <summary>What the others go through to each process, in the order of <see cref="All"/>; empty where they reach it themselves.</summary>
    public IReadOnlyList<TcpProxy> Links { get; }

    /// <summary>Those with agents, the oldest first until one of them was started again.</summary>
    public IReadOnlyList<NodeProcess> Nodes { get; }

    public NodeProcess Api { get; }

    public IEnumerable<NodeProcess> All => Nodes.Append(Api);

    /// <param name="connectionString">Of the PostgreSQL database that they share.</param>
    /// <param name="linked">Whether there are <see cref="Links"/> between them.</param>
    /// <param name="network">Where each is a member, in the order of <see cref="All"/>; all on this machine's own unless given. The database is reached beside it.</param>
    /// <param name="environment">Further variables of a node, by its place.</param>
    public static async Task<TestCluster> StartAsync(
        NodeFolder folder, int nodes, string connectionString, bool linked = false, TestNetwork? network = null, Func<int, (string Name, string Value)[]>? environment = null)
    {
        var http = FreePorts.Find(2 * (nodes + 1));
        var ports = http.Skip(nodes + 1).ToList();
        var links = linked ? ports.ConvertAll(port => new TcpProxy(port)) : [];
        var reached = linked ? links.ConvertAll(link => link.Port) : ports;
        var seeds = string.Join(',', reached.Take(nodes).Select((port, i) => $"{Host(i)}:{port}"));
        var database = new NpgsqlConnectionStringBuilder(connectionString);
        List<TcpProxy> databases = network is null ? [] : [.. Enumerable.Range(0, nodes + 1).Select(i => new TcpProxy(database.Port, IPAddress.Parse(TestNetwork.Here(i))))];
        var cluster = new TestCluster(folder, links, databases, [.. Enumerable.Range(0, nodes).Select(i => Make($"node-{i + 1}", "node", i))], Make("api", "api", nodes));
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

        string Host(int i) => network is null ? "127.0.0.1" : TestNetwork.Address(i);

        NodeProcess Make(string name, string role, int i)
        {
            var settings = new Dictionary<string, string>
            {
                ["ActorAgents__Cluster__Host"] = Host(i),
                ["ActorAgents__Cluster__Port"] = Text(ports[i]),
                ["ActorAgents__Cluster__PublicPort"] = Text(reached[i]),
                ["ActorAgents__Cluster__Seeds"] = seeds,
                ["ActorAgents__Cluster__StableAfter"] = "5",
                ["ActorAgents__Persistence__Kind"] = "postgresql",
                ["ActorAgents__Persistence__ConnectionString"] = network is null ? connectionString
                    : new NpgsqlConnectionStringBuilder(connectionString) { Host = TestNetwork.Here(i), Port = databases[i].Port }.ConnectionString,
                ["ACTORAGENTS_LOGS"] = folder.Path,
            };
            if (network is not null) (settings["ActorAgents__Keys__tests__Hash"], settings["ActorAgents__Keys__tests__Scopes__0"], settings["ActorAgents__Keys__tests__Scopes__1"]) = (ApiKey.Hash(Key), "chat", "admin");
            foreach (var (variable, value) in environment?.Invoke(i) ?? []) settings[variable] = value;
            return new(name, $"http://{(network is null ? "127.0.0.1" : TestNetwork.There(i))}:{http[i]}", ["--role", role, "--config", folder.Path], settings, network?.At(i));
        }
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    /// <summary>A client that every node answers.</summary>
    public static HttpClient ClientFor(TimeSpan timeout) => new() { Timeout = timeout, DefaultRequestHeaders = { Authorization = new("Bearer", Key) } };

    /// <summary>How many turns run on a node.</summary>
    public async Task<int> TurnsOnAsync(NodeProcess node) => JsonNode.Parse(await _client.GetStringAsync($"{node.Url}/probe"))!["active"]!.GetValue<int>();

    /// <summary>The node on which a turn runs; of several such nodes, the first.</summary>
    public async Task<NodeProcess> WithTurnAsync()
    {
        foreach (var node in Nodes)
            if (await TurnsOnAsync(node) > 0) return node;
        throw new InvalidOperationException("No turn runs anywhere.");
    }

    /// <summary>Waits until nodes that started one after the other have shared the agents between them: no turn of many was moved any more.</summary>
    public async Task SettledAsync()
    {
        using var client = ClientFor(Timeout.InfiniteTimeSpan);
        for (var isCalm = false; !isCalm;)
        {
            var resets = await Task.WhenAll(Enumerable.Range(0, 30).Select(async _ =>
            {
                var agent = new AgentClient(client, () => Api.Url, $"{NodeFolder.Kind}/{Guid.NewGuid():N}");
                await agent.StartAsync("settle", "count to 40");
                var reader = agent.Read("settle");
                await reader.ReadToEndAsync();
                return reader.Seen.Resets;
            }));
            isCalm = resets.Sum() == 0;
        }
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
        foreach (var proxy in Links.Concat(_databases)) await proxy.DisposeAsync();
        _client.Dispose();
        _folder.Dispose();
    }
}
