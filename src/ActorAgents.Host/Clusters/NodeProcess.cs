using System.Diagnostics;
using System.Reflection;

namespace ActorAgents.Host.Clusters;

/// <summary>A process of this program's that ends with this one: it holds the other end of its standard input.</summary>
internal sealed class NodeProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task _told;

    private NodeProcess(NodePlan plan, Process process, Action<string> tell)
    {
        (Plan, _process) = (plan, process);
        _told = Task.WhenAll(TellAsync(process.StandardOutput, tell), TellAsync(process.StandardError, tell));
        Ended = EndAsync();
    }

    public NodePlan Plan { get; }

    public int Id => _process.Id;

    /// <summary>Its exit code, once it has ended and all it wrote is told.</summary>
    public Task<int> Ended { get; }

    /// <param name="tell">Takes each line that it writes; called by one thread or another.</param>
    public static NodeProcess Start(NodePlan plan, Action<string> tell)
    {
        var start = new ProcessStartInfo { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Environment.CurrentDirectory };
        start.FileName = Environment.ProcessPath!;
        // Run by the dotnet command, it is that which runs the program again.
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet") start.ArgumentList.Add(Assembly.GetExecutingAssembly().Location);
        foreach (var argument in plan.Arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in plan.Environment) start.Environment[name] = value;
        return new(plan, Process.Start(start)!, tell);
    }

    /// <summary>Asks it to end.</summary>
    public void Leave()
    {
        try { _process.StandardInput.Close(); }
        catch (IOException) { } // It has ended already.
    }

    public void Kill() => _process.Kill();

    public void Dispose() => _process.Dispose();

    private async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync();
        await _told;
        return _process.ExitCode;
    }

    private static async Task TellAsync(StreamReader lines, Action<string> tell)
    {
        while (await lines.ReadLineAsync() is { } line) tell(line);
    }
}
