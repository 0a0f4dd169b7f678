using System.Diagnostics;

namespace ActorAgents.Benchmarks.Measures;

/// <summary>What a piece of work cost the whole process, garbage collections included.</summary>
internal readonly record struct Cost(TimeSpan Cpu, long Bytes, TimeSpan Wall);

/// <summary>Measures work, and summarizes what was measured.</summary>
internal static class Measure
{
    /// <summary>Begins with a clean heap, so that no peer pays for the garbage of the one before.</summary>
    public static async Task<Cost> OfAsync(Func<Task> work)
    {
        Settle();
        var (cpu, bytes, wall) = (Cpu(), GC.GetTotalAllocatedBytes(precise: true), Stopwatch.GetTimestamp());
        await work();
        return new(Cpu() - cpu, GC.GetTotalAllocatedBytes(precise: true) - bytes, Stopwatch.GetElapsedTime(wall));
    }

    /// <summary>Processor time of this process over all of its threads.</summary>
    public static TimeSpan Cpu()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime;
    }

    /// <summary>What the heap holds once everything that can be collected is.</summary>
    public static long HeapBytes()
    {
        Settle();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    public static void Settle()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
    }

    /// <summary>Repeats the work until it has run for that long: the first seconds are dearer, until the compiler has seen what is hot.</summary>
    public static async Task WarmAsync(TimeSpan least, Func<Task> work)
    {
        var started = Stopwatch.GetTimestamp();
        do await work(); while (Stopwatch.GetElapsedTime(started) < least);
    }

    public static double Median(IEnumerable<double> values) => Percentile([.. values], 50);

    /// <summary>The nearest rank; sorts the values.</summary>
    public static double Percentile(double[] values, double percent)
    {
        Array.Sort(values);
        return values[Math.Clamp((int)Math.Ceiling(values.Length * percent / 100) - 1, 0, values.Length - 1)];
    }
}
