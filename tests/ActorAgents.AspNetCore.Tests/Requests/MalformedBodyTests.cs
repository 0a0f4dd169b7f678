using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ActorAgents.AspNetCore.Tests.Requests;

public sealed class MalformedBodyTests(OpenServer open) : IClassFixture<OpenServer>
{
    private readonly AgentServer _server = open.Server;

    [Theory]
    [InlineData("nothing", "")]
    [InlineData("blanks", "  \n ")]
    [InlineData("no JSON", "hello")]
    [InlineData("an array", "[]")]
    [InlineData("a string", "\"hello\"")]
    [InlineData("a number", "1")]
    [InlineData("true", "true")]
    [InlineData("null", "null")]
    [InlineData("an empty object", "{}")]
    [InlineData("a comment", "{/* */}")]
    [InlineData("a trailing comma", "{\"a\":1,}")]
    [InlineData("two values", "{}{}")]
    [InlineData("single quotes", "{'input':'hello'}")]
    [InlineData("a bare control character", "{\"input\":\"a\u0001b\"}")]
    [InlineData("a byte order mark", "\uFEFF[]")]
    public async Task Every_route_that_takes_a_body_refuses(string what, string body)
    {
        foreach (var (_, path, _) in WireRoutes.Posts(_server))
        {
            using var response = await _server.SendAsync(HttpMethod.Post, path, body);
            var error = await WireRoutes.RefusedAsync(path, response, HttpStatusCode.BadRequest);
            Assert.False(string.IsNullOrEmpty(error.ToString()), what);
        }
        await open.AnswersAsync();
    }

    [Fact]
    public async Task A_body_that_is_cut_anywhere_is_refused()
    {
        foreach (var (_, path, body) in WireRoutes.Posts(_server))
        {
            var whole = body.Trim();
            foreach (var length in Enumerable.Range(0, whole.Length).Where(n => n < 60 || n % 37 == 0))
            {
                using var response = await _server.SendAsync(HttpMethod.Post, path, whole[..length]);
                await WireRoutes.RefusedAsync(path, response, HttpStatusCode.BadRequest);
            }
        }
    }

    [Fact]
    public async Task A_wrong_type_of_any_member_is_refused_and_named()
    {
        foreach (var (_, path, body) in WireRoutes.Posts(_server))
        {
            foreach (var at in Places(JsonNode.Parse(body)!, ""))
            {
                // The members of a schema and a choice's type are nobody's here.
                if (at is "tool_choice.type") continue;
                using var response = await _server.SendAsync(HttpMethod.Post, path, With(body, at, value => value is JsonValue number && number.GetValueKind() == JsonValueKind.Number ? "x" : -0.5));
                var error = await WireRoutes.RefusedAsync($"{path} {at}"[..path.Length], response, HttpStatusCode.BadRequest);
                Assert.Equal(at, error.GetProperty("param").GetString());
            }
        }
    }

