using ActorAgents.Benchmarks.Clients;
using ActorAgents.Benchmarks.Measures;
using ActorAgents.Benchmarks.Peers;

namespace ActorAgents.Benchmarks;

/// <summary>What an agent that does nothing costs: its actor, its identity and its conversation.</summary>
internal static class IdleBenchmark
{
    private const int Warm = 100_000, Agents = 50_000, Million = 1_000_000;

    public static async Task RunAsync(Report report)
    {
        var script = new Script(chunks: 20, withTool: false);
        using var client = new ScriptClient(script, Updates.Fresh);
        await using var runtime = await AgentPeer.StartAsync(script, client);
        await CreateAsync(runtime, "warm", Warm);
        await RunTurnsAsync(runtime, script, "warm", Warm);

        var before = Measure.HeapBytes();
        await TimeCreationAsync(report, runtime, Agents);
        report.AtMost("heap per fresh agent", 1.2 * 1024, (Measure.HeapBytes() - before) / (double)Agents, "B");
        await RunTurnsAsync(runtime, script, "idle", Agents);
        report.AtMost("heap per agent after a turn of 20 chunks", 2.0 * 1024, (Measure.HeapBytes() - before) / (double)Agents, "B");
        Expect(runtime, Warm + Agents);
    }

    /// <summary>A million of them, each with its empty conversation.</summary>
    public static async Task RunMillionAsync(Report report)
    {
        var script = new Script(chunks: 20, withTool: false);
        using var client = new ScriptClient(script, Updates.Fresh);
        await using var runtime = await AgentPeer.StartAsync(script, client);
        await CreateAsync(runtime, "warm", Warm);
        await TimeCreationAsync(report, runtime, Million - Warm);
        Expect(runtime, Million);
        report.AtMost("resident set", 1600, Machine.Resident().Now / 1e6, "MB");
        report.Note("resident set at its highest", Machine.Resident().Peak / 1e6, "MB");
        Measure.Settle();
        report.Note("resident set after a collection", Machine.Resident().Now / 1e6, "MB");
        report.Note("agents per GiB of it", Million / (Machine.Resident().Now / (double)(1 << 30)), "");
        await RunTurnsAsync(runtime, script, "idle", 1000); // They do answer.
    }

    private static async Task TimeCreationAsync(Report report, AgentRuntime runtime, int count)
    {
        var cost = await Measure.OfAsync(() => CreateAsync(runtime, "idle", count));
        report.AtLeast("agents created per second", 50_000, count / cost.Wall.TotalSeconds, "/s");
        report.Note("CPU per agent created", cost.Cpu.TotalMicroseconds / count, "us");
        report.Note("of that paused for collections", cost.Paused.TotalMicroseconds / count, "us");
    }

    /// <summary>Gives agents that do not exist yet a provider, a thousand at a time: one that has nothing of its own would not stay.</summary>
    private static async Task CreateAsync(AgentRuntime runtime, string prefix, int count)
    {
        foreach (var batch in Enumerable.Range(0, count).Chunk(1000))
            await Task.WhenAll(batch.Select(i => runtime.Agents["writer", $"{prefix}-{i}"].UseProviderAsync("default")));
    }

    private static Task RunTurnsAsync(AgentRuntime runtime, Script script, string prefix, int count) =>
        Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (i, _) =>
        {
            await foreach (var next in runtime.Agents["writer", $"{prefix}-{i}"].EventsAsync(Script.Prompt))
                if (next is TerminalEvent terminal) Script.Check(script.Text, terminal.TextSoFar);
        });

    private static void Expect(AgentRuntime runtime, int agents)
    {
        if (runtime.Agents.Status is { } status && (status.Agents != agents || status.LiveTurns != 0))
            throw new InvalidOperationException($"{agents} idle agents were expected: {status}");
    }
}
