using System.Diagnostics;
using ActorAgents.Benchmarks.Measures;
using Microsoft.Extensions.AI;

namespace ActorAgents.Benchmarks.Cluster;

/// <summary>Readers on another node than the agents, over one link of loopback; both nodes are in this process and share its cores.</summary>
internal static class RemoteBenchmark
{
    private const int Turns = 8, Rounds = 5, Firsts = 300;

    public static async Task RunAsync(Report report)
    {
        foreach (var (size, chunks, asked) in new[] { (40, 100_000, (double?)200_000), (1000, 4_000, null) })
        {
            var client = new RepeatingClient(new string('x', size), chunks);
            await using var nodes = await TwoNodes.StartAsync(agents => agents.AddProvider("default", client).AddAgent("writer", a => a.WithLimits(l => l with { MaxTextChars = int.MaxValue })));
            await ReadAsync(nodes, chunks, size, 0);
            var rates = new List<double>();
            for (var round = 1; round <= Rounds; round++) rates.Add(await ReadAsync(nodes, chunks, size, round));
            if (asked is { } least) report.AtLeast($"{size}-byte chunks, {Turns} turns at once, over one link", least, Measure.Median(rates), "chunks/s");
            else report.Note($"{size}-byte chunks, {Turns} turns at once, over one link", Measure.Median(rates), "chunks/s");
        }
        await FirstEventAsync(report);
        await WindowAsync(report);
    }

    private static async Task<double> ReadAsync(TwoNodes nodes, int chunks, int size, int round)
    {
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Turns).Select(i => Task.Run(async () =>
        {
            var turn = await nodes.Reader.Agents["writer", $"{size}-{round}-{i}"].StartAsync("go");
            var (seen, last) = (0, 0L);
            await foreach (var next in turn.ReadAsync())
            {
                if (next.Seq != ++last) throw new InvalidOperationException($"After event {last - 1} came {next.Seq}.");
                if (next is TextDelta delta && delta.Text.Length == size) seen++;
            }
            if (seen != chunks) throw new InvalidOperationException($"{seen} chunks of {chunks} came.");
        })));
        return Turns * (double)chunks / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static async Task FirstEventAsync(Report report)
    {
        var client = new RepeatingClient("x", 1);
        await using var nodes = await TwoNodes.StartAsync(agents => agents.AddProvider("default", client).AddAgent("writer"));
        var delays = new List<double>();
        for (var i = 0; i < 2 * Firsts; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await foreach (var next in nodes.Reader.Agents["writer", $"{i}"].EventsAsync("go"))
            {
                if (next is TurnStarted && i >= Firsts) delays.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
        }
        report.AtMost("first event of an attached turn, p50", 2, Measure.Percentile([.. delays], 50), "ms");
        report.Note("first event of an attached turn, p99", Measure.Percentile([.. delays], 99), "ms");
    }

    private static async Task WindowAsync(Report report)
    {
        var client = new RepeatingClient("x", 1_000_000);
        await using var nodes = await TwoNodes.StartAsync(agents => agents.AddProvider("default", client).AddAgent("writer"));
        await using var events = nodes.Reader.Agents["writer", "1"].EventsAsync("go").GetAsyncEnumerator();
        for (var i = 0; i < 100; i++) await events.MoveNextAsync();
        var pulled = -1L;
        while (pulled != (pulled = client.Pulled)) await Task.Delay(500); // Until it stands still.
        report.AtMost("chunks pulled past a reader that stopped after 100 events", 128, pulled - 100, "chunks");
    }

    /// <summary>Says one piece again and again, as fast as it is asked.</summary>
    private sealed class RepeatingClient(string piece, int chunks) : Clients.StreamOnlyClient
    {
        private long _pulled;

        public long Pulled => Interlocked.Read(ref _pulled);

        public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            for (var i = 0; i < chunks; i++)
            {
                Interlocked.Increment(ref _pulled);
                yield return new(ChatRole.Assistant, piece) { FinishReason = i == chunks - 1 ? ChatFinishReason.Stop : null };
            }
            await Task.CompletedTask;
        }
    }
}
