using ActorAgents.Cluster.ProcessTests.Load;
using ActorAgents.Cluster.ProcessTests.Nodes;
using ActorAgents.Cluster.ProcessTests.Reading;
using ActorAgents.Cluster.Tests.Databases;
using FreePorts = ActorAgents.Host.Clusters.FreePorts;

namespace ActorAgents.Cluster.ProcessTests;

/// <summary>One server with a file, over its death.</summary>
[Collection(ProcessCollection.Name)]
public sealed class RestartTests : IAsyncLifetime
{
    private readonly NodeFolder _folder = new();
    private readonly HttpClient _client = new() { Timeout = Timeout.InfiniteTimeSpan };
    private readonly NodeProcess _server;
    private readonly AgentClient _agent;

    public RestartTests()
    {
        _server = new("server", $"http://127.0.0.1:{FreePorts.Find(1)[0]}", ["--config", _folder.Path, "--data", _folder.Data], new Dictionary<string, string> { ["ACTORAGENTS_LOGS"] = _folder.Path });
        _agent = new AgentClient(_client, () => _server.Url, $"{NodeFolder.Kind}/ann");
    }

    public Task InitializeAsync() => _server.StartAndBeReadyAsync();

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _client.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_turn_goes_on_and_its_reader_with_it_when_its_server_was_killed()
    {
        await _agent.RunAsync("my name is Kim");
        await _agent.StartAsync("count", "count to 120");
        var reader = _agent.Read("count");
        await reader.ReadAsync(events: 40);

        await _server.KillAsync();
        var rest = reader.ReadToEndAsync();
        await _server.StartAndBeReadyAsync();
        await rest;

        Assert.Equal("completed", reader.Seen.End);
        Assert.Equal(TurnLoad.Numbers(120), reader.Seen.Text);
        Assert.Equal(1, reader.Seen.Resets);
        Assert.Contains("Your name is Kim", await _agent.RunAsync("what is my name?"));
        Assert.Empty(ConversationCheck.Faults(await _agent.MessagesAsync(), ["my name is Kim", "count to 120", "what is my name?"]));
    }

    [Fact]
    public async Task A_tool_that_ran_has_one_result_when_its_server_was_killed()
    {
        await _agent.StartAsync("long", "do a long task of 5 seconds");
        var reader = _agent.Read("long");
        while (!reader.Seen.Names.Contains("tool-started")) await reader.ReadAsync(reader.Seen.Seq + 1);

        await _server.KillAsync();
        var rest = reader.ReadToEndAsync();
        await _server.StartAndBeReadyAsync();
        await rest;

        Assert.Equal("completed", reader.Seen.End);
        Assert.Empty(ConversationCheck.Faults(await _agent.MessagesAsync(), ["do a long task of 5 seconds"]));
    }

    [Fact]
    public async Task A_conversation_goes_on_after_an_orderly_end()
    {
        await _agent.RunAsync("my name is Kim");

        Assert.Equal(0, (await _server.LeaveAsync()).Code);
        await _server.StartAndBeReadyAsync();

        Assert.Contains("Your name is Kim", await _agent.RunAsync("what is my name?"));
    }

    [Fact]
    public async Task A_second_server_does_not_get_the_first_ones_file()
    {
        await using var second = new NodeProcess("second", $"http://127.0.0.1:{FreePorts.Find(1)[0]}", ["--config", _folder.Path, "--data", _folder.Data], new Dictionary<string, string>());

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(second.StartAndBeReadyAsync);

        Assert.Contains("ended with 1 before it was ready", refused.Message);
        Assert.Contains("agents.db is in use: another server or cluster keeps its conversations there.", refused.Message);
    }
}

/// <summary>One test at a time: there are two processors, and many processes.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessCollection : ICollectionFixture<DatabaseCollection.Servers>
{
    public const string Name = "processes";
}
