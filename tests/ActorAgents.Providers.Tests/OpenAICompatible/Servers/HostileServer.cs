using System.Net;
using System.Net.Sockets;

namespace ActorAgents.Providers.Tests.OpenAICompatible.Servers;

/// <summary>A server on loopback over bare sockets: its tests say byte by byte what it sends, and when and how it leaves.</summary>
internal sealed class HostileServer : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public HostileServer()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(512);
    }

    public Uri Endpoint => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}/v1");

    /// <summary>A client that has no key and closes without draining, as the product's is made.</summary>
    public OpenAICompatibleChatClient Client(HttpClient http, string? key = null, OpenAICompatibleOptions? options = null) => new(http, Endpoint, "model-1", key, options);

    public static HttpClient Http() => new(new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.Zero, UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>The next connection, with its first request read.</summary>
    public async Task<Connection> AcceptAsync()
    {
        var connection = new Connection(await _listener.AcceptAsync().SoonAsync());
        await connection.ReadRequestAsync();
        return connection;
    }

    /// <summary>Gives every request the same bytes, and then closes.</summary>
    public async Task AnswerAllAsync(byte[] response)
    {
        while (true)
        {
            Socket socket;
            try { socket = await _listener.AcceptAsync(); }
            catch (SocketException) { return; } // Disposed.
            catch (ObjectDisposedException) { return; }
            using var connection = new Connection(socket);
            await connection.ReadRequestAsync();
            await connection.SendAsync(response);
        }
    }

    public void Dispose() => _listener.Dispose();
}
