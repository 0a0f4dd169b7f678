using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using ModelContextProtocol.Client;

namespace ActorAgents.Providers;

/// <summary>The process of a server. The SDK's own transport is not used because it kills without having closed the process's input, and only after 5 s.</summary>
internal sealed class McpProcess
{
    /// <summary>How long it may take to end by itself once its input is closed, as the protocol asks; then it is killed. Own choice.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly Process _process;
    private readonly TaskCompletionSource<string> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private McpProcess(Process process)
    {
        _process = process;
        process.Exited += (_, _) => _exited.TrySetResult($"its process ended with exit code {process.ExitCode}");
    }

    public int Id => _process.Id;
    public Stream Input => _process.StandardInput.BaseStream;
    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>Completes when the process has ended, even if a child of it still holds its output, and says so.</summary>
    public Task<string> Exited => _exited.Task;

    /// <param name="error">Gets each line of its standard error.</param>
    /// <exception cref="McpServerException">There is no such program, or it cannot be run.</exception>
    public static McpProcess Start(McpServerOptions options, Action<string> error)
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var info = new ProcessStartInfo(options.Command!, options.Arguments)
        {
            WorkingDirectory = options.WorkingDirectory ?? "", UseShellExecute = false, CreateNoWindow = true,
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            StandardInputEncoding = utf8, StandardOutputEncoding = utf8, StandardErrorEncoding = utf8,
        };
        info.Environment.Clear();
        foreach (var (name, value) in StdioClientTransportOptions.GetDefaultEnvironmentVariables()) info.Environment[name] = value;
        foreach (var (name, value) in options.Environment) info.Environment[name] = value;

        var process = new Process { StartInfo = info, EnableRaisingEvents = true };
        var server = new McpProcess(process);
        process.ErrorDataReceived += (_, line) => { if (line.Data is { } text) error(text); };
        try
        {
            process.Start();
        }
        catch (Exception exception) when (exception is Win32Exception or IOException)
        {
            process.Dispose();
            throw new McpServerException(
                $"its command '{options.Command}' cannot be run ({exception.Message}): check that it is installed, and on the PATH of this process");
        }
        process.BeginErrorReadLine();
        return server;
    }

    /// <summary>Ends the process, and its children if it does not end by itself.</summary>
    public async Task EndAsync()
    {
        try { Input.Close(); }
        catch (IOException) { }
        try
        {
            await Exited.WaitAsync(Grace).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
            await ((Task)Exited.WaitAsync(Grace)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            _process.Dispose();
        }
    }
}
