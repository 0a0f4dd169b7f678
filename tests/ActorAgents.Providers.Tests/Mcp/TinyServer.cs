using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace ActorAgents.Providers.Tests.Mcp;

/// <summary>Just enough of a server to see what is sent; its one tool never answers, unless it is told what.</summary>
internal sealed class TinyServer : IAsyncDisposable
{
    private readonly HttpListener _listener;
    private readonly TestLog _seen = new();
    private readonly List<string?> _keys = [];
    private readonly Task _serving;

    public TinyServer()
    {
        (_listener, Url) = Listen();
        _serving = ServeAsync();
    }

    /// <summary>On a port that is free: another may take it between its being found and its being used.</summary>
    private static (HttpListener, Uri) Listen()
    {
        for (var attempt = 1; ; attempt++)
        {
            var url = new Uri($"http://127.0.0.1:{EverythingServer.FreePort()}/mcp/");
            var listener = new HttpListener { Prefixes = { url.ToString() } };
            try
            {
                listener.Start();
                return (listener, url);
            }
            catch (HttpListenerException) when (attempt < 10) { }
        }
    }

    public Uri Url { get; }
    public Uri? Redirect { get; init; }

    /// <summary>The result of its tool, as JSON.</summary>
    public string? Result { get; init; }

    public IReadOnlyList<string?> Keys
    {
        get { lock (_keys) return [.. _keys]; }
    }

    public Task SawAsync(string method) => _seen.HasAsync(method);

    public async ValueTask DisposeAsync()
    {
        _listener.Abort();
        await _serving;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                lock (_keys) _keys.Add(context.Request.Headers["X-Key"]);
                var answer = context.Request.HttpMethod == "POST" ? await AnswerAsync(context.Request) : null;
                if (answer == "wait") continue;
                if (Redirect is not null) (context.Response.RedirectLocation, context.Response.StatusCode) = (Redirect.ToString(), 307);
                else context.Response.StatusCode = answer is null ? context.Request.HttpMethod == "POST" ? 202 : 405 : 200;
                context.Response.ContentType = "application/json";
                context.Response.KeepAlive = false; // After an answer without a body the listener would send the end of a chunked one, which the next request takes for its answer.
                context.Response.Close(Encoding.UTF8.GetBytes(answer ?? ""), willBlock: false);
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException) { }
    }

    private async Task<string?> AnswerAsync(HttpListenerRequest request)
    {
        var message = (await JsonNode.ParseAsync(request.InputStream))!;
        var method = (string)message["method"]!;
        _seen.Log(default, default, method, null, (text, _) => text);
        if (message["id"] is not { } id) return null;
        if (method == "tools/call" && Result is null) return "wait";
        var answer = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id.DeepClone() };
        if (method == "initialize") answer["result"] = JsonNode.Parse("""{ "protocolVersion": "2025-11-25", "capabilities": { "tools": {} }, "serverInfo": { "name": "tiny", "version": "1" } }""");
        else if (method == "tools/list") answer["result"] = JsonNode.Parse("""{ "tools": [ { "name": "wait", "inputSchema": { "type": "object" } } ] }""");
        else if (method == "tools/call") answer["result"] = JsonNode.Parse(Result!);
        else answer["error"] = JsonNode.Parse("""{ "code": -32601, "message": "unknown" }""");
        return answer.ToJsonString();
    }
}
