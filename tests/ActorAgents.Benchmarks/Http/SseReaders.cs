using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ActorAgents.Benchmarks.Http;

/// <summary>
/// Readers of event streams in a process of their own, on bare sockets: their processor time is not the server's. They do what standard input says, a line
/// at a time, and answer each with a line.
/// </summary>
internal static class SseReaders
{
    public const string Argument = "sse-readers";

    private const int SlowBytes = 1000;

    public static async Task RunAsync(int port)
    {
        using var slow = new CancellationTokenSource();
        Task<long>? trickle = null;
        Reader[] readers = [];
        while (await Console.In.ReadLineAsync() is { } line)
        {
            switch (line.Split(' '))
            {
                case ["read", var wire, var count, var before, var tokens]:
                    readers = [.. Enumerable.Range(0, Number(count)).Select(i => new Reader(Number(before), Number(tokens)))];
                    await Task.WhenAll(readers.Select((reader, i) => reader.ReadAsync(port, Request(wire, i))));
                    Console.WriteLine($"{readers.Sum(reader => reader.Frames)} {readers.Sum(reader => reader.Bytes)}");
                    break;
                case ["delays", var start, var period]:
                    var delays = readers.SelectMany((reader, i) => reader.Arrived.Select((at, token) => Delay(at, long.Parse(start, CultureInfo.InvariantCulture), long.Parse(period, CultureInfo.InvariantCulture), readers.Length, i, token))).ToArray();
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Measures.Measure.Percentile(delays, 50)} {Measures.Measure.Percentile(delays, 99)}"));
                    break;
                case ["slow"]:
                    trickle = TrickleAsync(port, slow.Token);
                    Console.WriteLine();
                    break;
                case ["stop"]:
                    await slow.CancelAsync();
                    Console.WriteLine(await trickle!);
                    break;
            }
        }
    }

    public static byte[] Request(string wire, int stream) => Encoding.ASCII.GetBytes(wire switch
    {
        "native" => Post($"/agents/writer/{stream}/turns", $$"""{"input":"{{stream}}"}"""),
        "endless" => Post("/agents/endless/1/turns", """{"input":"1"}"""),
        "openai" => Post("/v1/chat/completions", $$"""{"model":"writer","stream":true,"messages":[{"role":"user","content":"{{stream}}"}]}"""),
        "responses" => Post("/v1/responses", $$"""{"model":"writer","stream":true,"store":false,"input":"{{stream}}"}"""),
        "agui" => Post("/ag-ui/writer", RunInput(stream)),
        "a2a" => Post(A2A("writer"), A2AMessage($"{stream}")),
        "ui" => Post("/api/chat?agent=writer", $$"""{"id":"{{stream}}","messages":[{"id":"0","role":"user","parts":[{"type":"text","text":"{{stream}}"}]}]}"""),
        "plain" => Get($"/chat?agent=writer&prompt={stream}"),
        _ => Get($"/bare/{wire[5..]}/{stream}"),
    });

    /// <summary>Each on a thread of its own: a client is told what it lacks of a conversation.</summary>
    public static string RunInput(int stream) => $$"""{"threadId":"{{Guid.NewGuid()}}","runId":"r","messages":[{"id":"m","role":"user","content":"{{stream}}"}]}""";

    public static string A2A(string kind) => $"/a2a/{kind}?A2A-Version=1.0";

    public static string A2AMessage(string text) =>
        $$"""{"jsonrpc":"2.0","id":1,"method":"SendStreamingMessage","params":{"message":{"role":"ROLE_USER","messageId":"1","contextId":"{{text}}","parts":[{"text":"{{text}}"}] } } }""";

    private static string Get(string path) => $"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    private static string Post(string path, string body) =>
        $"POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAccept: text/event-stream\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}";

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static double Delay(long at, long start, long period, int streams, int stream, int token) =>
        (at - start - ((double)token * streams + stream) * period / streams) * 1000 / Stopwatch.Frequency;

    /// <summary>Takes a thousand bytes a second, and tells how many it took.</summary>
    private static async Task<long> TrickleAsync(int port, CancellationToken stop)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(IPAddress.Loopback, port, stop);
        await socket.SendAsync(Request("endless", 0), stop);
        using var second = new PeriodicTimer(TimeSpan.FromSeconds(1));
        var (buffer, taken) = (new byte[SlowBytes], 0L);
        while (!stop.IsCancellationRequested)
        {
            var read = await socket.ReceiveAsync(buffer, CancellationToken.None);
            if (read == 0) throw new InvalidOperationException("The server gave the slow reader up.");
            taken += read;
            try { await second.WaitForNextTickAsync(stop); }
            catch (OperationCanceledException) { break; }
        }
        return taken;
    }

    private sealed class Reader(int before, int tokens)
    {
        public long[] Arrived { get; } = new long[tokens];
        public long Bytes { get; private set; }
        public int Frames { get; private set; }

        public async Task ReadAsync(int port, byte[] request)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, port);
            await socket.SendAsync(request);
            var buffer = new byte[8 * 1024];
            byte last = 0;
            while (await socket.ReceiveAsync(buffer) is var read and > 0)
            {
                var now = Stopwatch.GetTimestamp();
                Bytes += read;
                foreach (var next in buffer.AsSpan(0, read))
                {
                    if (next == '\n' && last == '\n')
                    {
                        if (Frames >= before && Frames < before + tokens) Arrived[Frames - before] = now;
                        Frames++;
                    }
                    last = next;
                }
            }
        }
    }
}
