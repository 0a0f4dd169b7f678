using System.Diagnostics;
using System.Text;
using ActorAgents.Benchmarks.Clients;
using ActorAgents.Benchmarks.Measures;
using ActorAgents.Benchmarks.Peers;
using Microsoft.Extensions.AI;

namespace ActorAgents.Benchmarks;

/// <summary>Ten thousand live turns, each a token per 20 ms: what the tokens cost, and how late readers hold them.</summary>
internal static class TokensBenchmark
{
    private const string Text = "direct, text";
    private const int Turns = 10_000, Tokens = 100, Rounds = 5;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(20), WarmUp = TimeSpan.FromSeconds(6);

    private sealed record Round(double Cpu, double P50, double P99, double Bytes);

    public static async Task RunAsync(Report report)
    {
        using var client = new TokenClient(Turns, Tokens, Period);
        await using var runtime = await AgentRuntime.StartAsync(agents => agents
            .AddProvider("default", client)
            .AddAgent("writer", agent => agent.WithLimits(limits => limits with { HistoryTurns = 0 })));
        var delays = new double[Turns * Tokens];
        (string Name, Func<int, Task> ReadAsync)[] ways =
        [
            (Text, i => ReadTextAsync(runtime, client, i, delays)),
            (AgentReading.Direct.Name, i => ReadAsync(AgentReading.Direct, runtime, client, i, delays)),
            (AgentReading.Log.Name, i => ReadAsync(AgentReading.Log, runtime, client, i, delays)),
            (AgentReading.Source.Name, i => ReadAsync(AgentReading.Source, runtime, client, i, delays)),
        ];
        await WarmAsync(ReadRaw);
        // One way after the other, each beside the raw loop: a program uses one or two, and the compiler makes code for those it sees.
        foreach (var (name, readAsync) in ways)
        {
            await WarmAsync(readAsync);
            var (raw, own) = (new List<Round>(), new List<Round>());
            for (var i = 0; i < Rounds; i++)
            {
                raw.Add(await RunRoundAsync(client, ReadRaw, delays));
                own.Add(await RunRoundAsync(client, readAsync, delays));
            }
            if (name == Text) Tell("raw loop", raw, raw);
            Tell(name, own, raw);
        }

        Task ReadRaw(int i) => ReadRawAsync(client, i, delays);
        Task WarmAsync(Func<int, Task> readAsync) => Measure.WarmAsync(WarmUp, () => RunRoundAsync(client, readAsync, delays));

        void Tell(string name, List<Round> all, List<Round> raw)
        {
            report.Note($"{name}: CPU", Measure.Median(all.Select(round => round.Cpu)), "s");
            var isAsked = name == Text;
            report.AtMost($"{name}: CPU over raw", isAsked ? 1.45 : null, Measure.Median(all.Zip(raw, (round, floor) => round.Cpu / floor.Cpu)), "x");
            report.Note($"{name}: live turns per core at 50 tokens/s", Turns * Tokens / (50 * Measure.Median(all.Select(round => round.Cpu))), "");
            report.Note($"{name}: token delay p50", Measure.Median(all.Select(round => round.P50)), "ms");
            report.AtMost($"{name}: token delay p99", isAsked ? 60 : null, Measure.Median(all.Select(round => round.P99)), "ms");
            report.Note($"{name}: allocated per token", Measure.Median(all.Select(round => round.Bytes)), "B");
        }
    }

    /// <summary>All readers are waiting for their first token before the clock starts and the measuring begins.</summary>
    private static async Task<Round> RunRoundAsync(TokenClient client, Func<int, Task> readAsync, double[] delays)
    {
        Array.Clear(delays);
        var readers = Enumerable.Range(0, Turns).Select(i => Task.Run(() => readAsync(i))).ToArray();
        while (client.Opened < Turns) await Task.Delay(10);
        await Task.Delay(100);
        var cost = await Measure.OfAsync(async () =>
        {
            await client.RunClockAsync();
            await Task.WhenAll(readers);
        });
        return new(cost.Cpu.TotalSeconds, Measure.Percentile(delays, 50), Measure.Percentile(delays, 99), (double)cost.Bytes / (Turns * Tokens));
    }

    private static async Task ReadRawAsync(TokenClient client, int stream, double[] delays)
    {
        var messages = new List<ChatMessage> { new(ChatRole.User, $"{stream}") };
        var (text, token) = (new StringBuilder(), 0);
        await foreach (var update in client.GetStreamingResponseAsync(messages))
        {
            delays[stream * Tokens + token] = Stopwatch.GetElapsedTime(client.DueAt(stream, token++)).TotalMilliseconds;
            text.Append(update.Text);
        }
        messages.Add(new ChatMessage(ChatRole.Assistant, text.ToString()));
        Script.Check(client.Text, messages[^1].Text);
    }

    private static async Task ReadTextAsync(AgentRuntime runtime, TokenClient client, int stream, double[] delays)
    {
        var (token, length) = (0, 0);
        await foreach (var chunk in runtime.Agents["writer", $"{stream}"].StreamAsync($"{stream}"))
        {
            if (chunk.IsFinal) break;
            delays[stream * Tokens + token] = Stopwatch.GetElapsedTime(client.DueAt(stream, token++)).TotalMilliseconds;
            length += chunk.Content.Length;
        }
        if (length != client.Text.Length) throw new InvalidOperationException($"{length} characters arrived of {client.Text.Length}.");
    }

    private static async Task ReadAsync(AgentReading reading, AgentRuntime runtime, TokenClient client, int stream, double[] delays)
    {
        var token = 0;
        await reading.RunAsync(runtime, runtime.Agents["writer", $"{stream}"], $"{stream}", null, next =>
        {
            if (next is TextDelta) delays[stream * Tokens + token] = Stopwatch.GetElapsedTime(client.DueAt(stream, token++)).TotalMilliseconds;
            else if (next is TerminalEvent terminal) Script.Check(client.Text, terminal.TextSoFar);
        });
    }
}
