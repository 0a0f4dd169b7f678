namespace ActorAgents.Pages;

/// <summary>What the dashboard shows at one time, made once for all who look. Immutable.</summary>
/// <param name="Looked">Since when somebody looks without a break: what is counted and not remembered by the runtime is counted from then.</param>
/// <param name="Turns">The turns that have arrived and have not ended, all kinds together.</param>
/// <param name="Kinds">The kinds by name; of very many the busiest and the halted ones, and the rest as one.</param>
/// <param name="Longest">The oldest turns, oldest first.</param>
/// <param name="Halts">The standing halts, oldest first.</param>
/// <param name="Node">What is known of the whole process only. Null for one tenant.</param>
/// <param name="Nodes">The nodes of the cluster, oldest first; empty before the first answer. Null for one tenant, and without a cluster.</param>
public sealed record DashboardSnapshot(
    DateTimeOffset At, DateTimeOffset Looked, TurnsReading Turns, IReadOnlyList<KindReading> Kinds, IReadOnlyList<TurnSnapshot> Longest,
    IReadOnlyList<Halt> Halts, NodeReading? Node, IReadOnlyList<NodeView>? Nodes);

/// <summary>Turns, by whether they have left the queue, and the last two minutes of both.</summary>
/// <param name="Live">Those that left their queue and have a place.</param>
/// <param name="Queued">Those that wait for their busy agent.</param>
/// <param name="Unplaced">Those that wait for a place among the live turns.</param>
public sealed record TurnsReading(int Live, int Queued, int Unplaced, Spark LiveSpark, Spark WaitingSpark);

/// <summary>The turns of one kind.</summary>
/// <param name="Halts">The standing halts that cover the kind in every tenant that is looked at.</param>
public sealed record KindReading(string Kind, int Turns, IReadOnlyDictionary<TurnWait, int> Waits, IReadOnlyList<Halt> Halts)
{
    /// <summary>How many kinds this stands for, when it is not one.</summary>
    public int Others { get; init; }
}

/// <summary>What the runtime and the meter know of the whole process.</summary>
/// <param name="Status">The runtime's counts.</param>
/// <param name="ChunksPerSecond">Text chunks delivered a second, mean of the last five.</param>
/// <param name="Completed">Turns completed a second, mean of the last five; so the next two.</param>
/// <param name="FirstToken">From a provider call to its first content, over the last minute.</param>
/// <param name="TurnTime">From leaving the queue to the end, over the last minute.</param>
/// <param name="QueueTime">From arrival to leaving the queue, over the last minute.</param>
public sealed record NodeReading(
    RuntimeStatus Status, double ChunksPerSecond, double Completed, double Interrupted, double Failed, Spark ChunksSpark, Spark EndedSpark, Spark FirstTokenSpark,
    DurationSummary FirstToken, DurationSummary TurnTime, DurationSummary QueueTime, IReadOnlyList<ToolSummary> Tools, IReadOnlyList<EndSummary> Interruptions,
    IReadOnlyList<EndSummary> Failures, long FurthestLag, double MeanLag, ProcessReading Process, Spark CpuSpark, Spark MemorySpark);
