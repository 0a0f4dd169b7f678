using System.Diagnostics;
using ActorAgents.Benchmarks.Clients;
using ActorAgents.Benchmarks.Measures;
using ActorAgents.Benchmarks.Peers;
using ActorAgents.Cluster;
using Akka.Cluster.Hosting;
using Akka.Hosting;
using Akka.Remote.Hosting;

namespace ActorAgents.Benchmarks;

/// <summary>
/// A halt of one tenant with ten thousand live turns on three nodes, each turn a token per 20 ms, by the node that does not keep the ledger. The nodes are
/// runtimes of one process that speak over the loopback; the ledger is in a file.
/// </summary>
internal static class HaltBenchmark
{
    private const int Turns = 10_000, Nodes = 3, Rounds = 5;
    private const int Tokens = 1_000, HaltAfter = 100; // 20 s of tokens at most, a halt after 2.
    private const string Tenant = "acme";
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(20);

    private sealed record Round(double P50, double P99, double Max, double EndP99, double EndMax, double Call, int Acknowledged);

    public static async Task RunAsync(Report report)
    {
        var folder = Directory.CreateTempSubdirectory("halt-benchmark-");
        var runtimes = new List<AgentRuntime>();
        using var client = new TokenClient(Turns, Tokens, Period);
        try
        {
            var journal = DurableAgentsOptions.Sqlite(Path.Combine(folder.FullName, "halts.db"));
            for (var i = 0; i < Nodes; i++) runtimes.Add(await StartNodeAsync(client, journal, runtimes.FirstOrDefault()));
            foreach (var reading in new[] { AgentReading.Direct, AgentReading.Log })
            {
                var rounds = new List<Round>();
                await RunRoundAsync(runtimes, client, reading);
                for (var i = 0; i < Rounds; i++) rounds.Add(await RunRoundAsync(runtimes, client, reading));
                var isAsked = reading == AgentReading.Direct;
                report.Note($"{reading.Name}: last token after the halt was asked for, p50", Measure.Median(rounds.Select(round => round.P50)), "ms");
                report.AtMost($"{reading.Name}: last token after the halt was asked for, p99", isAsked ? 100 : null, Measure.Median(rounds.Select(round => round.P99)), "ms");
                report.Note($"{reading.Name}: last token after the halt was asked for, last reader", Measure.Median(rounds.Select(round => round.Max)), "ms");
                report.Note($"{reading.Name}: end of the turn, p99", Measure.Median(rounds.Select(round => round.EndP99)), "ms");
                report.Note($"{reading.Name}: end of the turn, last reader", Measure.Median(rounds.Select(round => round.EndMax)), "ms");
                report.Note($"{reading.Name}: the call of the halt", Measure.Median(rounds.Select(round => round.Call)), "ms");
                report.AtLeast($"{reading.Name}: nodes that had acknowledged when it returned, least of all rounds", Nodes, rounds.Min(round => round.Acknowledged), "");
            }
        }
        finally
        {
            await Task.WhenAll(runtimes.Select(runtime => runtime.DisposeAsync().AsTask()));
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            folder.Delete(recursive: true);
        }
    }

    private static Task<AgentRuntime> StartNodeAsync(TokenClient client, DurableAgentsOptions journal, AgentRuntime? seed) => AgentRuntime.StartAsync(
        agents => agents.AddProvider("default", client).AddAgent("writer", agent => agent.WithLimits(limits => limits with { HistoryTurns = 0 })),
        akka: (akka, _) => akka
            .WithDurableAgents(journal)
            .AddHocon("akka { actor.internal-dispatcher.executor = fork-join-executor, remote.default-remote-dispatcher.executor = fork-join-executor }", HoconAddMode.Prepend) // As clustered agents have it.
            .WithRemoting("127.0.0.1", 0)
            .WithClustering(new ClusterOptions { Roles = ["agents"] })
            .AddStartup((system, _) =>
            {
                var cluster = Akka.Cluster.Cluster.Get(system);
                cluster.Join(seed is null ? cluster.SelfAddress : Akka.Cluster.Cluster.Get(seed.System).SelfAddress);
            }));

    private static async Task<Round> RunRoundAsync(List<AgentRuntime> runtimes, TokenClient client, AgentReading reading)
    {
        var (tokenAt, endAt) = (new long[Turns], new long[Turns]);
        var readers = Enumerable.Range(0, Turns).Select(i => Task.Run(() => ReadAsync(runtimes[i % Nodes], client, reading, i, tokenAt, endAt))).ToArray();
        while (client.Opened < Turns) await Task.Delay(10);
        Measure.Settle();
        using var stop = new CancellationTokenSource();
        var clock = client.RunClockAsync(stop.Token);
        while (Stopwatch.GetTimestamp() < client.DueAt(0, HaltAfter)) await Task.Delay(5);

        var asked = Stopwatch.GetTimestamp();
        var halt = await runtimes[^1].Agents.HaltAsync(HaltScope.Tenant(Tenant), "benchmark");
        var call = Stopwatch.GetElapsedTime(asked).TotalMilliseconds;
        await Task.WhenAll(readers);
        await stop.CancelAsync();
        await clock;

        var acknowledged = halt.Nodes.Count(node => node.Stopped is not null);
        if (acknowledged == Nodes && halt.Nodes.Sum(node => node.Stopped) != Turns) throw new InvalidOperationException($"{halt.Nodes.Sum(node => node.Stopped)} turns were stopped.");
        if (!await runtimes[0].Agents.ReleaseAsync(halt.Id)) throw new InvalidOperationException("The halt did not stand.");
        var tokens = tokenAt.Select(at => Math.Max(0, Stopwatch.GetElapsedTime(asked, at).TotalMilliseconds)).ToArray();
        var ends = endAt.Select(at => Stopwatch.GetElapsedTime(asked, at).TotalMilliseconds).ToArray();
        return new(Measure.Percentile(tokens, 50), Measure.Percentile(tokens, 99), tokens[^1], Measure.Percentile(ends, 99), ends[^1], call, acknowledged);
    }

    private static async Task ReadAsync(AgentRuntime runtime, TokenClient client, AgentReading reading, int stream, long[] tokenAt, long[] endAt)
    {
        var length = 0;
        await reading.RunAsync(runtime, runtime.Agents.For(Tenant)["writer", $"{stream}"], $"{stream}", null, next =>
        {
            if (next is TextDelta delta)
            {
                tokenAt[stream] = Stopwatch.GetTimestamp();
                length += delta.Text.Length;
            }
            else if (next is TerminalEvent end)
            {
                endAt[stream] = Stopwatch.GetTimestamp();
                if (end is not TurnInterrupted { Reason: InterruptReason.Halted }) throw new InvalidOperationException($"The turn was not halted: {end}");
                Script.Check(client.Text[..length], end.TextSoFar);
            }
        });
    }
}
