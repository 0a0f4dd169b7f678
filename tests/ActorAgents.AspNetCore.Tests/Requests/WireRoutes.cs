using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ActorAgents.AspNetCore.Tests.Requests;

/// <summary>The routes as they are mapped, so that one that is added is tested too, with a good body for each that takes one.</summary>
internal static class WireRoutes
{
    private static readonly Dictionary<string, string> Bodies = new()
    {
        ["/agents/{kind}/{key}/turns"] = """{"input":"hello","mode":"attached","onBusy":"queue"}""",
        ["/agents/{kind}/{key}/turns/{turn}/approvals"] = """{"requestId":"r1","approved":true,"reason":"because"}""",
        ["/halts"] = """{"scope":"kind:nobody","reason":"a drill"}""",
        ["/chat"] = """{"prompt":"hello"}""",
        ["/v1/responses"] = """
            {"model":"assistant","stream":true,"store":true,"background":false,"instructions":"s","conversation":{"id":"k"},"temperature":0.5,"top_p":0.5,"max_output_tokens":10,
             "parallel_tool_calls":true,"metadata":{"team":"a"},"user":"u","safety_identifier":"i","prompt_cache_key":"p","reasoning":{"effort":"low","summary":"auto"},
             "text":{"format":{"type":"json_schema","name":"n","description":"d","schema":{}},"verbosity":"low"},
             "tools":[{"type":"function","name":"f","description":"d","parameters":{},"strict":true}],"tool_choice":{"type":"function","name":"f"},
             "input":[{"role":"developer","content":"s"},
               {"type":"message","role":"user","content":[{"type":"input_text","text":"t"},{"type":"input_image","image_url":"data:image/png;base64,AAAA"},
                 {"type":"input_file","file_data":"data:application/pdf;base64,AAAA"},{"type":"input_file","file_url":"https://example.com/a.pdf"}]},
               {"type":"reasoning"},
               {"type":"message","role":"assistant","content":[{"type":"output_text","text":"a"},{"type":"refusal","refusal":"r"}]},
               {"type":"function_call","call_id":"c","name":"f","arguments":"{\"a\":1}"},
               {"type":"function_call_output","call_id":"c","output":[{"type":"input_text","text":"done"}]},
               {"role":"user","content":"u"}]}
            """,
        ["/api/chat"] = """
            {"id":"k","trigger":"submit-message","messageId":"m9",
             "messages":[{"id":"m0","role":"system","parts":[{"type":"text","text":"s"}]},
               {"id":"m1","role":"user","parts":[{"type":"text","text":"t"},{"type":"file","mediaType":"image/png","url":"data:image/png;base64,AAAA"},
                 {"type":"file","mediaType":"image/*","url":"https://example.com/a.png"}]},
               {"id":"m2","role":"assistant","parts":[{"type":"step-start"},{"type":"text","text":"a"},
                 {"type":"tool-f","toolCallId":"c1","state":"output-error","input":{},"errorText":"e","providerExecuted":true},
                 {"type":"dynamic-tool","toolName":"g","toolCallId":"c2","state":"output-available","input":{}}]},
               {"id":"m3","role":"user","parts":[{"type":"text","text":"u"}]}]}
            """,
        ["/ag-ui/{kind}"] = """
            {"threadId":"t","runId":"r","parentRunId":"p",
             "messages":[{"id":"m1","role":"system","content":"s"},
               {"id":"m2","role":"user","name":"ann","content":[{"type":"text","text":"t"},{"type":"image","source":{"type":"data","value":"AAAA","mimeType":"image/png"}},
                 {"type":"document","source":{"type":"url","value":"https://example.com/a.pdf","mimeType":"application/pdf"}}]},
               {"id":"m3","role":"assistant","content":"a","toolCalls":[{"id":"c","function":{"name":"f","arguments":"{}"}}]},
               {"id":"m4","role":"tool","toolCallId":"c","content":"done","error":"e"},
               {"id":"m5","role":"user","content":"u"}],
             "tools":[{"name":"f","description":"d","parameters":{}}],
             "context":[{"description":"d","value":"v"}],
             "resume":[{"interruptId":"i","status":"resolved","payload":{"approved":true,"reason":"because"}}]}
            """,
        ["/mcp"] = """
            {"jsonrpc":"2.0","id":"1","method":"initialize",
             "params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"raw","version":"1.0.0"},"_meta":{"progressToken":"p"}}}
            """,
        ["/v1/chat/completions"] = """
            {"model":"assistant","stream":true,"stream_options":{"include_usage":true},"n":1,"temperature":0.5,"top_p":0.5,"frequency_penalty":0.5,
             "presence_penalty":0.5,"max_completion_tokens":10,"seed":1,"stop":["x"],"parallel_tool_calls":true,"reasoning_effort":"low",
             "response_format":{"type":"json_schema","json_schema":{"name":"n","description":"d","schema":{}}},
             "tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{}}}],
             "tool_choice":{"type":"function","function":{"name":"f"}},
             "messages":[{"role":"system","content":"s"},
               {"role":"user","name":"ann","content":[{"type":"text","text":"t"},{"type":"refusal","refusal":"no"},
                 {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}},{"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}}]},
               {"role":"assistant","content":"a","refusal":"r","tool_calls":[{"id":"c","function":{"name":"f","arguments":"{\"a\":1}"}}]},
               {"role":"tool","tool_call_id":"c","content":"done"},
               {"role":"user","content":"u"}]}
            """,
        ["/a2a"] = """
            {"jsonrpc":"2.0","id":"1","method":"SendStreamingMessage","params":{
              "message":{"role":"ROLE_USER","messageId":"m1","contextId":"k","parts":[{"text":"hello","mediaType":"text/plain","filename":"a.txt"},
                {"raw":"AAAA","mediaType":"image/png"},{"url":"https://example.com/a.png","mediaType":"image/png"}]},
              "configuration":{"acceptedOutputModes":["text/plain"],"historyLength":1,"returnImmediately":true}}}
            """,
        ["/a2a/{kind}"] = """
            {"jsonrpc":"2.0","id":"1","method":"ListTasks","params":{"contextId":"k","status":"TASK_STATE_WORKING","pageSize":10,"pageToken":"","historyLength":1,"includeArtifacts":true}}
            """,
    };

