using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ActorAgents.AspNetCore.Tests.Interop.Proxies;

/// <summary>Stands between a client and a server, and waits for marks in the server's bytes, one after the other. For a client that has one connection at a time.</summary>
internal sealed class MarkedProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Queue<Mark> _marks;
    private readonly Uri _server;
    private readonly Task _accepting;

    public MarkedProxy(Uri server, params Mark[] marks)
    {
        (_server, _marks) = (server, new(marks));
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _accepting = AcceptAsync();
    }

    public Uri Address { get; }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The proxy is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var toClient = client;
        using var toServer = new TcpClient();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        try
        {
            await toServer.ConnectAsync(_server.Host, _server.Port, over.Token);
            var requests = toClient.GetStream().CopyToAsync(toServer.GetStream(), over.Token);
            var answers = ForwardAsync(toServer.GetStream(), toClient.GetStream(), over.Token);
            await Task.WhenAny(requests, answers);
            await over.CancelAsync();
            await Task.WhenAll(requests, answers);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            // One of the two has left, or the connection was cut: the other is left too.
        }
    }

    /// <summary>A byte at a time, so that a cut is right before the end of its mark however the bytes come.</summary>
    private async Task ForwardAsync(NetworkStream from, NetworkStream to, CancellationToken over)
    {
        var (bytes, matched) = (new byte[1], 0);
        while (await from.ReadAsync(bytes, over) > 0)
        {
            if (_marks.TryPeek(out var mark) && mark.IsReached(bytes[0], ref matched))
            {
                _marks.Dequeue().Reached();
                if (mark.Cuts) return;
            }
            await to.WriteAsync(bytes, over);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _accepting;
        _listener.Stop();
        await Task.WhenAll(_connections);
        _end.Dispose();
    }
}
