using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace ActorAgents.Cluster.ProcessTests.Nodes;

/// <summary>The program as a process of its own, which can be started again. Where it is called so, it ends with the tests' process, which holds its standard input.</summary>
/// <param name="at">What comes before the command, if it runs elsewhere.</param>
internal sealed class ProgramProcess(string name, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, IReadOnlyList<string>? at = null) : IAsyncDisposable
{
    private static readonly TimeSpan EndedWithin = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan LineWithin = TimeSpan.FromSeconds(90);

    /// <summary>Where the program is: this build's, unless it is to be one that was published.</summary>
    private static readonly string Folder = Environment.GetEnvironmentVariable("ACTORAGENTS_HOST") ?? AppContext.BaseDirectory;

    private readonly ConcurrentQueue<string> _lines = new();
    private Process? _process;
    private Task _told = Task.CompletedTask;

    public bool HasEnded => _process is { HasExited: true };

    public int ExitCode => _process!.ExitCode;

    /// <summary>All it wrote so far, over all of its runs.</summary>
    public string Output => string.Join('\n', _lines);

    public void Start()
    {
        _lines.Enqueue($"--- {name} starts");
        string[] command = [.. at ?? [], "dotnet", Path.Combine(Folder, "ActorAgents.Host.dll"), .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var (variable, value) in environment) start.Environment[variable] = value;
        _process = Process.Start(start)!;
        _told = Task.WhenAll(TellAsync(_process.StandardOutput), TellAsync(_process.StandardError));
    }

    /// <summary>Waits until it has written something; fails when it ends without.</summary>
    public async Task<string> WroteAsync(string text)
    {
        var since = Stopwatch.StartNew();
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!Output.Contains(text, StringComparison.Ordinal))
        {
            if (HasEnded && _told.IsCompleted && !Output.Contains(text, StringComparison.Ordinal)) throw new InvalidOperationException($"{name} ended with {ExitCode} and never wrote '{text}'.\n{Output}");
            if (since.Elapsed > LineWithin) throw new TimeoutException($"{name} did not write '{text}'.\n{Output}");
            await ticks.WaitForNextTickAsync();
        }
        return Output;
    }

    /// <summary>Ends it as a crash does.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to end and waits for it.</summary>
    /// <returns>Its exit code, and how long it took.</returns>
    public async Task<(int Code, TimeSpan Took)> TerminateAsync()
    {
        var since = Stopwatch.StartNew();
        using (var kill = Process.Start("kill", ["-TERM", _process!.Id.ToString(CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync();
        return (await EndAsync(), since.Elapsed);
    }

    /// <summary>Waits for its end.</summary>
    public async Task<int> EndAsync()
    {
        try
        {
            await _process!.WaitForExitAsync().WaitAsync(EndedWithin);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{name} has not ended within {EndedWithin}.\n{Output}");
        }
        await _told;
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is null) return;
        if (!_process.HasExited) await KillAsync();
        _process.Dispose();
    }

    private async Task TellAsync(StreamReader lines)
    {
        while (await lines.ReadLineAsync() is { } line) _lines.Enqueue(line);
    }
}