    /// <summary>Those that take no body.</summary>
    private static readonly string[] Bare = ["/v1/responses/{id}/cancel", "/api/chat/{key}/stop"];

    /// <summary>Method, pattern and a path that fits it. The route for what no other answers has no method.</summary>
    public static IReadOnlyList<(string? Method, string Pattern, string Path)> Of(AgentServer server) =>
    [
        .. server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Select(endpoint =>
        {
            var pattern = endpoint.RoutePattern.RawText!;
            return (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Single(), pattern, PathOf(pattern));
        }),
    ];

    public static IReadOnlyList<(string Pattern, string Path, string Body)> Posts(AgentServer server) =>
        [.. Of(server).Where(route => route.Method == "POST" && !Bare.Contains(route.Pattern)).Select(route => (route.Pattern, route.Path, Bodies[route.Pattern]))];

    /// <summary>That an answer is a refusal in the shape of its protocol, and the body of it.</summary>
    public static async Task<JsonElement> RefusedAsync(string path, HttpResponseMessage response, HttpStatusCode? status = null)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode is >= 400 and < 500 || response.StatusCode == status, $"{path}: {response.StatusCode} {text}");
        if (status is not null) Assert.True(status == response.StatusCode, $"{path}: {response.StatusCode} in place of {status}: {text}");
        var body = JsonDocument.Parse(text).RootElement;
        if (path.StartsWith("/v1", StringComparison.Ordinal))
        {
            Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
            var error = body.GetProperty("error");
            Assert.NotEmpty(error.GetProperty("message").GetString()!);
            Assert.NotEmpty(error.GetProperty("type").GetString()!);
            Assert.NotEmpty(error.GetProperty("code").GetString()!);
            Assert.True(error.TryGetProperty("param", out _));
            return error;
        }
        if (IsA2A(path)) return A2ARefusal(body, response);
        if (path.StartsWith("/mcp", StringComparison.Ordinal)) return McpRefusal(body, response);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.ToString());
        Assert.Equal((int)response.StatusCode, body.GetProperty("status").GetInt32());
        foreach (var member in new[] { "title", "detail", "code" }) Assert.NotEmpty(body.GetProperty(member).GetString()!);
        return body;
    }

    /// <summary>Whether a key is asked for.</summary>
    public static bool IsOpen(string path) => path.EndsWith("/agent-card.json", StringComparison.Ordinal);

    private static bool IsA2A(string path) => path.StartsWith("/a2a", StringComparison.Ordinal) || path.StartsWith("/.well-known", StringComparison.Ordinal);

    /// <summary>The error, with what it says in its details as members <c>code</c> and <c>param</c>.</summary>
    private static JsonElement A2ARefusal(JsonElement body, HttpResponseMessage response)
    {
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("2.0", body.GetProperty("jsonrpc").GetString());
        Assert.True(body.TryGetProperty("id", out _));
        var error = body.GetProperty("error");
        Assert.InRange(error.GetProperty("code").GetInt32(), -32700, -32000);
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
        var details = error.GetProperty("data").EnumerateArray().ToList();
        Assert.All(details, detail => Assert.StartsWith("type.googleapis.com/google.rpc.", detail.GetProperty("@type").GetString()));
        var violation = details.Find(detail => detail.TryGetProperty("fieldViolations", out _));
        return JsonSerializer.SerializeToElement(new
        {
            number = error.GetProperty("code").GetInt32(),
            code = details[0].GetProperty("reason").GetString()!.ToLowerInvariant(),
            message = error.GetProperty("message").GetString(),
            param = violation.ValueKind == JsonValueKind.Undefined ? null : violation.GetProperty("fieldViolations")[0].GetProperty("field").GetString(),
        });
    }

    private static JsonElement McpRefusal(JsonElement body, HttpResponseMessage response)
    {
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("2.0", body.GetProperty("jsonrpc").GetString());
        Assert.True(body.TryGetProperty("id", out _));
        var error = body.GetProperty("error");
        Assert.InRange(error.GetProperty("code").GetInt32(), -32700, -32000);
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
        Assert.Equal((int)response.StatusCode, error.GetProperty("data").GetProperty("status").GetInt32());
        return error.GetProperty("data");
    }

    private static string PathOf(string pattern) => pattern is "/a2a" or "/a2a/{kind}" ? $"{Filled(pattern)}?A2A-Version=1.0" : Filled(pattern);

    private static string Filled(string pattern) => pattern.Replace("{kind}", "assistant").Replace("{key}", "k").Replace("{turn}", "t1").Replace("{id}", "1")
        .Replace("{model}", "assistant").Replace("{**rest}", "no/such/thing");
}

/// <summary>One server for the tests of a class, whose agents always answer.</summary>
public sealed class OpenServer : IAsyncLifetime
{
    internal AgentServer Server { get; private set; } = null!;

    public async Task InitializeAsync() =>
        Server = await AgentServer.StartAsync(Testing.ScriptedProvider.Always(Testing.Script.Text("Hi."), keepRequests: false), agent: a => a.WithLimits(l => l with { HistoryTurns = 1 }));

    /// <summary>That the server answers the next request.</summary>
    internal async Task AnswersAsync() => await AgentServer.JsonAsync(Server.PostAsync("/agents/assistant/next/turns", new { input = "hello" }));

    public async Task DisposeAsync() => await Server.DisposeAsync();
}