    [Theory]
    [InlineData("/agents/assistant/k/turns", "input")]
    [InlineData("/agents/assistant/k/turns/t1/approvals", "requestId")]
    [InlineData("/agents/assistant/k/turns/t1/approvals", "approved")]
    [InlineData("/halts", "scope")]
    [InlineData("/halts", "reason")]
    [InlineData("/chat", "prompt")]
    [InlineData("/ag-ui/assistant", "threadId")]
    [InlineData("/ag-ui/assistant", "runId")]
    [InlineData("/ag-ui/assistant", "messages")]
    [InlineData("/ag-ui/assistant", "messages[0].id")]
    [InlineData("/ag-ui/assistant", "messages[0].role")]
    [InlineData("/ag-ui/assistant", "messages[1].content")]
    [InlineData("/ag-ui/assistant", "messages[1].content[1].source")]
    [InlineData("/ag-ui/assistant", "messages[1].content[1].source.mimeType")]
    [InlineData("/ag-ui/assistant", "messages[2].toolCalls[0].function.arguments")]
    [InlineData("/ag-ui/assistant", "messages[3].toolCallId")]
    [InlineData("/ag-ui/assistant", "tools[0].name")]
    [InlineData("/ag-ui/assistant", "context[0].value")]
    [InlineData("/ag-ui/assistant", "resume[0].status")]
    [InlineData("/ag-ui/assistant", "resume[0].payload")]
    [InlineData("/ag-ui/assistant", "resume[0].payload.approved")]
    [InlineData("/api/chat", "id")]
    [InlineData("/api/chat", "messages")]
    [InlineData("/api/chat", "messages[1].role")]
    [InlineData("/api/chat", "messages[1].parts")]
    [InlineData("/api/chat", "messages[1].parts[0].type")]
    [InlineData("/api/chat", "messages[1].parts[0].text")]
    [InlineData("/api/chat", "messages[1].parts[1].mediaType")]
    [InlineData("/api/chat", "messages[1].parts[1].url")]
    [InlineData("/api/chat", "messages[2].parts[2].toolCallId")]
    [InlineData("/api/chat", "messages[2].parts[2].state")]
    [InlineData("/api/chat", "messages[2].parts[2].errorText")]
    [InlineData("/api/chat", "messages[2].parts[3].toolName")]
    [InlineData("/v1/chat/completions", "model")]
    [InlineData("/v1/chat/completions", "messages")]
    [InlineData("/v1/chat/completions", "messages[0].role")]
    [InlineData("/v1/chat/completions", "messages[0].content")]
    [InlineData("/v1/chat/completions", "messages[1].content[0].text")]
    [InlineData("/v1/chat/completions", "messages[1].content[2].image_url")]
    [InlineData("/v1/chat/completions", "messages[2].tool_calls[0].id")]
    [InlineData("/v1/chat/completions", "messages[2].tool_calls[0].function.name")]
    [InlineData("/v1/chat/completions", "messages[3].tool_call_id")]
    [InlineData("/v1/chat/completions", "tools[0].function.name")]
    [InlineData("/v1/chat/completions", "tool_choice.function.name")]
    [InlineData("/v1/chat/completions", "response_format.json_schema.schema")]
    [InlineData("/v1/responses", "model")]
    [InlineData("/v1/responses", "input")]
    [InlineData("/v1/responses", "conversation.id")]
    [InlineData("/v1/responses", "tools[0].name")]
    [InlineData("/v1/responses", "tool_choice.name")]
    [InlineData("/v1/responses", "text.format.type")]
    [InlineData("/v1/responses", "text.format.schema")]
    [InlineData("/v1/responses", "input[0].content")]
    [InlineData("/v1/responses", "input[1].content[0].text")]
    [InlineData("/v1/responses", "input[1].content[1].image_url")]
    [InlineData("/v1/responses", "input[4].call_id")]
    [InlineData("/v1/responses", "input[4].name")]
    [InlineData("/v1/responses", "input[5].call_id")]
    [InlineData("/v1/responses", "input[5].output")]
    [InlineData("/a2a?A2A-Version=1.0", "jsonrpc")]
    [InlineData("/a2a?A2A-Version=1.0", "id")]
    [InlineData("/a2a?A2A-Version=1.0", "method")]
    [InlineData("/a2a?A2A-Version=1.0", "params")]
    [InlineData("/a2a?A2A-Version=1.0", "params.message")]
    [InlineData("/a2a?A2A-Version=1.0", "params.message.role")]
    [InlineData("/a2a?A2A-Version=1.0", "params.message.messageId")]
    [InlineData("/a2a?A2A-Version=1.0", "params.message.parts")]
    [InlineData("/a2a?A2A-Version=1.0", "params.message.parts[0].text")]
    [InlineData("/mcp", "jsonrpc")]
    [InlineData("/mcp", "method")]
    [InlineData("/mcp", "params")]
    [InlineData("/mcp", "params.protocolVersion")]
    [InlineData("/mcp", "params.capabilities")]
    [InlineData("/mcp", "params.clientInfo")]
    [InlineData("/mcp", "params.clientInfo.name")]
    public async Task A_member_that_is_needed_may_neither_be_absent_nor_null(string path, string member)
    {
        var body = WireRoutes.Posts(_server).Single(route => route.Path == path).Body;
        foreach (var changed in new[] { With(body, member, _ => null), With(body, member, _ => null, remove: true) })
        {
            using var response = await _server.SendAsync(HttpMethod.Post, path, changed);
            var error = await WireRoutes.RefusedAsync(path, response, HttpStatusCode.BadRequest);
            Assert.Equal(member, error.GetProperty("param").GetString());
        }
    }

