using ActorAgents.Cluster.ProcessTests.Load;
using ActorAgents.Cluster.ProcessTests.Network;
using ActorAgents.Cluster.ProcessTests.Nodes;
using ActorAgents.Cluster.ProcessTests.Reading;
using ActorAgents.Cluster.Tests.Databases;

namespace ActorAgents.Cluster.ProcessTests;

/// <summary>Networks that are late, that stall and that cut, between the nodes and in front of a reader.</summary>
[Collection(ProcessCollection.Name)]
public sealed class NetworkTests : IAsyncLifetime
{
    private readonly HttpClient _client = new() { Timeout = Timeout.InfiniteTimeSpan };
    private TestCluster _cluster = null!;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
        _client.Dispose();
    }

    [PostgresFact]
    public async Task Turns_are_whole_over_slow_links_that_stall_and_a_readers_connection_that_is_cut_and_held()
    {
        var postgres = await PostgresServer.SharedAsync();
        _cluster = await TestCluster.StartAsync(new NodeFolder(pace: 25), nodes: 2, (await postgres.CreateDatabaseAsync()).Options().ConnectionString!, linked: true);
        foreach (var link in _cluster.Links) (link.Delay, link.Jitter, link.LossPercent) = (TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(40), 2);
        await using var toReader = new TcpProxy(new Uri(_cluster.Api.Url).Port) { Jitter = TimeSpan.FromMilliseconds(20) };
        var agents = Enumerable.Range(0, 4).Select(i => new AgentClient(_client, () => $"http://127.0.0.1:{toReader.Port}", $"{NodeFolder.Kind}/{i}")).ToList();
        await Task.WhenAll(agents.Select(agent => agent.StartAsync("count", "count to 400")));
        var readers = agents.ConvertAll(agent => agent.Read("count"));
        var whole = Task.WhenAll(readers.Select(reader => reader.ReadToEndAsync()));

        await AllHaveAsync(events: 20);
        var cut = readers.FindAll(reader => reader.Seen.End is null); // One that had to wait long for its agent leaves others behind it that are whole already.
        toReader.Cut();
        await AllHaveAsync(events: 100);
        toReader.Hold();
        await Task.Delay(TimeSpan.FromSeconds(2)); // So much is held.
        toReader.Release();
        await whole;

        Assert.All(readers, reader => Assert.Equal(("completed", TurnLoad.Numbers(400)), (reader.Seen.End, reader.Seen.Text)));
        Assert.NotEmpty(cut);
        Assert.All(readers, reader => Assert.Equal(cut.Contains(reader) ? 1 : 0, reader.Resumed.Count)); // Cut once; what was held came.
        foreach (var agent in agents) Assert.Empty(ConversationCheck.Faults(await agent.MessagesAsync(), ["count to 400"]));

        async Task AllHaveAsync(long events)
        {
            using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
            while (!whole.IsCompleted && readers.Any(reader => reader.Seen.Seq < events)) await ticks.WaitForNextTickAsync();
        }
    }
}
