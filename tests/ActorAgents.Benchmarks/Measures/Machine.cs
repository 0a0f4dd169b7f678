using System.Runtime;
using System.Runtime.InteropServices;

namespace ActorAgents.Benchmarks.Measures;

/// <summary>What the figures depend on besides the code.</summary>
internal static class Machine
{
    public static void Print()
    {
        var gc = $"{(GCSettings.IsServerGC ? "server" : "workstation")}, {(GCSettings.LatencyMode == GCLatencyMode.Batch ? "not concurrent" : "concurrent")}";
        Console.WriteLine($"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} cores, " +
            $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20:N0} MiB, GC {gc}{Load()}");
    }

    /// <summary>Physical memory the process holds now, and held at most; zero where the system does not say.</summary>
    public static (long Now, long Peak) Resident() => (Status("VmRSS:"), Status("VmHWM:"));

    private static string Load() => File.Exists("/proc/loadavg") ? $", load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}" : "";

    private static long Status(string key) =>
        File.Exists("/proc/self/status") && File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal)) is { } line
            ? long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) << 10
            : 0;
}