    [Theory]
    [InlineData("""{"input":"a","input":"b","prompt":"a","model":"assistant"}""")]
    [InlineData("""{"input":"a","inpu\u0074":"b"}""")]
    [InlineData("""{"prompt":"a","other":{"x":1,"x":2}}""")]
    public async Task A_member_that_comes_twice_is_refused(string body)
    {
        foreach (var (_, path, _) in WireRoutes.Posts(_server))
        {
            using var response = await _server.SendAsync(HttpMethod.Post, path, body);
            await WireRoutes.RefusedAsync(path, response, HttpStatusCode.BadRequest);
        }
    }

    [Theory]
    [InlineData("""{"input":"\ud83d","prompt":"\ud83d","scope":"\ud83d","requestId":"\ud83d","model":"\ud83d"}""")]
    [InlineData("""{"input":"\udE00a"}""")]
    [InlineData("""{"\ud83d":1,"input":"hello","prompt":"hello"}""")]
    [InlineData("""{"inpu\ud83d":1}""")]
    [InlineData("""{"unread":{"\ud83d":["\ud83dx"]},"input":"hello","prompt":"hello"}""")]
    public async Task Half_a_surrogate_pair_is_refused_wherever_it_is(string body)
    {
        foreach (var (_, path, _) in WireRoutes.Posts(_server))
        {
            using var response = await _server.SendAsync(HttpMethod.Post, path, body);
            await WireRoutes.RefusedAsync(path, response, HttpStatusCode.BadRequest);
        }
    }

    [Fact]
    public async Task Escapes_of_whole_pairs_and_of_backslashes_are_text()
    {
        var echo = new Testing.ScriptedProvider(request => Testing.Script.Text(request.Prompt));
        await using var server = await AgentServer.StartAsync(echo);

        var answer = await AgentServer.JsonAsync(server.PostAsync("/agents/assistant/1/turns", """{"input":"\ud83d\ude00 \\ud83d \u0041"}"""));

        Assert.Equal("😀 \\ud83d A", answer.GetProperty("text").GetString());
    }

    [Theory]
    [InlineData(new byte[] { 0x22, 0xFF, 0x22 })]
    [InlineData(new byte[] { 0x22, 0xC3, 0x22 })]
    [InlineData(new byte[] { 0x22, 0xED, 0xA0, 0x80, 0x22 })]
    [InlineData(new byte[] { 0x22, 0xC0, 0xAF, 0x22 })]
    public async Task What_is_not_UTF_8_is_refused(byte[] value)
    {
        foreach (var (_, path, _) in WireRoutes.Posts(_server))
        {
            using var response = await PostAsync(path, [.. "{\"input\":"u8, .. value, .. "}"u8], "application/json");
            await WireRoutes.RefusedAsync(path, response, HttpStatusCode.BadRequest);
        }
    }

    [Theory]
    [InlineData(10_000)]
    [InlineData(65)]
    public async Task What_is_nested_too_deeply_is_refused(int levels)
    {
        var body = $$"""{"input":"hello","prompt":"hello","deep":{{new string('[', levels)}}{{new string(']', levels)}}}""";
        foreach (var (_, path, _) in WireRoutes.Posts(_server))
        {
            using var response = await _server.SendAsync(HttpMethod.Post, path, body);
            await WireRoutes.RefusedAsync(path, response, HttpStatusCode.BadRequest);
        }
        await open.AnswersAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_of_ten_megabytes_is_refused(bool chunked)
    {
        foreach (var (_, path, _) in WireRoutes.Posts(_server))
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(Encoding.ASCII.GetBytes("{\"input\":\"" + new string('a', 10 << 20) + "\"}")) };
            request.Content.Headers.ContentType = new("application/json");
            request.Headers.ExpectContinue = true; // Otherwise the refusal comes while the client still writes.
            if (chunked) request.Headers.TransferEncodingChunked = true;
            using var response = await _server.Client.SendAsync(request);
            await WireRoutes.RefusedAsync(path, response, HttpStatusCode.RequestEntityTooLarge);
        }
        await open.AnswersAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_up_to_the_bound_is_read_whole_though_the_servers_own_bound_is_lower(bool chunked)
    {
        await using var server = await AgentServer.StartAsync(
            new Testing.ScriptedProvider(request => Testing.Script.Text($"{request.Prompt.Length}")), http => http.MaxRequestBytes = 40 << 20, a => a.WithLimits(l => l with { MaxInputChars = 50 << 20 }));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/agents/assistant/1/turns") { Content = new StringContent("{\"input\":\"" + new string('a', 35 << 20) + "\"}", Encoding.UTF8, "application/json") };
        if (chunked) request.Headers.TransferEncodingChunked = true;

