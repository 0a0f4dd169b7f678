using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ActorAgents.Benchmarks.Wire;

/// <summary>A server of chat completions in a process of its own: its processor time is not the client's. It ends with its standard input.</summary>
internal static class CompletionServer
{
    public const string Argument = "wire-server";
    public const int Chunks = 500;

    private static readonly byte[][] Events = [.. Enumerable.Range(0, Chunks).Select(i => Chunk(Delta($"{{\"content\":\"{WordAt(i)}\"}}", "null"))),
        Chunk(Delta("{}", "\"stop\"")),
        Chunk("""data: {"id":"chatcmpl-9vJk2LmQx7","object":"chat.completion.chunk","created":1700000000,"model":"model-1","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":500,"total_tokens":509}}""" + "\n\n"),
        Chunk("data: [DONE]\n\n")];

    private static readonly byte[] Head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray(), End = "0\r\n\r\n"u8.ToArray();

    private static readonly byte[] Whole = [.. Head, .. Events.SelectMany(bytes => bytes), .. End];

    public static string Text { get; } = string.Concat(Enumerable.Range(0, Chunks).Select(WordAt));

    /// <summary>Prints its port. The path of a request says how it is answered: <c>/burst/…</c> in one write, others in one write per event.</summary>
    public static async Task RunAsync()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(512);
        Console.WriteLine(((IPEndPoint)listener.LocalEndPoint!).Port);
        _ = AcceptAsync(listener);
        await Console.In.ReadToEndAsync();
    }

    private static async Task AcceptAsync(Socket listener)
    {
        while (true) _ = ServeAsync(await listener.AcceptAsync());
    }

    private static async Task ServeAsync(Socket socket)
    {
        using var _ = socket;
        socket.NoDelay = true;
        var buffer = new byte[16 * 1024];
        while (await ReadRequestAsync(socket, buffer) is { } path)
        {
            if (path.StartsWith("/burst", StringComparison.Ordinal))
            {
                await SendAsync(socket, Whole);
                continue;
            }
            await SendAsync(socket, Head);
            foreach (var bytes in Events)
            {
                await SendAsync(socket, bytes);
                await Task.Yield(); // The other connections' turn, so that the reader has each event for itself.
            }
            await SendAsync(socket, End);
        }
    }

    private static async Task<string?> ReadRequestAsync(Socket socket, byte[] buffer)
    {
        var length = 0;
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(length));
            if (read == 0) return null;
            length += read;
            var head = buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
            if (head < 0) continue;
            var text = Encoding.ASCII.GetString(buffer, 0, head);
            var at = text.IndexOf("Content-Length: ", StringComparison.OrdinalIgnoreCase) + 16;
            var line = text.IndexOf('\r', at);
            var body = int.Parse(line < 0 ? text[at..] : text[at..line], System.Globalization.CultureInfo.InvariantCulture);
            if (length >= head + 4 + body) return text.Split(' ')[1];
        }
    }

    private static async Task SendAsync(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0) bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None)..];
    }

    private static string Delta(string delta, string finish) =>
        "data: {\"id\":\"chatcmpl-9vJk2LmQx7\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,\"model\":\"model-1\",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_44709d6fcb\"," +
        $"\"choices\":[{{\"index\":0,\"delta\":{delta},\"logprobs\":null,\"finish_reason\":{finish}}}],\"usage\":null}}\n\n";

    private static byte[] Chunk(string data) => Encoding.UTF8.GetBytes($"{Encoding.UTF8.GetByteCount(data):x}\r\n{data}\r\n");

    private static string WordAt(int i) => (i % 5) switch { 0 => " word", 1 => " a", 2 => " stream", 3 => ",", _ => " tokens" };
}
