namespace ActorAgents.Pages;

/// <summary>The process at one time.</summary>
/// <param name="WorkingSet">Bytes of memory that the system gave it.</param>
/// <param name="Heap">Bytes of objects, dead ones that were not collected yet included.</param>
/// <param name="Gen0">Collections since the process started; so the next two.</param>
/// <param name="Paused">How long collections have stopped it in all.</param>
/// <param name="Cpu">Processor time it has used in all.</param>
/// <param name="Threads">Threads of the pool.</param>
/// <param name="Pending">Work items that wait for one of them.</param>
public sealed record ProcessReading(long WorkingSet, long Heap, int Gen0, int Gen1, int Gen2, TimeSpan Paused, TimeSpan Cpu, int Threads, long Pending)
{
    /// <summary>Of one processor, over the last second: 2 are two processors.</summary>
    public double CpuLoad { get; init; }

    internal static ProcessReading Take() => new(
        Environment.WorkingSet, GC.GetTotalMemory(forceFullCollection: false), GC.CollectionCount(0), GC.CollectionCount(1), GC.CollectionCount(2),
        GC.GetTotalPauseDuration(), Environment.CpuUsage.TotalTime, ThreadPool.ThreadCount, ThreadPool.PendingWorkItemCount);
}
