using System.Diagnostics;
using ActorAgents.Cluster.Tests.Databases;
using ActorAgents.Cluster.Tests.Persistence;
using ActorAgents.Testing;

namespace ActorAgents.Cluster.Tests.Hosting;

[Collection(DatabaseCollection.Name)]
public sealed class DurableAgentsTests
{
    private const string Setting = "DurableAgentsOptions.ConnectionString";

    [Theory]
    [InlineData(JournalKind.Sqlite, null, "is missing")]
    [InlineData(JournalKind.PostgreSql, " ", "is missing")]
    [InlineData(JournalKind.Sqlite, "Data Source=:memory:", "names no file")]
    [InlineData(JournalKind.Sqlite, "Sata Dource=agents.db", "is not what")]
    [InlineData(JournalKind.PostgreSql, "Password=hunter2;Host", "is not what")]
    public async Task A_wrong_setting_is_named(JournalKind kind, string? connectionString, string what)
    {
        var refused = await Assert.ThrowsAsync<AgentConfigurationException>(() => Node.StartAsync(new() { Journal = kind, ConnectionString = connectionString }));
        Assert.Contains($"{Setting} {what}", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_cannot_be_made_ends_the_start()
    {
        var file = Path.GetTempFileName();
        try
        {
            var refused = await Assert.ThrowsAsync<AgentConfigurationException>(() => Node.StartAsync(DurableAgentsOptions.Sqlite(Path.Combine(file, "agents.db"))));
            Assert.Contains(Setting, refused.Message, StringComparison.Ordinal);
        }
        finally { File.Delete(file); }
    }

    [Fact]
    public async Task A_server_that_does_not_answer_ends_the_start_in_time()
    {
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0); // Whoever connects hears nothing.
        silent.Start();
        var port = ((System.Net.IPEndPoint)silent.LocalEndpoint).Port;
        var started = Stopwatch.StartNew();
        var refused = await Assert.ThrowsAsync<AgentConfigurationException>(() => Node.StartAsync(new()
        {
            Journal = JournalKind.PostgreSql, ConnectionString = $"Host=127.0.0.1;Port={port};Username=u;Password=hunter2;Database=d", StartTimeout = TimeSpan.FromSeconds(1),
        }));
        Assert.Contains(Setting, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refused.ToString(), StringComparison.Ordinal);
        Assert.InRange(started.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    [PostgresFact]
    public async Task The_password_is_logged_nowhere()
    {
        await using var database = await TestDatabase.CreateAsync(JournalKind.PostgreSql);
        await using var node = await Node.StartAsync(database.Options());
        await node.Agent("ann").NextAsync<JournalProtocol.Recovered>();

        Assert.Contains("plugin-id", node.Logged.Text, StringComparison.Ordinal); // The configuration is.
        Assert.DoesNotContain(PostgresServer.Password, node.Logged.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Durable_agents_without_a_journal_do_not_start()
    {
        var refused = await Assert.ThrowsAsync<AgentConfigurationException>(() => AgentRuntime.StartAsync(agents => agents
            .AddProvider("default", new ScriptedProvider())
            .AddAgent("writer", agent => agent.WithDurability(Durability.Turn))));
        Assert.Contains("'writer'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("WithDurableAgents", refused.Message, StringComparison.Ordinal);
    }

    [Theory, On(JournalKind.InMemory), On(JournalKind.Sqlite), On(JournalKind.PostgreSql)]
    public async Task A_conversation_goes_on_after_a_restart(JournalKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await RunAsync(database, "Once upon a time", "Tell me a story");
        var messages = await RunAsync(database, "The end.", "Go on");
        Assert.Equal(kind == JournalKind.InMemory ? 2 : 4, messages);

        static async Task<int> RunAsync(TestDatabase database, string answer, string input)
        {
            await using var runtime = await AgentRuntime.StartAsync(
                agents => agents.AddProvider("default", ScriptedProvider.Always(answer)).AddAgent("writer", agent => agent.WithDurability(Durability.Turn)),
                akka: (akka, _) => akka.WithDurableAgents(database.Options()));
            var agent = runtime.Agents["writer", "ann"];
            Assert.Equal(answer, (await agent.RunAsync(input)).Content);
            return (await agent.GetMessagesAsync()).Count;
        }
    }
}
