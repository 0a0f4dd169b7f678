using ActorAgents.Cluster;
using ActorAgents.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace ActorAgents.Docs.Tests.Readme;

public sealed class DurableSnippets
{
    [Fact]
    public async Task Conversations_outlive_their_process()
    {
        var folder = Directory.CreateTempSubdirectory("actoragents-");
        try
        {
            var path = Path.Combine(folder.FullName, "agents.db");
            await using (var first = Durable(new ScriptedProvider("Once."), path))
            {
                await first.StartAsync();
                await first.Services.GetRequiredService<IAgents>()["writer", "1"].RunAsync("Tell me a story");
                await first.StopAsync();
            }
            await using var second = Durable(new ScriptedProvider(), path);
            await second.StartAsync();
            Assert.Equal(2, (await second.Services.GetRequiredService<IAgents>()["writer", "1"].GetMessagesAsync()).Count);
            await second.StopAsync();
        }
        finally
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_node_is_a_cluster_of_one()
    {
        await using var node = Clustered(new ScriptedProvider("Once."), DurableAgentsOptions.InMemory(), port: 0, seed: "127.0.0.1:0");
        await node.StartAsync();
        Assert.Equal("Once.", (await node.Services.GetRequiredService<IAgents>()["writer", "1"].RunAsync("Tell me a story")).Content);
        await node.StopAsync();
    }

    private static WebApplication Durable(IChatClient client, string path)
    {
        var builder = WebApplication.CreateSlimBuilder(WebServer.Arguments);
        #region readme-durable
        builder.Services.AddActorAgents(agents => agents
            .AddProvider("default", client)
            .AddAgent("writer", a => a.WithDurability(Durability.Turn)),
            (akka, _) => akka.WithDurableAgents(DurableAgentsOptions.Sqlite(path))); // or PostgreSql(connectionString)
        #endregion
        return builder.Build();
    }

    private static WebApplication Clustered(IChatClient client, DurableAgentsOptions journal, int port, string seed)
    {
        var builder = WebApplication.CreateSlimBuilder(WebServer.Arguments);
        #region readme-cluster
        builder.Services.AddActorAgents(agents => agents
            .AddProvider("default", client)
            .AddAgent("writer", a => a.WithDurability(Durability.Turn)),
            (akka, _) => akka
                .WithDurableAgents(journal) // DurableAgentsOptions.PostgreSql(connectionString), the same database for all
                .WithClusteredAgents(new ClusteredAgentsOptions { Host = "127.0.0.1", Port = port, SeedNodes = { seed } })); // "10.0.0.1:2552"
        #endregion
        return builder.Build();
    }
}