        var answer = await AgentServer.JsonAsync(server.Client.SendAsync(request));

        Assert.Equal($"{35 << 20}", answer.GetProperty("text").GetString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("application/jsonx")]
    [InlineData("nonsense")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/json; charset=\"iso-8859-1\"")]
    public async Task A_body_of_another_type_is_refused(string? type)
    {
        foreach (var (_, path, body) in WireRoutes.Posts(_server))
        {
            using var response = await PostAsync(path, Encoding.UTF8.GetBytes(body), type);
            await WireRoutes.RefusedAsync(path, response, HttpStatusCode.UnsupportedMediaType);
        }
    }

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("Application/JSON; charset=\"UTF-8\"")]
    [InlineData("application/vnd.example+json")]
    public async Task JSON_by_any_of_its_names_is_taken(string type)
    {
        using var response = await PostAsync("/agents/assistant/1/turns", "{\"input\":\"hello\"}"u8.ToArray(), type);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("temperature", "1e300")]
    [InlineData("temperature", "1e999")]
    [InlineData("seed", "9223372036854775808")]
    [InlineData("n", "2")]
    [InlineData("n", "0")]
    [InlineData("max_tokens", "0")]
    [InlineData("max_tokens", "99999999999")]
    [InlineData("stop", "[1]")]
    [InlineData("reasoning_effort", "\"much\"")]
    [InlineData("tool_choice", "\"often\"")]
    [InlineData("messages", "[]")]
    [InlineData("messages", "[{\"role\":\"boss\",\"content\":\"x\"}]")]
    [InlineData("messages", "[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"file:///etc/passwd\"}}]}]")]
    [InlineData("messages", "[{\"role\":\"user\",\"content\":[{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"%%\",\"format\":\"wav\"}}]}]")]
    [InlineData("messages", "[{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":\"[1]\"}}]}]")]
    [InlineData("messages", "[{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":\\\"\\\\ud83d\\\"}\"}}]}]")]
    [InlineData("tools", "[{\"type\":\"function\",\"function\":{\"name\":\"f\"}},{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]")]
    [InlineData("messages", "[{\"role\":\"user\",\"content\":\"  \"}]")]
    public async Task A_value_out_of_its_bounds_is_refused_by_chat_completions(string member, string value)
    {
        var body = JsonNode.Parse("""{"model":"assistant","messages":[{"role":"user","content":"hello"}]}""")!;
        body[member] = JsonNode.Parse(value);
        if (member == "tool_choice") body["tools"] = JsonNode.Parse("""[{"type":"function","function":{"name":"f"}}]""");

        using var response = await _server.SendAsync(HttpMethod.Post, "/v1/chat/completions", body.ToJsonString());

        await WireRoutes.RefusedAsync("/v1", response, HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("threadId", "\"\"")]
    [InlineData("messages", "[]")]
    [InlineData("messages", "[{\"id\":\"m\",\"role\":\"user\",\"content\":\"  \"}]")]
    [InlineData("messages", "[{\"id\":\"m\",\"role\":\"user\",\"content\":[{\"type\":\"image\",\"source\":{\"type\":\"url\",\"value\":\"file:///etc/passwd\"}}]}]")]
    [InlineData("messages", "[{\"id\":\"m\",\"role\":\"user\",\"content\":[{\"type\":\"audio\",\"source\":{\"type\":\"data\",\"value\":\"%%\",\"mimeType\":\"audio/wav\"}}]}]")]
    [InlineData("messages", "[{\"id\":\"m\",\"role\":\"user\",\"content\":[{\"type\":\"image\",\"source\":{\"type\":\"url\",\"value\":\"http://example.com\",\"mimeType\":\"%\"}}]}]")]
    [InlineData("tools", "[{\"name\":\"f\"},{\"name\":\"f\"}]")]
    [InlineData("tools", "[{\"name\":\"f\",\"parameters\":true}]")]
    [InlineData("resume", "[{\"interruptId\":\"i\",\"status\":\"perhaps\"}]")]
    [InlineData("resume", "[{\"interruptId\":\"i\",\"status\":\"cancelled\"},{\"interruptId\":\"i\",\"status\":\"cancelled\"}]")]
    public async Task A_value_out_of_its_bounds_is_refused_by_a_run(string member, string value)
    {
        var body = JsonNode.Parse("""{"threadId":"t","runId":"r","messages":[{"id":"m","role":"user","content":"hello"}]}""")!;
        body[member] = JsonNode.Parse(value);

        using var response = await _server.SendAsync(HttpMethod.Post, "/ag-ui/assistant", body.ToJsonString());

        await WireRoutes.RefusedAsync("/ag-ui", response, HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("trigger", "\"regenerate\"")]
    [InlineData("id", "\"\"")]
    [InlineData("id", "\"a\\u0001b\"")]
    [InlineData("messages", "[]")]
    [InlineData("messages", "[{\"id\":\"1\",\"role\":\"tool\",\"parts\":[]}]")]
    [InlineData("messages", "[{\"id\":\"1\",\"role\":\"user\",\"parts\":[]}]")]
    [InlineData("messages", "[{\"id\":\"1\",\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"text\":\"  \"}]}]")]
    [InlineData("messages", "[{\"id\":\"1\",\"role\":\"user\",\"parts\":[{\"type\":\"data-x\",\"data\":1}]}]")]
    [InlineData("messages", "[{\"id\":\"1\",\"role\":\"user\",\"parts\":[{\"type\":\"poem\",\"text\":\"x\"}]}]")]
    [InlineData("messages", "[{\"id\":\"1\",\"role\":\"user\",\"parts\":[{\"type\":\"file\",\"mediaType\":\"image/png\",\"url\":\"file:///etc/passwd\"}]}]")]
    [InlineData("messages", "[{\"id\":\"1\",\"role\":\"user\",\"parts\":[{\"type\":\"file\",\"mediaType\":\"image/png\",\"url\":\"data:image/png;base64,%%\"}]}]")]
    [InlineData("messages", "[{\"id\":\"1\",\"role\":\"user\",\"parts\":[{\"type\":\"file\",\"mediaType\":\"png\",\"url\":\"https://example.com/\"}]}]")]
    [InlineData("messages", "[{\"id\":\"1\",\"role\":\"assistant\",\"parts\":[{\"type\":\"tool-f\",\"toolCallId\":\"c\",\"state\":\"done\"}]}]")]
    [InlineData("messages", "[{\"id\":\"1\",\"role\":\"assistant\",\"parts\":[{\"type\":\"tool-f\",\"toolCallId\":\"c\",\"state\":\"approval-responded\"}]}]")]
    [InlineData("messages", "[{\"id\":\"1\",\"role\":\"assistant\",\"parts\":[{\"type\":\"tool-f\",\"toolCallId\":\"c\",\"state\":\"approval-responded\",\"approval\":{\"id\":\"r\"}}]}]")]
    public async Task A_value_out_of_its_bounds_is_refused_by_UI_messages(string member, string value)
    {
        var body = JsonNode.Parse("""{"id":"k","messages":[{"id":"1","role":"user","parts":[{"type":"text","text":"hello"}]}]}""")!;
        body[member] = JsonNode.Parse(value);

        using var response = await _server.SendAsync(HttpMethod.Post, "/api/chat", body.ToJsonString());

        await WireRoutes.RefusedAsync("/api/chat", response, HttpStatusCode.BadRequest);
    }

    private async Task<HttpResponseMessage> PostAsync(string path, byte[] body, string? type)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        if (type is not null) request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        return await _server.Client.SendAsync(request);
    }

    /// <summary>The paths of all members and items.</summary>
    private static IEnumerable<string> Places(JsonNode node, string path) => node switch
    {
        JsonObject members => members.SelectMany(member => Under(path.Length == 0 ? member.Key : $"{path}.{member.Key}", member.Value!)),
        JsonArray items => items.SelectMany((item, i) => Under($"{path}[{i}]", item!)),
        _ => [],
    };

    private static IEnumerable<string> Under(string path, JsonNode value) => Places(value, path).Prepend(path);

    private static string With(string body, string at, Func<JsonNode?, JsonNode?> change, bool remove = false)
    {
        var node = JsonNode.Parse(body)!;
        var steps = at.Replace("[", ".[").Split('.');
        foreach (var step in steps[..^1]) node = step[0] == '[' ? node[int.Parse(step[1..^1])]! : node[step]!;
        var (root, last) = (node.Root, steps[^1]);
        if (remove) node.AsObject().Remove(last);
        else if (last[0] == '[') node[int.Parse(last[1..^1])] = change(node[int.Parse(last[1..^1])]);
        else node[last] = change(node[last]);
        return root.ToJsonString();
    }
}
