using System.Diagnostics;
using System.Globalization;
using ActorAgents.Benchmarks.Clients;
using ActorAgents.Benchmarks.Measures;
using Microsoft.Extensions.AI;

namespace ActorAgents.Benchmarks.Http;

/// <summary>What a chunk costs the server on its way from the provider to the socket, and whether a slow reader is felt by others.</summary>
internal static class SseBenchmark
{
    private const int Readers = 1000, Tokens = 100, Rounds = 3;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(20), WarmUp = TimeSpan.FromSeconds(4);

    // The frames before the first token's, and all.
    private static readonly (string Wire, int Before)[] Wires = [("native", 1), ("openai", 0), ("responses", 4), ("ui", 3), ("agui", 3), ("plain", 0), ("a2a", 2)];

    private static readonly byte[] FirstToken = "000 "u8.ToArray();

    private sealed record Round(double Cpu, double P50, double P99);

    public static async Task RunAsync(Report report)
    {
        var client = new TokenClient(Readers, Tokens, Period);
        var recorded = new TokenClient(1, Tokens, TimeSpan.FromMilliseconds(1));
        var endless = new EndlessClient();
        await using var server = await SseServer.StartAsync(client, recorded, endless);
        foreach (var (wire, before) in Wires)
        {
            var (body, delay) = await RecordAsync(server, recorded, wire);
            server.Record(wire, body, before);
            report.AtMost($"{wire}: first token after the provider's, first request of the process", 50, delay, "ms");
        }
        using var readers = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [SseReaders.Argument, $"{server.Port}"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;

        var peers = Wires.SelectMany(wire => ((string, int)[])[($"bare-{wire.Wire}", wire.Before), wire]).ToArray();
        var rounds = peers.ToDictionary(peer => peer.Item1, _ => new List<Round>());
        foreach (var (wire, before) in peers) await Measure.WarmAsync(WarmUp, () => RunRoundAsync(client, readers, wire, before));
        for (var i = 0; i < Rounds; i++)
            foreach (var (wire, before) in peers) rounds[wire].Add(await RunRoundAsync(client, readers, wire, before));
        foreach (var (wire, _) in Wires)
        {
            var (own, bare) = (rounds[wire], rounds[$"bare-{wire}"]);
            report.Note($"{wire}: bare endpoint, CPU per chunk", Median(bare, round => round.Cpu), "us");
            report.Note($"{wire}: CPU per chunk", Median(own, round => round.Cpu), "us");
            report.AtMost($"{wire}: CPU over the bare endpoint's", 2, Measure.Median(own.Zip(bare, (round, floor) => round.Cpu / floor.Cpu)), "x");
            report.Note($"{wire}: live turns per core at 50 tokens/s", 1e6 / (50 * Median(own, round => round.Cpu)), "");
            report.Note($"{wire}: bare endpoint, token delay p50", Median(bare, round => round.P50), "ms");
            report.Note($"{wire}: bare endpoint, token delay p99", Median(bare, round => round.P99), "ms");
            report.Note($"{wire}: token delay p50", Median(own, round => round.P50), "ms");
            report.Note($"{wire}: token delay p99", Median(own, round => round.P99), "ms");
            report.Note($"{wire}: added per token, p50", Measure.Median(own.Zip(bare, (round, floor) => round.P50 - floor.P50)), "ms");
        }
        await RunSlowAsync(report, client, readers, server, endless);
        readers.StandardInput.Close();
        await readers.WaitForExitAsync();
    }

    /// <summary>Rounds with and without the slow reader, in turns.</summary>
    private static async Task RunSlowAsync(Report report, TokenClient client, Process readers, SseServer server, EndlessClient endless)
    {
        var (alone, heap) = (new List<Round>(), Measure.HeapBytes());
        for (var i = 0; i < Rounds; i++) alone.Add(await RunRoundAsync(client, readers, "native", 1));
        var grownAlone = Measure.HeapBytes() - heap; // The conversations of the fast readers' agents.
        await AskAsync(readers, "slow");
        for (var i = 0; i < Rounds; i++) await RunRoundAsync(client, readers, "native", 1); // Its buffers have filled by then, those of the sockets above all.
        var (before, given) = (Measure.HeapBytes(), endless.Given);
        var beside = new List<Round>();
        for (var i = 0; i < Rounds; i++) beside.Add(await RunRoundAsync(client, readers, "native", 1));
        var grown = Measure.HeapBytes() - before;
        if (server.Agents.Status.LiveTurns != 1) throw new InvalidOperationException("The slow reader's turn does not live any more.");
        report.Note("slow reader: given by its provider until its buffers were full", given / 1024.0, "KiB");
        report.Note("slow reader: given later", (endless.Given - given) / 1024.0, "KiB");
        report.Note("slow reader: bytes it took", double.Parse(await AskAsync(readers, "stop"), CultureInfo.InvariantCulture), "B");
        report.Note("fast readers alone: token delay p99", Median(alone, round => round.P99), "ms");
        report.Note("fast readers beside a slow one: token delay p99", Median(beside, round => round.P99), "ms");
        report.Note("server's heap, grown in these rounds without the slow one", grownAlone / 1024.0, "KiB");
        report.Note("server's heap, grown in as many beside it", grown / 1024.0, "KiB");
    }

    private static async Task<Round> RunRoundAsync(TokenClient client, Process readers, string wire, int before)
    {
        var reading = AskAsync(readers, $"read {wire} {Readers} {before} {Tokens}");
        while (client.Opened < Readers) await Task.Delay(10);
        await Task.Delay(100);
        string read = "";
        var cost = await Measure.OfAsync(async () =>
        {
            await client.RunClockAsync();
            read = await reading;
        });
        var frames = long.Parse(read.Split(' ')[0], CultureInfo.InvariantCulture);
        if (frames < Readers * (long)Tokens) throw new InvalidOperationException($"{frames} frames arrived on wire {wire}.");
        var delays = (await AskAsync(readers, $"delays {client.DueAt(0, 0)} {(long)(Period.TotalSeconds * Stopwatch.Frequency)}")).Split(' ');
        return new(cost.Cpu.TotalMicroseconds / (Readers * Tokens), double.Parse(delays[0], CultureInfo.InvariantCulture), double.Parse(delays[1], CultureInfo.InvariantCulture));
    }

    private static async Task<string> AskAsync(Process readers, string line)
    {
        await readers.StandardInput.WriteLineAsync(line);
        return await readers.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The readers' process ended.");
    }

    /// <returns>The body, and how many milliseconds after the provider had it the first token was here.</returns>
    private static async Task<(byte[] Body, double Delay)> RecordAsync(SseServer server, TokenClient recorded, string wire)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{server.Port}") };
        using var request = wire switch
        {
            "native" => new HttpRequestMessage(HttpMethod.Post, "/agents/recorded/0/turns") { Content = Json("""{"input":"0"}"""), Headers = { { "Accept", "text/event-stream" } } },
            "openai" => new(HttpMethod.Post, "/v1/chat/completions") { Content = Json("""{"model":"recorded","stream":true,"messages":[{"role":"user","content":"0"}]}""") },
            "responses" => new(HttpMethod.Post, "/v1/responses") { Content = Json("""{"model":"recorded","stream":true,"store":false,"input":"0"}""") },
            "agui" => new(HttpMethod.Post, "/ag-ui/recorded") { Content = Json(SseReaders.RunInput(0)) },
            "a2a" => new(HttpMethod.Post, SseReaders.A2A("recorded")) { Content = Json(SseReaders.A2AMessage("0")) },
            "ui" => new(HttpMethod.Post, "/api/chat?agent=recorded") { Content = Json("""{"id":"0","messages":[{"id":"0","role":"user","parts":[{"type":"text","text":"0"}]}]}""") },
            _ => new(HttpMethod.Get, "/chat?agent=recorded&prompt=0"),
        };
        var answer = http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        while (recorded.Opened < 1) await Task.Delay(1);
        var clock = recorded.RunClockAsync();
        using var response = await answer;
        await using var body = await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync();
        var (all, buffer, first) = (new MemoryStream(), new byte[8 * 1024], 0L);
        while (await body.ReadAsync(buffer) is var read and > 0)
        {
            all.Write(buffer, 0, read);
            if (first == 0 && all.GetBuffer().AsSpan(0, (int)all.Length).IndexOf(FirstToken) >= 0) first = Stopwatch.GetTimestamp();
        }
        await clock;
        return (all.ToArray(), (first - recorded.DueAt(0, 0)) * 1000.0 / Stopwatch.Frequency);
    }

    private static StringContent Json(string text) => new(text, System.Text.Encoding.UTF8, "application/json");

    private static double Median(List<Round> rounds, Func<Round, double> of) => Measure.Median(rounds.Select(of));

    /// <summary>Says the same kilobyte for ever, as fast as it is asked.</summary>
    private sealed class EndlessClient : StreamOnlyClient
    {
        private static readonly string Piece = new('x', 1000);
        private long _given;

        /// <summary>Characters, which are bytes on the wire.</summary>
        public long Given => Volatile.Read(ref _given);

        public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                Interlocked.Add(ref _given, Piece.Length);
                yield return new ChatResponseUpdate(ChatRole.Assistant, Piece);
                await Task.CompletedTask;
            }
        }
    }
}
