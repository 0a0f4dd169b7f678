using System.Diagnostics;
using ActorAgents.Benchmarks.Clients;
using ActorAgents.Benchmarks.Measures;
using ActorAgents.Benchmarks.Peers;

namespace ActorAgents.Benchmarks;

/// <summary>How long a reader waits for the end of an interrupted turn while its provider is silent and deaf, with ten thousand such turns.</summary>
internal static class InterruptBenchmark
{
    private const int Turns = 10_000, Untimed = 200, Timed = 800, Rounds = 3;

    private sealed record Round(double P50, double P99, double LastMilliseconds, double HaltCall, double LeftBytes);

    public static async Task RunAsync(Report report)
    {
        AgentReading[] readings = [AgentReading.Direct, AgentReading.Log, AgentReading.Source];
        var rounds = readings.ToDictionary(reading => reading, _ => new List<Round>());
        foreach (var reading in readings) await RunRoundAsync(reading);
        for (var i = 0; i < Rounds; i++)
            foreach (var reading in readings) rounds[reading].Add(await RunRoundAsync(reading));
        foreach (var (reading, all) in rounds)
        {
            var isAsked = reading != AgentReading.Source;
            report.Note($"{reading.Name}: interrupt one turn, p50", Measure.Median(all.Select(round => round.P50)), "us");
            report.AtMost($"{reading.Name}: interrupt one turn, p99", isAsked ? 1000 : null, Measure.Median(all.Select(round => round.P99)), "us");
            report.AtMost($"{reading.Name}: halt of the other {Turns - Untimed - Timed:N0}, last reader", isAsked ? 500 : null,
                Measure.Median(all.Select(round => round.LastMilliseconds)), "ms");
            report.Note($"{reading.Name}: the call of the halt itself", Measure.Median(all.Select(round => round.HaltCall)), "ms");
            report.Note($"{reading.Name}: heap left per agent afterwards", Measure.Median(all.Select(round => round.LeftBytes)), "B");
        }
    }

    private static async Task<Round> RunRoundAsync(AgentReading reading)
    {
        using var client = new DeafClient();
        await using var runtime = await AgentRuntime.StartAsync(agents => agents.AddProvider("default", client).AddAgent("writer"));
        var before = Measure.HeapBytes();
        var endedAt = new long[Turns];
        var readers = Enumerable.Range(0, Turns).Select(i => Task.Run(() => ReadAsync(reading, runtime, i, endedAt))).ToArray();
        await UntilAsync(() => client.Silent == Turns && runtime.Agents.Status.LiveTurns == Turns);

        var delays = new double[Timed];
        for (var i = 0; i < Untimed + Timed; i++)
        {
            var (asked, agent) = (Stopwatch.GetTimestamp(), AgentOf(runtime, i));
            if (!await agent.InterruptAsync(TurnOf(i))) throw new InvalidOperationException("The turn had ended by itself.");
            await readers[i];
            if (i >= Untimed) delays[i - Untimed] = Stopwatch.GetElapsedTime(asked, endedAt[i]).TotalMicroseconds;
        }

        var haltAt = Stopwatch.GetTimestamp();
        await runtime.Agents.HaltAsync(HaltScope.Cluster, "benchmark");
        var call = Stopwatch.GetElapsedTime(haltAt).TotalMilliseconds;
        await Task.WhenAll(readers);
        var last = Stopwatch.GetElapsedTime(haltAt, endedAt.Max()).TotalMilliseconds;
        var status = runtime.Agents.Status;
        if (status.AbandonedCalls != Turns) throw new InvalidOperationException($"{Turns} abandoned calls were expected: {status}");

        client.Release();
        await UntilAsync(() => client.Disposed == Turns && runtime.Agents.Status is { LiveTurns: 0, WaitingTurns: 0, AbandonedCalls: 0 });
        readers = [];
        return new(Measure.Percentile(delays, 50), Measure.Percentile(delays, 99), last, call, (Measure.HeapBytes() - before) / (double)Turns);
    }

    private static async Task ReadAsync(AgentReading reading, AgentRuntime runtime, int number, long[] endedAt)
    {
        var text = "";
        TerminalEvent? terminal = null;
        await reading.RunAsync(runtime, AgentOf(runtime, number), Script.Prompt, new TurnOptions { TurnId = TurnOf(number) }, next =>
        {
            if (next is TextDelta delta) text += delta.Text;
            else if (next is TerminalEvent end) (terminal, endedAt[number]) = (end, Stopwatch.GetTimestamp());
        });
        if (terminal is not TurnInterrupted interrupted) throw new InvalidOperationException($"The turn was not interrupted: {terminal}");
        Script.Check(DeafClient.Said, text);
        Script.Check(DeafClient.Said, interrupted.Partial);
    }

    private static Agent AgentOf(AgentRuntime runtime, int number) => runtime.Agents["writer", $"{number}"];

    private static TurnId TurnOf(int number) => new($"turn-{number}");

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition()) await Task.Delay(10);
        await Task.Delay(100); // Whoever was the last to be counted gets to where it waits.
    }
}
