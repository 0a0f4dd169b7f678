using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace ActorAgents.AspNetCore.Tests.Load;

/// <summary>A client on a bare socket. HTTP/1.0, so that the body comes without chunks.</summary>
internal sealed class LoadReader(Uri server, int number) : IDisposable
{
    private static readonly SemaphoreSlim Connecting = new(128); // The listener's queue is bounded.

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
    private readonly MemoryStream _received = new();

    public string Key => $"reader-{number}";

    /// <summary>Sends the request and reads until the first text has come.</summary>
    public async Task OpenAsync()
    {
        await Connecting.WaitAsync();
        try
        {
            await _socket.ConnectAsync(IPAddress.Loopback, server.Port);
            var body = """{"input":"hello"}""";
            await _socket.SendAsync(Encoding.ASCII.GetBytes(
                $"POST /agents/assistant/{Key}/turns HTTP/1.0\r\nHost: localhost\r\nAccept: text/event-stream\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
        }
        finally
        {
            Connecting.Release();
        }
        while (!Text().Contains("event: text", StringComparison.Ordinal)) Assert.True(await ReceiveAsync(), $"The stream of {Key} ended: {Text()}");
    }

    public async Task ReadToEndAsync()
    {
        while (await ReceiveAsync()) { }
    }

    /// <summary>Every event came once and in order, and the text is the provider's.</summary>
    public void AssertWhole(HeldProvider provider)
    {
        var frames = Frames();
        Assert.Equal(provider.Pieces.Count + 3, frames.Count); // Started, the pieces, the step, the end.
        AssertPlaces(frames);
        Assert.Equal(provider.Pieces, frames.Where(frame => frame.Event == "text").Select(frame => frame.Data.GetProperty("text").GetString()));
        Assert.Equal("completed", frames[^1].Event);
        Assert.Equal(string.Concat(provider.Pieces), frames[^1].Data.GetProperty("text").GetString());
    }

    /// <summary>What came before it went away is a beginning.</summary>
    public void AssertBegun()
    {
        var frames = Frames();
        AssertPlaces(frames);
        Assert.Equal(["started", "text"], frames.Select(frame => frame.Event));
    }

    public void Dispose() => _socket.Dispose();

    private static void AssertPlaces(List<(string Id, string Event, JsonElement Data)> frames)
    {
        var turn = frames[0].Id.Split(':')[0];
        Assert.Equal(Enumerable.Range(1, frames.Count).Select(seq => $"{turn}:1:{seq}"), frames.Select(frame => frame.Id));
    }

    private async Task<bool> ReceiveAsync()
    {
        var buffer = new byte[4096];
        var read = await _socket.ReceiveAsync(buffer);
        _received.Write(buffer, 0, read);
        return read > 0;
    }

    private string Text() => Encoding.UTF8.GetString(_received.GetBuffer(), 0, (int)_received.Length);

    private List<(string Id, string Event, JsonElement Data)> Frames() =>
    [
        .. Text().Split("\r\n\r\n", 2)[1].Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(frame => frame.Split('\n'))
            .Where(lines => lines.Length == 3)
            .Select(lines => (lines[0]["id: ".Length..], lines[1]["event: ".Length..], JsonDocument.Parse(lines[2]["data: ".Length..]).RootElement)),
    ];
}
