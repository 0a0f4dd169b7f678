using System.Globalization;
using ActorAgents.Cluster.ProcessTests.Load;
using ActorAgents.Cluster.ProcessTests.Nodes;
using ActorAgents.Cluster.ProcessTests.Reading;
using ActorAgents.Cluster.Tests.Databases;

namespace ActorAgents.Cluster.ProcessTests;

/// <summary>Nodes whose clocks do not agree.</summary>
[Collection(ProcessCollection.Name)]
public sealed class ClockTests : IAsyncLifetime
{
    private readonly HttpClient _client = TestCluster.ClientFor(Timeout.InfiniteTimeSpan);
    private TestCluster? _cluster;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
        _client.Dispose();
    }

    [ClockFact]
    public async Task Turns_go_on_and_are_read_again_on_nodes_whose_clocks_are_an_hour_apart()
    {
        var postgres = await PostgresServer.SharedAsync();
        _cluster = await TestCluster.StartAsync(new NodeFolder(pace: 25, agent: """, "keepTurnsFor": "05:00:00" """), nodes: 3, (await postgres.CreateDatabaseAsync()).Options().ConnectionString!,
            environment: i => FakeTime.Off(TimeSpan.FromHours(i - 1)));
        var clocks = await Task.WhenAll(_cluster.Nodes.Select(async node =>
        {
            using var answer = await _client.GetAsync($"{node.Url}/health/live");
            return answer.Headers.Date!.Value;
        }));
        Assert.InRange(clocks[2] - clocks[0], TimeSpan.FromHours(1.9), TimeSpan.FromHours(2.1));
        await _cluster.SettledAsync();
        var agents = Enumerable.Range(0, 12).Select(_ => new AgentClient(_client, () => _cluster.Api.Url, $"{NodeFolder.Kind}/{Guid.NewGuid():N}")).ToList();
        foreach (var agent in agents) await agent.StartAsync("count", "count to 200");
        var readers = agents.ConvertAll(agent => agent.Read("count"));
        await Task.WhenAll(readers.Select(reader => reader.ReadAsync(events: 20)));

        var rest = Task.WhenAll(readers.Select(reader => reader.ReadToEndAsync()));
        await _cluster.Nodes[2].KillAsync(); // The one that is an hour ahead: what it wrote is of the others' future.
        await rest;
        await _cluster.Nodes[0].LeaveAsync(); // The one that is an hour behind: what ended there is read again at the last one, from the journal.
        foreach (var agent in agents)
        {
            var again = agent.Read("count");
            await again.ReadToEndAsync();
            Assert.Equal(("completed", TurnLoad.Numbers(200)), (again.Seen.End, again.Seen.Text));
            Assert.Empty(ConversationCheck.Faults(await agent.MessagesAsync(), ["count to 200"]));
        }
    }
}

/// <summary>Another time of day for a process, by the library of <c>faketime</c>. What measures how long something takes is left alone.</summary>
internal static class FakeTime
{
    /// <summary>Set to <c>required</c>, as in CI, its absence is a failure.</summary>
    private const string Variable = "ACTORAGENTS_INTEROP";

    private static readonly string? Library = new[] { "/usr/lib", "/usr/lib64" }.Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateFiles(folder, "libfaketimeMT.so.1", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2 })).FirstOrDefault();

    public static string? WhyNot { get; } = Library is not null || Environment.GetEnvironmentVariable(Variable) == "required" ? null : "faketime is not installed.";

    public static (string Name, string Value)[] Off(TimeSpan by) =>
    [
        ("LD_PRELOAD", Library ?? throw new FileNotFoundException($"{Variable} is required, and faketime is not installed: apt-get install faketime")),
        ("FAKETIME", string.Create(CultureInfo.InvariantCulture, $"{by.TotalSeconds:+0;-0;+0}")),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
    ];
}

/// <summary>A test that needs PostgreSQL and another time of day.</summary>
internal sealed class ClockFactAttribute : FactAttribute
{
    public ClockFactAttribute() => Skip = FakeTime.WhyNot ?? PostgresInstallation.WhyNot;
}
