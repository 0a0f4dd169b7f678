using System.Net;
using System.Text.Json;
using ActorAgents.AspNetCore.Tests.Security;
using ActorAgents.Testing;

namespace ActorAgents.AspNetCore.Tests.A2A;

public sealed class CallTests
{
    private static Task<AgentServer> StartAsync() => AgentServer.StartAsync(ScriptedProvider.Always(Script.Text("Hi.")));

    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("0.3", false)]
    [InlineData("1", false)]
    [InlineData("1.1", false)]
    [InlineData("10.0", false)]
    [InlineData("2.0", false)]
    [InlineData("1.0", true)]
    [InlineData("1.0.1", true)]
    public async Task Version_one_point_zero_alone_is_served_and_none_means_an_older_one(string? version, bool served)
    {
        await using var server = await StartAsync();
        var call = A2AServer.Call("SendMessage", A2AServer.Message("hello"));

        var byHeader = await AgentServer.JsonAsync(server.PostAsync("/a2a", call, version is null ? [] : [("A2A-Version", version)]));
        var byQuery = await AgentServer.JsonAsync(server.PostAsync($"/a2a?A2A-Version={version}", call));

        foreach (var answer in new[] { byHeader, byQuery })
        {
            Assert.Equal(served, answer.TryGetProperty("result", out _));
            if (!served) Assert.Equal((-32009, "VERSION_NOT_SUPPORTED"), (answer.GetProperty("error").Code(), answer.GetProperty("error").Reason()));
        }
    }

    [Theory]
    [InlineData("1")]
    [InlineData("-9007199254740993")]
    [InlineData("\"\"")]
    [InlineData("\"a \\\"b\\\" \\ud83d\\ude00 ü\"")]
    public async Task An_id_comes_back_as_it_was_with_a_result_an_error_and_each_frame(string id)
    {
        await using var server = await StartAsync();
        string Body(string method) => $$"""{"jsonrpc":"2.0","id":{{id}},"method":"{{method}}","params":{"message":{"role":"ROLE_USER","messageId":"m","parts":[{"text":"hello"}] } } }""";

        using var result = await server.PostAsync("/a2a", Body("SendMessage"), ("A2A-Version", "1.0"));
        using var error = await server.PostAsync("/a2a", Body("Dance"), ("A2A-Version", "1.0"));
        await using var stream = await server.StreamAsync("/a2a", Body("SendStreamingMessage"), ("A2A-Version", "1.0"));

        foreach (var answer in new[] { await result.Content.ReadAsStringAsync(), await error.Content.ReadAsStringAsync() }) Assert.StartsWith($$"""{"jsonrpc":"2.0","id":{{id}},""", answer);
        Assert.All(await stream.RestAsync(), frame => Assert.StartsWith($$"""{"jsonrpc":"2.0","id":{{id}},"result":{""", frame.Data));
    }

    [Theory]
    [InlineData("hello", -32700, "null")]
    [InlineData("", -32700, "null")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"id":2,"method":"GetTask"}""", -32700, "null")]
    [InlineData("[]", -32600, "null")]
    [InlineData("""[{"jsonrpc":"2.0","id":1,"method":"GetTask","params":{"id":"x"}}]""", -32600, "null")]
    [InlineData("""{"jsonrpc":"2.0","method":"GetTask","params":{"id":"x"}}""", -32600, "null")]
    [InlineData("""{"jsonrpc":"2.0","id":{},"method":"GetTask"}""", -32600, "null")]
    [InlineData("""{"jsonrpc":"2.0","id":1.5,"method":"GetTask"}""", -32600, "null")]
    [InlineData("""{"jsonrpc":"1.0","id":1,"method":"GetTask"}""", -32600, "1")]
    [InlineData("""{"jsonrpc":"2.0","id":1}""", -32600, "1")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"GetTask"}""", -32602, "1")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"GetTask","params":[]}""", -32602, "1")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"GetTask","params":{}}""", -32602, "1")]
    public async Task What_is_wrong_has_the_code_of_where_it_is_wrong_and_the_id_if_it_was_read(string body, int code, string id)
    {
        await using var server = await StartAsync();

        var answer = await AgentServer.JsonAsync(server.PostAsync("/a2a", body, ("A2A-Version", "1.0")), HttpStatusCode.BadRequest);

        Assert.Equal((code, id), (answer.GetProperty("error").Code(), answer.GetProperty("id").GetRawText()));
    }

    [Fact]
    public async Task An_id_that_every_frame_would_repeat_at_length_is_refused()
    {
        await using var server = await StartAsync();

        var answer = await AgentServer.JsonAsync(server.PostAsync("/a2a", A2AServer.Call("GetTask", new { id = "x" }, new string('a', 300)), ("A2A-Version", "1.0")), HttpStatusCode.BadRequest);

        Assert.Equal((-32600, JsonValueKind.Null), (answer.GetProperty("error").Code(), answer.GetProperty("id").ValueKind));
    }

    [Theory]
    [InlineData("message/send", -32601, "METHOD_NOT_FOUND")]
    [InlineData("", -32601, "METHOD_NOT_FOUND")]
    [InlineData("CreateTaskPushNotificationConfig", -32003, "PUSH_NOTIFICATION_NOT_SUPPORTED")]
    [InlineData("GetTaskPushNotificationConfig", -32003, "PUSH_NOTIFICATION_NOT_SUPPORTED")]
    [InlineData("ListTaskPushNotificationConfigs", -32003, "PUSH_NOTIFICATION_NOT_SUPPORTED")]
    [InlineData("DeleteTaskPushNotificationConfig", -32003, "PUSH_NOTIFICATION_NOT_SUPPORTED")]
    [InlineData("GetExtendedAgentCard", -32004, "UNSUPPORTED_OPERATION")]
    [InlineData("ListTasks", -32004, "UNSUPPORTED_OPERATION")]
    public async Task What_is_not_served_is_refused_by_the_protocols_error(string method, int code, string reason)
    {
        await using var server = await StartAsync();

        var error = await server.ErrorAsync(method, new { });

        Assert.Equal((code, reason, "a2a-protocol.org"), (error.Code(), error.Reason(), error.GetProperty("data")[0].GetProperty("domain").GetString()));
    }

    [Theory]
    [InlineData("""{"message":{"role":"ROLE_AGENT","messageId":"m","parts":[{"text":"a"}]}}""", "params.message.role")]
    [InlineData("""{"message":{"role":"ROLE_USER","messageId":"","parts":[{"text":"a"}]}}""", "params.message.messageId")]
    [InlineData("""{"message":{"role":"ROLE_USER","messageId":"m","parts":[]}}""", "params.message.parts")]
    [InlineData("""{"message":{"role":"ROLE_USER","messageId":"m","parts":[{"mediaType":"text/plain"}]}}""", "params.message.parts[0].text")]
    [InlineData("""{"message":{"role":"ROLE_USER","messageId":"m","parts":[{"text":"a","data":{}}]}}""", "params.message.parts[0].data")]
    [InlineData("""{"message":{"role":"ROLE_USER","messageId":"m","parts":[{"raw":"%%"}]}}""", "params.message.parts[0].raw")]
    [InlineData("""{"message":{"role":"ROLE_USER","messageId":"m","parts":[{"raw":"AAAA","mediaType":"nonsense"}]}}""", "params.message.parts[0].mediaType")]
    [InlineData("""{"message":{"role":"ROLE_USER","messageId":"m","parts":[{"url":"file:///etc/passwd"}]}}""", "params.message.parts[0].url")]
    [InlineData("""{"message":{"role":"ROLE_USER","messageId":"m","parts":[{"text":"a"}]},"configuration":{"historyLength":-1}}""", "params.configuration.historyLength")]
    [InlineData("""{"message":{"role":"ROLE_USER","messageId":"m","parts":[{"text":" "}]}}""", null)]
    [InlineData("""{"message":{"role":"ROLE_USER","messageId":"m","contextId":"a\u0001","parts":[{"text":"a"}]}}""", null)]
    public async Task A_message_that_cannot_be_is_refused_and_the_place_named(string parameters, string? field)
    {
        await using var server = await StartAsync();

        var error = await server.ErrorAsync("SendMessage", JsonDocument.Parse(parameters).RootElement, HttpStatusCode.BadRequest);

        Assert.Equal(-32602, error.Code());
        if (field is not null) Assert.Equal(field, error.GetProperty("data")[1].GetProperty("fieldViolations")[0].GetProperty("field").GetString());
        Assert.Equal(0, server.Agents.Status.Agents);
    }

    [Fact]
    public async Task Members_that_are_not_known_or_not_needed_are_ignored()
    {
        await using var server = await StartAsync();

        var result = await server.ResultAsync("SendMessage", JsonDocument.Parse("""
            {"tenant":"b","later":{"a":[1]},"metadata":{"a":1},"configuration":{"blocking":true,"later":null},
             "message":{"role":"ROLE_USER","messageId":"m","kind":"message","extensions":["https://example.com/x"],"referenceTaskIds":["t"],"metadata":{"a":1},
               "parts":[{"text":"hello","kind":"text","metadata":{"a":1}}]}}
            """).RootElement);

        Assert.Equal("COMPLETED", result.GetProperty("task").State());
    }

    [Fact]
    public async Task A_message_that_wants_to_be_pushed_is_refused()
    {
        await using var server = await StartAsync();

        var error = await server.ErrorAsync("SendMessage", new
        {
            message = new { role = "ROLE_USER", messageId = "m", parts = new[] { new { text = "hello" } } }, configuration = new { taskPushNotificationConfig = new { url = "https://example.com" } },
        });

        Assert.Equal(-32003, error.Code());
    }

    [Fact]
    public async Task Refusals_of_keys_limits_and_agents_are_statuses_with_an_error_of_the_protocol()
    {
        await using var server = await KeyedServer.StartAsync(ScriptedProvider.Always(Script.Text("Hi.")), http => http.PerKey = new(1, 0));
        var hello = A2AServer.Message("hello");

        using var unknown = await server.PostCallAsync("SendMessage", hello);
        using var scope = await server.PostCallAsync("SendMessage", hello, headers: KeyedServer.As("admin"));
        await server.ResultAsync("SendMessage", hello, headers: KeyedServer.As("chat"));
        using var limit = await server.PostCallAsync("SendMessage", hello, headers: KeyedServer.As("chat"));
        using var kind = await server.PostCallAsync("SendMessage", hello, "/a2a/nobody", KeyedServer.As("a-chat"));
        await server.Agents.HaltAsync(HaltScope.Cluster, "a drill");
        using var halted = await server.PostCallAsync("SendStreamingMessage", hello, "/a2a", KeyedServer.As("b-chat"));

        foreach (var (answer, status, reason) in new[]
        {
            (unknown, 401, "UNAUTHORIZED"), (scope, 403, "FORBIDDEN"), (limit, 429, "RATE_LIMITED"), (kind, 404, "UNKNOWN_AGENT"), (halted, 503, "HALTED"),
        })
        {
            var error = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("error");
            Assert.Equal((status, -32000, reason), ((int)answer.StatusCode, error.Code(), error.Reason()));
        }
        Assert.Equal("Bearer", Assert.Single(unknown.Headers.WwwAuthenticate).Scheme);
        Assert.Contains("RetryInfo", await limit.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_card_tells_where_the_agent_is_and_nothing_of_its_inside_and_is_not_sent_twice()
    {
        await using var server = await AgentServer.StartAsync(agents => agents.AddProvider("hidden-provider", new ScriptedProvider()).AddTool("hidden-tool", new ScriptedTool("hidden-tool"))
            .AddAgent("assistant", a => a.WithProvider("hidden-provider").WithInstructions("hidden-instructions").WithTool("hidden-tool").WithDescription("Helps.")));

        using var first = await server.SendAsync(HttpMethod.Get, "/.well-known/agent-card.json");
        using var again = await server.SendAsync(HttpMethod.Get, "/.well-known/agent-card.json", null, ("If-None-Match", first.Headers.ETag!.Tag));
        var card = await first.Content.ReadAsStringAsync();
        var own = await AgentServer.JsonAsync(server.SendAsync(HttpMethod.Get, "/a2a/assistant/.well-known/agent-card.json"));

        Assert.DoesNotContain("hidden", card);
        var at = JsonDocument.Parse(card).RootElement.GetProperty("supportedInterfaces")[0];
        Assert.Equal((new Uri(server.Address, "a2a").ToString(), "JSONRPC", "1.0"), (at.GetProperty("url").GetString(), at.GetProperty("protocolBinding").GetString(), at.GetProperty("protocolVersion").GetString()));
        Assert.Equal(new Uri(server.Address, "a2a/assistant").ToString(), own.GetProperty("supportedInterfaces")[0].GetProperty("url").GetString());
        Assert.False(own.TryGetProperty("securitySchemes", out _));
        Assert.Equal((HttpStatusCode.NotModified, 0), (again.StatusCode, (await again.Content.ReadAsByteArrayAsync()).Length));
    }

    [Fact]
    public async Task A_stranger_who_asks_for_a_card_is_not_told_which_kinds_there_are()
    {
        await using var server = await KeyedServer.StartAsync(ScriptedProvider.Always(Script.Text("Hi.")));

        var error = (await AgentServer.JsonAsync(server.SendAsync(HttpMethod.Get, "/a2a/nobody/.well-known/agent-card.json"), HttpStatusCode.NotFound)).GetProperty("error");

        Assert.Equal("UNKNOWN_AGENT", error.Reason());
        Assert.DoesNotContain("assistant", error.ToString());
        Assert.Contains("nobody", error.GetProperty("message").GetString());
    }
}
