using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActorAgents.AspNetCore.Tests.Streaming;

namespace ActorAgents.AspNetCore.Tests.Mcp;

/// <summary>A client of MCP over bare HTTP, to do what no client would. In a session, or by a revision that has none.</summary>
internal sealed class RawMcp
{
    public const string WithSessions = "2025-11-25";
    public const string WithoutSessions = "2026-07-28";

    private readonly AgentServer _server;
    private readonly (string Name, string Value)[] _headers;
    private int _requests;

    private RawMcp(AgentServer server, string? session, (string, string)[] headers) => (_server, Session, _headers) = (server, session, headers);

    public string? Session { get; }

    public static async Task<RawMcp> BeginAsync(AgentServer server, string revision = WithSessions, object? capabilities = null, params (string, string)[] headers)
    {
        headers = [.. headers, ("Accept", "application/json, text/event-stream"), ("MCP-Protocol-Version", revision)];
        if (revision == WithoutSessions) return new(server, null, headers);
        using var response = await InitializeAsync(server, revision, capabilities, headers);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await response.Content.ReadAsStringAsync();
        var session = Assert.Single(response.Headers.GetValues("Mcp-Session-Id"));
        return new(server, session, [.. headers, ("Mcp-Session-Id", session)]);
    }

    public static Task<HttpResponseMessage> InitializeAsync(AgentServer server, string revision = WithSessions, object? capabilities = null, params (string, string)[] headers) =>
        server.PostAsync("/mcp", new { jsonrpc = "2.0", id = 0, method = "initialize", @params = new { protocolVersion = revision, capabilities = capabilities ?? new { }, clientInfo = new { name = "raw", version = "1" } } }, headers);

    /// <summary>The same session to another caller.</summary>
    public RawMcp As((string Name, string Value) header) => new(_server, Session, [.. _headers.Where(own => own.Name != header.Name), header]);

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, object? body = null, params (string, string)[] headers) => _server.SendAsync(method, "/mcp", body, [.. _headers, .. headers]);

    public Task<HttpResponseMessage> PostAsync(string method, object? parameters = null, int? id = null)
    {
        var given = JsonSerializer.SerializeToNode(parameters ?? new { })!.AsObject();
        var message = new JsonObject { ["jsonrpc"] = "2.0", ["method"] = method, ["params"] = given };
        if (id is { } known) message["id"] = known;
        if (Session is not null) return SendAsync(HttpMethod.Post, message.ToJsonString());
        var meta = given["_meta"] as JsonObject ?? [];
        (meta["io.modelcontextprotocol/protocolVersion"], meta["io.modelcontextprotocol/clientCapabilities"]) = (WithoutSessions, meta["io.modelcontextprotocol/clientCapabilities"]?.DeepClone() ?? new JsonObject());
        given["_meta"] = meta;
        (string, string)[] headers = given["name"] is JsonValue name ? [("Mcp-Method", method), ("Mcp-Name", name.ToString())] : [("Mcp-Method", method)];
        return SendAsync(HttpMethod.Post, message.ToJsonString(), headers);
    }

    public Task<HttpResponseMessage> CallAsync(object arguments, string kind = "assistant", object? meta = null) =>
        PostAsync("tools/call", meta is null ? new { name = kind, arguments } : (object)new { name = kind, arguments, _meta = meta }, Interlocked.Increment(ref _requests));

    /// <summary>What an answer's last message says.</summary>
    public static async Task<JsonElement> AnswerAsync(Task<HttpResponseMessage> answer, HttpStatusCode status = HttpStatusCode.OK)
    {
        using var response = await answer;
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{(int)response.StatusCode} in place of {(int)status}: {text}");
        return JsonDocument.Parse(response.Content.Headers.ContentType?.MediaType == "text/event-stream" ? Frames(text)[^1] : text).RootElement;
    }

    /// <summary>The next message of a stream with this method.</summary>
    public static async Task<JsonElement> NextAsync(RawLines lines, string method)
    {
        while (await lines.NextAsync() is { } line)
            if (line.StartsWith("data: ", StringComparison.Ordinal) && JsonDocument.Parse(line["data: ".Length..]).RootElement is var message && message.TryGetProperty("method", out var of) && of.GetString() == method)
                return message;
        throw new InvalidOperationException($"The stream ended without '{method}'.");
    }

    public static async Task<JsonElement> ResultAsync(Task<HttpResponseMessage> answer) =>
        (await AnswerAsync(answer)) is var message && message.TryGetProperty("result", out var result) ? result : throw new InvalidOperationException($"No result: {message}");

    public static string? Text(JsonElement result) => result.GetProperty("content")[0].GetProperty("text").GetString();

    private static List<string> Frames(string text) => [.. text.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => line["data: ".Length..])];
}
