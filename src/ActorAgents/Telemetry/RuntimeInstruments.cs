using System.Diagnostics.Metrics;

namespace ActorAgents;

/// <summary>
/// What is measured when somebody looks and never before: the sums over all runtimes of the process that have started and not stopped. A runtime is
/// let go when it stops; what it delivered stays counted.
/// </summary>
internal static class RuntimeInstruments
{
    private static readonly Lock Lock = new();
    private static readonly List<AgentNode> Nodes = [];
    private static long _chunksOfStopped;

    private static readonly Instrument[] Instruments =
    [
        UpDown("actoragents.agent.count", "{agent}", "Agents that have started and were not forgotten.", node => node.Status.Agents),
        UpDown("actoragents.turn.live", "{turn}", "Turns that left their queue and have not ended.", node => node.Status.LiveTurns),
        UpDown("actoragents.turn.waiting", "{turn}", "Turns that wait for the node's bound on live turns.", node => node.Status.WaitingTurns),
        UpDown("actoragents.input.queued", "{input}", "Inputs that wait in the queues of their busy agents.", node => node.Status.QueuedInputs),
        UpDown("actoragents.call.abandoned", "{call}", "Provider calls that ignored their cancellation and have not returned.", node => node.Status.AbandonedCalls),
        UpDown("actoragents.tool.abandoned", "{call}", "Tool calls that ignored their cancellation and have not returned.", node => node.Status.AbandonedTools),
        Telemetry.Meter.CreateObservableCounter("actoragents.chunk.delivered", Chunks, "{chunk}", "Text chunks delivered, those of running turns included."),
        Telemetry.Meter.CreateObservableGauge("actoragents.log.reader.lag.max", () => Lag().Furthest, "{event}", "How far the furthest reader of a detached turn's log is behind it."),
        Telemetry.Meter.CreateObservableGauge("actoragents.log.reader.lag.mean", () => Lag().Mean, "{event}", "How far readers of detached turns' logs are behind them."),
    ];

    public static void Add(AgentNode node)
    {
        lock (Lock) Nodes.Add(node);
    }

    /// <summary>Harmless for one that was not added or was removed before.</summary>
    public static void Remove(AgentNode node)
    {
        lock (Lock)
            if (Nodes.Remove(node)) _chunksOfStopped += node.CountChunks();
    }

    private static long Chunks()
    {
        lock (Lock) return _chunksOfStopped + Nodes.Sum(node => node.CountChunks());
    }

    private static ReaderLag Lag()
    {
        var lag = default(ReaderLag);
        lock (Lock)
            foreach (var node in Nodes) node.Logs.Measure(ref lag);
        return lag;
    }

    private static Instrument UpDown(string name, string unit, string description, Func<AgentNode, long> read) =>
        Telemetry.Meter.CreateObservableUpDownCounter(name, () => Sum(read), unit, description);

    private static long Sum(Func<AgentNode, long> read)
    {
        lock (Lock) return Nodes.Sum(read);
    }
}
