using System.Diagnostics;
using ActorAgents.Benchmarks.Clients;
using ActorAgents.Benchmarks.Measures;
using ActorAgents.Cluster;
using ActorAgents.Cluster.Tests.Databases;
using Akka.Configuration;
using Akka.Hosting;

namespace ActorAgents.Benchmarks.Cluster;

/// <summary>What it costs that a turn outlives its process, on SQLite (WAL) and PostgreSQL; the same turns without a journal beside them.</summary>
internal static class DurableBenchmark
{
    private const int Chunks = 20, WarmUp = 100, Alone = 300, AtOnce = 64, TurnsEach = 30;

    public static async Task RunAsync(Report report)
    {
        foreach (var kind in new[] { JournalKind.InMemory, JournalKind.Sqlite, JournalKind.PostgreSql })
        {
            if (kind == JournalKind.PostgreSql && PostgresInstallation.WhyNot is { } reason)
            {
                Report.Say($"Nothing is measured on it: {reason}");
                continue;
            }
            await using var database = await TestDatabase.CreateAsync(kind);
            await RunOnAsync(report, kind, database);
        }
        await PostgresServer.StopSharedAsync();
    }

    private static async Task RunOnAsync(Report report, JournalKind journal, TestDatabase database)
    {
        Durability[] durabilities = journal == JournalKind.InMemory ? [Durability.None] : [Durability.Turn, Durability.BeforePublish];
        var place = journal == JournalKind.InMemory ? "no journal" : journal.ToString();
        var (text, tool) = (new Script(Chunks, withTool: false), new Script(Chunks, withTool: true));
        await using var runtime = await AgentRuntime.StartAsync(agents =>
        {
            agents.AddProvider("text", new ScriptClient(text, Updates.Fresh)).AddProvider("tool", new ScriptClient(tool, Updates.Fresh)).AddTool("weather", tool.Weather!);
            foreach (var durability in durabilities)
                agents.AddAgent(Kind(durability, "text"), a => a.WithDurability(durability).WithProvider("text"))
                    .AddAgent(Kind(durability, "tool"), a => a.WithDurability(durability).WithProvider("tool").WithTool("weather"));
        }, akka: (akka, _) =>
        {
            if (journal != JournalKind.InMemory) akka.WithDurableAgents(database.Options());
            akka.AddHocon(ConfigurationFactory.ParseString("akka { loglevel = OFF, stdout-loglevel = OFF }"), HoconAddMode.Prepend);
        });
        var first = new Dictionary<Durability, double>();
        foreach (var durability in durabilities)
        {
            foreach (var what in new[] { "text", "tool" })
            {
                var agent = runtime.Agents[Kind(durability, what), "alone"];
                for (var i = 0; i < WarmUp; i++) await TurnAsync(agent);
                var (events, times, firsts) = (journal == JournalKind.InMemory ? 0 : await CountAsync(database), new List<double>(), new List<double>());
                for (var i = 0; i < Alone; i++)
                {
                    var (chunk, whole) = await TurnAsync(agent);
                    (times, firsts) = ([.. times, whole], [.. firsts, chunk]);
                }
                var name = $"{place}, {durability}, {what} turn";
                if (journal != JournalKind.InMemory) report.Note($"{name}: events", (await CountAsync(database) - events) / (double)Alone, "");
                report.Note($"{name}: first chunk, p50", Measure.Median(firsts), "ms");
                report.Note($"{name}: whole, p50", Measure.Median(times), "ms");
                if (what == "text") first[durability] = Measure.Median(firsts);
            }
            var began = Stopwatch.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(i => Task.Run(async () =>
            {
                for (var turn = 0; turn < TurnsEach; turn++) await TurnAsync(runtime.Agents[Kind(durability, "text"), $"{i}"]);
            })));
            var rate = AtOnce * TurnsEach / Stopwatch.GetElapsedTime(began).TotalSeconds;
            var throughput = $"{place}, {durability}: {AtOnce} agents at once";
            if (journal == JournalKind.PostgreSql && durability == Durability.Turn) report.AtLeast(throughput, 200, rate, "turns/s"); else report.Note(throughput, rate, "turns/s");
        }
        if (first.TryGetValue(Durability.BeforePublish, out var before))
            report.AtMost($"{place}: first chunk, BeforePublish over Turn", 15, before - first[Durability.Turn], "ms");
    }

    /// <summary>Reads a turn to its end, from its log.</summary>
    /// <returns>The times to its first chunk and to its end, in milliseconds.</returns>
    private static async Task<(double FirstChunk, double Whole)> TurnAsync(Agent agent)
    {
        var (began, first) = (Stopwatch.GetTimestamp(), 0.0);
        var turn = await agent.StartAsync(Script.Prompt);
        await foreach (var next in turn.ReadAsync())
        {
            if (next is TextDelta && first == 0) first = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            if (next is TerminalEvent and not TurnCompleted) throw new InvalidOperationException($"The turn did not complete: {next}");
        }
        return (first, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
    }

    /// <summary>How many events were stored so far: their order is never used again.</summary>
    private static Task<long> CountAsync(TestDatabase database) => database.ReadAsync("SELECT MAX(ordering) FROM actoragents_journal");

    private static string Kind(Durability durability, string what) => $"{durability.ToString().ToLowerInvariant()}-{what}";
}
