using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace ActorAgents.Providers.Tests.OpenAICompatible.Servers;

/// <summary>One connection of a <see cref="HostileServer"/>.</summary>
internal sealed class Connection(Socket socket) : IDisposable
{
    /// <summary>The start line and headers of the last request.</summary>
    public string Head { get; private set; } = "";

    public JsonElement Request { get; private set; }

    public async Task ReadRequestAsync()
    {
        var (received, bytes) = (new List<byte>(), new byte[16 * 1024]);
        while (true)
        {
            var read = await socket.ReceiveAsync(bytes).SoonAsync();
            if (read == 0) throw new IOException("The client left before its request was complete.");
            received.AddRange(bytes.AsSpan(0, read));
            var all = received.ToArray();
            var head = all.AsSpan().IndexOf("\r\n\r\n"u8);
            if (head < 0) continue;
            Head = Encoding.ASCII.GetString(all.AsSpan(0, head));
            var length = int.Parse(Head.Split("Content-Length: ")[1].Split("\r\n")[0], System.Globalization.CultureInfo.InvariantCulture);
            if (all.Length < head + 4 + length) continue;
            Request = JsonElement.Parse(all.AsSpan(head + 4, length));
            return;
        }
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0) bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None).SoonAsync()..];
    }

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>Completes when the client has closed or reset the connection.</summary>
    public async Task GoneAsync()
    {
        var bytes = new byte[256];
        try { while (await socket.ReceiveAsync(bytes).SoonAsync() > 0) { } }
        catch (SocketException) { } // Reset.
    }

    /// <summary>Breaks the connection, so that the other side sees an error and not an end.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }

    public void Dispose() => socket.Dispose();
}
