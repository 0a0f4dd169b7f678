using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace ActorAgents.Providers.Tests.Wires;

/// <summary>A server whose every byte the test decides: for what the mock server cannot say, and for when a client hangs up.</summary>
internal sealed class WireServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<WireRequest, Task> _answer;
    private readonly Task _serving;

    /// <param name="answer">Called for each request; the answer is over when it returns.</param>
    public WireServer(Func<WireRequest, Task> answer)
    {
        _answer = answer;
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>The same answer to every request: a stream of events, or of JSON lines for Ollama.</summary>
    public static WireServer Streaming(string kind, params string[] frames) => new(async request =>
    {
        await request.BeginAsync(kind);
        foreach (var frame in frames) await request.SendAsync(kind, frame);
    });

    /// <summary>The requests so far.</summary>
    public List<WireRequest> Requests { get; } = [];

    public ProviderOptions Options(string kind) => new()
    {
        Kind = kind,
        Endpoint = new Uri($"http://{_listener.LocalEndpoint}{(kind.StartsWith("openai", StringComparison.Ordinal) ? "/v1" : "")}"),
        Model = "model-1",
        ApiKey = "secret-1",
    };

    private async Task ServeAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            TcpClient client;
            try { client = await _listener.AcceptTcpClientAsync(_stop.Token); }
            catch (OperationCanceledException) { return; }
            _ = AnswerAsync(client);
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            patience.CancelAfter(Patience);
            try
            {
                while (true)
                {
                    var request = await WireRequest.ReadAsync(client.GetStream(), patience.Token);
                    lock (Requests) Requests.Add(request);
                    await _answer(request);
                    await request.EndAsync();
                }
            }
            catch (Exception gone) when (gone is IOException or OperationCanceledException) { } // It hung up, or the test is over.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving;
    }
}

/// <summary>One request, and the way to answer it.</summary>
internal sealed class WireRequest
{
    private readonly NetworkStream _stream;
    private readonly CancellationToken _patience;
    private bool _begun;

    private WireRequest(NetworkStream stream, string head, string body, CancellationToken patience)
    {
        (_stream, _patience) = (stream, patience);
        Headers = head.Split("\r\n").Skip(1).Select(line => line.Split(": ", 2)).Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        Path = head.Split(' ')[1];
        Body = JsonDocument.Parse(body).RootElement;
    }

    public string Path { get; }
    public IReadOnlyDictionary<string, string> Headers { get; }
    public JsonElement Body { get; }

    public static async Task<WireRequest> ReadAsync(NetworkStream stream, CancellationToken patience)
    {
        var bytes = new List<byte>();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var count = await stream.ReadAsync(buffer, patience);
            if (count == 0) throw new IOException("The client hung up within its request.");
            bytes.AddRange(buffer[..count]);
            var text = Encoding.UTF8.GetString([.. bytes]);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end < 0) continue;
            var body = text[(end + 4)..];
            if (text[..end].Contains("chunked", StringComparison.OrdinalIgnoreCase) ? body.EndsWith("0\r\n\r\n", StringComparison.Ordinal) : IsWhole(body))
                return new(stream, text[..end], body[body.IndexOf('{')..(body.LastIndexOf('}') + 1)], patience);
        }
    }

    /// <summary>Starts an answer in chunks, over a connection that would stay.</summary>
    public Task BeginAsync(string kind)
    {
        _begun = true;
        return WriteAsync($"HTTP/1.1 200 OK\r\nContent-Type: {(kind == "ollama" ? "application/x-ndjson" : "text/event-stream")}\r\nTransfer-Encoding: chunked\r\n\r\n");
    }

    /// <summary>One event, or one line; text that begins otherwise than with a brace is sent as it is.</summary>
    public Task SendAsync(string kind, string frame)
    {
        if (kind == "ollama" || !frame.StartsWith('{')) return ChunkAsync(frame + "\n");
        var type = JsonDocument.Parse(frame).RootElement.TryGetProperty("type", out var name) ? $"event: {name}\n" : "";
        return ChunkAsync($"{type}data: {frame}\n\n");
    }

    public Task FailAsync(string status, string body, string headers = "") =>
        WriteAsync($"HTTP/1.1 {status}\r\n{headers}Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");

    public Task EndAsync() => _begun ? WriteAsync("0\r\n\r\n") : Task.CompletedTask;

    /// <summary>Waits until the client has closed its side.</summary>
    public async Task HungUpAsync()
    {
        try { while (await _stream.ReadAsync(new byte[1024], _patience) > 0) { } }
        catch (IOException) { } // It did so in the middle.
    }

    private Task ChunkAsync(string text) => WriteAsync($"{Encoding.UTF8.GetByteCount(text):x}\r\n{text}\r\n");

    private Task WriteAsync(string text) => _stream.WriteAsync(Encoding.UTF8.GetBytes(text), _patience).AsTask();

    private static bool IsWhole(string body)
    {
        try { using var _ = JsonDocument.Parse(body); return true; }
        catch (JsonException) { return false; }
    }
}
