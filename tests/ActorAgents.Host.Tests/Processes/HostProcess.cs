using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace ActorAgents.Host.Tests.Processes;

/// <summary>The built program as a process of its own.</summary>
internal sealed class HostProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly Task<string> _error;

    private HostProcess(Process process)
    {
        _process = process;
        _error = process.StandardError.ReadToEndAsync();
    }

    /// <param name="input">Null closes standard input at once.</param>
    public static HostProcess Start(string? input, IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        // A test runner may itself ignore SIGINT, and a child inherits that.
        string[] line = ["--default-signal=INT", "dotnet", Path.Combine(AppContext.BaseDirectory, "ActorAgents.Host.dll"), .. arguments];
        var start = new ProcessStartInfo("env", line)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            StandardOutputEncoding = new UTF8Encoding(false), StandardErrorEncoding = new UTF8Encoding(false), StandardInputEncoding = new UTF8Encoding(false),
            // Elsewhere than the program: its files are found from any working directory.
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var process = new HostProcess(Process.Start(start)!);
        if (input is not null) process._process.StandardInput.Write(input);
        process._process.StandardInput.Close();
        return process;
    }

    /// <summary>Reads standard output until so many characters have come.</summary>
    public async Task ReadAsync(int characters)
    {
        var buffer = new char[1];
        using var patience = new CancellationTokenSource(Patience);
        while (_output.Length < characters && await _process.StandardOutput.ReadAsync(buffer, patience.Token) > 0) _output.Append(buffer[0]);
    }

    /// <summary>The next line of standard output; empty when there is none any more.</summary>
    public async Task<string> ReadLineAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        return await _process.StandardOutput.ReadLineAsync(patience.Token) ?? "";
    }

    public void Signal(string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public async Task<(int Code, string Output, string Error)> EndAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        _output.Append(await _process.StandardOutput.ReadToEndAsync(patience.Token));
        await _process.WaitForExitAsync(patience.Token);
        return (_process.ExitCode, _output.ToString(), await _error);
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }
}
