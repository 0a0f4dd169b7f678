using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ActorAgents.Cluster.ProcessTests.Network;

/// <summary>Stands between a client and a server and is as bad as a network: late, stalling, half open, cut. What it carries is never changed.</summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Link, byte> _links = new();
    private readonly int _to;
    private readonly Task _accepting;
    private volatile TaskCompletionSource? _held;

    /// <param name="to">The port that is really served.</param>
    /// <param name="at">The address to listen at; that of the loopback device unless given.</param>
    public TcpProxy(int to, IPAddress? at = null)
    {
        (_to, _listener) = (to, new TcpListener(at ?? IPAddress.Loopback, 0));
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How late each piece arrives, at least.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>What is added to <see cref="Delay"/> at most, at random.</summary>
    public TimeSpan Jitter { get; set; }

    /// <summary>How many pieces in a hundred are lost and sent again, which is seen as a stall of <see cref="Stall"/>.</summary>
    public int LossPercent { get; set; }

    public TimeSpan Stall { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>From now on nothing arrives, in either direction, and nobody is told: connections stay half open.</summary>
    public void Hold() => Interlocked.CompareExchange(ref _held, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), null);

    /// <summary>What was held arrives.</summary>
    public void Release() => Interlocked.Exchange(ref _held, null)?.SetResult();

    /// <summary>Resets all connections.</summary>
    public void Cut()
    {
        foreach (var link in _links.Keys) link.Reset();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        Cut();
        Release();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = CarryAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException) { } // It is disposed.
    }

    private async Task CarryAsync(TcpClient client)
    {
        var link = new Link(client, new TcpClient());
        _links[link] = 0;
        try
        {
            await link.Server.ConnectAsync(IPAddress.Loopback, _to, _stop.Token);
            client.NoDelay = link.Server.NoDelay = true;
            await Task.WhenAll(CopyAsync(client, link.Server), CopyAsync(link.Server, client));
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException) { } // Either end is gone; so is the other.
        finally
        {
            _links.TryRemove(link, out _);
            link.Reset();
        }
    }

    private async Task CopyAsync(TcpClient from, TcpClient to)
    {
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await from.GetStream().ReadAsync(buffer, _stop.Token)) > 0)
        {
            var late = Delay + Random.Shared.NextDouble() * Jitter + (Random.Shared.Next(100) < LossPercent ? Stall : TimeSpan.Zero);
            if (late > TimeSpan.Zero) await Task.Delay(late, _stop.Token);
            if (_held is { } held) await held.Task.WaitAsync(_stop.Token);
            await to.GetStream().WriteAsync(buffer.AsMemory(0, read), _stop.Token);
        }
        to.Client.Shutdown(SocketShutdown.Send);
    }

    private sealed class Link(TcpClient client, TcpClient server)
    {
        private int _reset;

        public TcpClient Server => server;

        /// <summary>Thread-safe; the second time there is nothing to do.</summary>
        public void Reset()
        {
            if (Interlocked.Exchange(ref _reset, 1) == 1) return;
            foreach (var end in new[] { client, server })
            {
                end.LingerState = new LingerOption(true, 0); // Its other end gets a reset and not an end.
                end.Dispose();
            }
        }
    }
}
