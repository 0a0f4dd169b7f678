using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ActorAgents.Providers.Tests.Interop;

namespace ActorAgents.Providers.Tests.Mcp;

/// <summary>The reference server as a process of the test's own.</summary>
internal sealed class EverythingServer(Process process, int port) : IDisposable
{
    public McpServerOptions Options => At(port);

    public static McpServerOptions At(int port) => new() { Name = "web", Url = new($"http://127.0.0.1:{port}/mcp") };

    public static async Task<EverythingServer> StartAsync(int port)
    {
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = new Process
        {
            StartInfo = new(Installation.Node, [NpmServer.Everything, "streamableHttp"])
            {
                RedirectStandardError = true, RedirectStandardOutput = true, Environment = { ["PORT"] = port.ToString() },
            },
        };
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) => { if (line.Data?.Contains("listening") is true) listening.TrySetResult(); };
        process.Start();
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        var server = new EverythingServer(process, port);
        await listening.Task.WaitAsync(TimeSpan.FromSeconds(30));
        return server;
    }

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
