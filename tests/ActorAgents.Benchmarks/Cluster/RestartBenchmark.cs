using System.Diagnostics;
using System.Globalization;
using ActorAgents.Benchmarks.Clients;
using ActorAgents.Benchmarks.Measures;
using ActorAgents.Cluster;
using ActorAgents.Cluster.Tests.Databases;
using Akka.Configuration;
using Akka.Hosting;

namespace ActorAgents.Benchmarks.Cluster;

/// <summary>How a process starts whose database has 100,000 agents, and what the first use of one costs, beside one that has a single agent.</summary>
internal static class RestartBenchmark
{
    private const int Agents = 100_000, Used = 500;

    public static async Task RunAsync(Report report)
    {
        foreach (var kind in new[] { JournalKind.Sqlite, JournalKind.PostgreSql })
        {
            if (kind == JournalKind.PostgreSql && PostgresInstallation.WhyNot is { } reason)
            {
                Report.Say($"Nothing is measured on it: {reason}");
                continue;
            }
            await using var database = await TestDatabase.CreateAsync(kind);
            await using (var first = await StartAsync(database)) await first.Agents["writer", "0"].RunAsync(Script.Prompt);
            await RestartAsync(report, $"{kind}, 1 agent", database, 1);
            await MultiplyAsync(database);
            await RestartAsync(report, $"{kind}, {Agents:N0} agents", database, Agents);
        }
        await PostgresServer.StopSharedAsync();
    }

    private static async Task RestartAsync(Report report, string name, TestDatabase database, int stored)
    {
        var began = Stopwatch.GetTimestamp();
        await using var runtime = await StartAsync(database);
        if (!runtime.Agents.Status.IsReady) throw new InvalidOperationException("The runtime has started and is not ready.");
        report.AtMost($"{name}: ready after", 5_000, Stopwatch.GetElapsedTime(began).TotalMilliseconds, "ms");

        var agents = Enumerable.Range(0, stored).OrderBy(_ => Random.Shared.Next()).Take(Used).Select(key => runtime.Agents["writer", key.ToString(CultureInfo.InvariantCulture)]).ToList();
        report.AtMost($"{name}: agents recovered before one was used", 0, runtime.Agents.Status.Agents, "");
        var times = new List<double>();
        foreach (var agent in agents)
        {
            began = Stopwatch.GetTimestamp();
            var messages = await agent.GetMessagesAsync();
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            if (messages.Count != 2) throw new InvalidOperationException($"Agent {agent.Id} has {messages.Count} messages.");
        }
        report.Note($"{name}: first use, p50", Measure.Median(times), "ms");
        report.AtMost($"{name}: agents recovered after {agents.Count} were used", agents.Count, runtime.Agents.Status.Agents, "");
    }

    private static Task<AgentRuntime> StartAsync(TestDatabase database)
    {
        var script = new Script(chunks: 20, withTool: false);
        return AgentRuntime.StartAsync(
            agents => agents.AddProvider("text", new ScriptClient(script, Updates.Fresh)).AddAgent("writer", a => a.WithDurability(Durability.Turn).WithProvider("text")),
            akka: (akka, _) => akka.WithDurableAgents(database.Options()).AddHocon(ConfigurationFactory.ParseString("akka { loglevel = OFF, stdout-loglevel = OFF }"), HoconAddMode.Prepend));
    }

    /// <summary>Copies the events of the agent with key 0 to all other keys.</summary>
    private static async Task MultiplyAsync(TestDatabase database)
    {
        await using var connection = await database.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandTimeout = 600;
        command.CommandText = "SELECT * FROM actoragents_journal";
        string[] columns;
        await using (var rows = await command.ExecuteReaderAsync())
            columns = [.. Enumerable.Range(0, rows.FieldCount).Select(rows.GetName).Where(name => name != "ordering")];
        var values = columns.Select(name => name == "persistence_id" ? "'agent|default|writer|' || n" : name);
        command.CommandText = $"""
            WITH RECURSIVE keys(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM keys WHERE n < {Agents - 1})
            INSERT INTO actoragents_journal ({string.Join(", ", columns)})
            SELECT {string.Join(", ", values)} FROM actoragents_journal CROSS JOIN keys WHERE persistence_id = 'agent|default|writer|0'
            """;
        await command.ExecuteNonQueryAsync();
    }
}
