using System.Net;

namespace ActorAgents.AspNetCore.Tests.Requests;

public sealed class MalformedPathTests(OpenServer open) : IClassFixture<OpenServer>
{
    private static readonly string Long = new('a', 3_000);
    private readonly AgentServer _server = open.Server;

    public static TheoryData<string, string, HttpStatusCode> Paths => new()
    {
        { "GET", "/agents/nobody", HttpStatusCode.NotFound },
        { "GET", "/agents/Bad_Kind/k/messages", HttpStatusCode.BadRequest },
        { "GET", "/agents/nobody/k/messages", HttpStatusCode.NotFound },
        { "DELETE", "/agents/nobody/k/messages", HttpStatusCode.NotFound },
        { "DELETE", "/agents/assistant/never-used", HttpStatusCode.NotFound },
        { "GET", $"/agents/assistant/{Long}/messages", HttpStatusCode.BadRequest },
        { "GET", "/agents/assistant/a%01b/messages", HttpStatusCode.BadRequest },
        { "GET", "/agents/assistant/a%0D%0Ab/messages", HttpStatusCode.BadRequest },
        { "GET", "/agents/assistant/a%7Fb/messages", HttpStatusCode.BadRequest },
        { "GET", "/agents/assistant/k/turns/never/events", HttpStatusCode.NotFound },
        { "GET", "/agents/assistant/k/turns/a.b/events", HttpStatusCode.BadRequest },
        { "GET", $"/agents/assistant/k/turns/{Long}/events", HttpStatusCode.BadRequest },
        { "GET", "/agents/assistant/k/turns/t%2F1/events", HttpStatusCode.BadRequest },
        { "DELETE", "/agents/assistant/k/turns/never", HttpStatusCode.NotFound },
        { "DELETE", "/agents/assistant/k/turns/n%C3%A9ver", HttpStatusCode.BadRequest },
        { "DELETE", "/agents/assistant/k/turns/never?mode=soon", HttpStatusCode.BadRequest },
        { "DELETE", "/agents/assistant/k/turns/never?mode=after-step", HttpStatusCode.NotFound },
        { "GET", "/agents/assistant/k/turns/t1/events?after=-1:2", HttpStatusCode.BadRequest },
        { "GET", "/agents/assistant/k/turns/t1/events?after=1:-2", HttpStatusCode.BadRequest },
        { "GET", "/agents/assistant/k/turns/t1/events?after=1:99999999999999999999", HttpStatusCode.BadRequest },
        { "GET", "/agents/assistant/k/turns/t1/events?after=99999999999:1", HttpStatusCode.BadRequest },
        { "GET", "/agents/assistant/k/turns/t1/events?after=7", HttpStatusCode.BadRequest },
        { "GET", "/agents/assistant/k/turns/t1/events?after=t1:1:2:3", HttpStatusCode.BadRequest },
        { "GET", "/agents/assistant/k/turns/t1/events?after=t2:1:2", HttpStatusCode.BadRequest },
        { "GET", "/agents/assistant/k/turns/t1/events?after=%00", HttpStatusCode.BadRequest },
        { "GET", "/agents/assistant/k/turns/t1/events?after=1:1&after=1:2", HttpStatusCode.BadRequest },
        { "DELETE", "/halts/one", HttpStatusCode.BadRequest },
        { "DELETE", "/halts/-1", HttpStatusCode.BadRequest },
        { "DELETE", "/halts/99999999999999999999", HttpStatusCode.BadRequest },
        { "DELETE", "/halts/123456", HttpStatusCode.NotFound },
        { "GET", "/halts/history?max=0", HttpStatusCode.BadRequest },
        { "GET", "/halts/history?max=1001", HttpStatusCode.BadRequest },
        { "GET", "/halts/history?max=1&max=2", HttpStatusCode.BadRequest },
        { "GET", "/halts/history?before=x", HttpStatusCode.BadRequest },
        { "GET", "/halts/history?before=-1", HttpStatusCode.BadRequest },
        { "GET", "/v1/models/nobody", HttpStatusCode.NotFound },
        { "GET", "/v1/models/%00", HttpStatusCode.BadRequest },
        { "GET", $"/v1/models/{Long}", HttpStatusCode.NotFound },
        { "GET", "/v1/responses", HttpStatusCode.NotFound },
        { "GET", "/v1/responses/1", HttpStatusCode.NotFound },
        { "GET", "/v1/responses/resp_%2F", HttpStatusCode.NotFound },
        { "GET", $"/v1/responses/resp_{Long}", HttpStatusCode.NotFound },
        { "GET", "/v1/responses/resp_1?stream=true&starting_after=x", HttpStatusCode.NotFound },
        { "GET", "/v1/responses/resp_1/input_items", HttpStatusCode.NotFound },
        { "DELETE", "/v1/responses/resp_1", HttpStatusCode.NotFound },
        { "POST", "/v1/responses/resp_1/cancel", HttpStatusCode.NotFound },
        { "GET", "/chat", HttpStatusCode.BadRequest },
        { "GET", "/chat?prompt=", HttpStatusCode.BadRequest },
        { "GET", "/chat?prompt=%20%09", HttpStatusCode.BadRequest },
        { "GET", "/chat?prompt=hello&agent=nobody", HttpStatusCode.NotFound },
        { "GET", "/chat?prompt=hello&agent=Bad_Kind", HttpStatusCode.NotFound },
        { "GET", $"/chat?prompt=hello&agent={Long}", HttpStatusCode.NotFound },
        { "GET", "/chat?&&==&%zz=%&prompt", HttpStatusCode.BadRequest },
        { "GET", "/api/chat", HttpStatusCode.NotFound },
        { "GET", "/api/chat/k", HttpStatusCode.NotFound },
        { "GET", "/api/chat/k/stream?agent=nobody", HttpStatusCode.NotFound },
        { "GET", "/api/chat/a%01b/stream", HttpStatusCode.BadRequest },
        { "GET", $"/api/chat/{Long}/stream", HttpStatusCode.BadRequest },
        { "POST", "/api/chat/a%7Fb/stop", HttpStatusCode.BadRequest },
        { "GET", "/agents/assistant/k", HttpStatusCode.NotFound },
        { "GET", "/agents/assistant/k/turns", HttpStatusCode.NotFound },
        { "GET", "/agents/assistant/k/l/messages", HttpStatusCode.NotFound },
        { "GET", "/agents//k/messages", HttpStatusCode.NotFound },
        { "GET", "/v1/embeddings", HttpStatusCode.NotFound },
        { "GET", "/ag-ui", HttpStatusCode.NotFound },
        { "GET", "/ag-ui/assistant", HttpStatusCode.NotFound },
        { "GET", "/v1", HttpStatusCode.NotFound },
        { "GET", "/chat/more", HttpStatusCode.NotFound },
        { "GET", "/halts/1", HttpStatusCode.NotFound },
        { "GET", "/a2a", HttpStatusCode.NotFound },
        { "GET", "/a2a/assistant", HttpStatusCode.NotFound },
        { "GET", "/a2a/nobody/.well-known/agent-card.json", HttpStatusCode.NotFound },
        { "GET", "/a2a/Bad_Kind/.well-known/agent-card.json", HttpStatusCode.NotFound },
        { "GET", $"/a2a/{Long}/.well-known/agent-card.json", HttpStatusCode.NotFound },
        { "GET", "/a2a/assistant/tasks/1", HttpStatusCode.NotFound },
        { "DELETE", "/.well-known/agent-card.json", HttpStatusCode.NotFound },
        { "GET", "/mcp", HttpStatusCode.MethodNotAllowed },
        { "GET", "/mcp/more", HttpStatusCode.NotFound },
        { "DELETE", "/mcp/more", HttpStatusCode.NotFound },
    };

    [Theory, MemberData(nameof(Paths))]
    public async Task A_path_that_names_nothing_is_refused_in_the_shape_of_its_protocol(string method, string path, HttpStatusCode status)
    {
        var (line, body) = await RawHttp.SendAsync(_server.Address, $"{method} {path} HTTP/1.1\r\nHost: {_server.Address.Authority}\r\nConnection: close\r\n\r\n");

        Assert.StartsWith($"HTTP/1.1 {(int)status} ", line);
        if (path.Contains("%00") && !path.Contains('?')) return; // The server's own refusal, before any route is looked for.
        Assert.Contains(path.StartsWith("/v1", StringComparison.Ordinal) ? "{\"error\":{\"message\":"
            : path.StartsWith("/a2a", StringComparison.Ordinal) || path.StartsWith("/.well-known", StringComparison.Ordinal) || path.StartsWith("/mcp", StringComparison.Ordinal) ? "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{" : $"\"status\":{(int)status}", body);
        await open.AnswersAsync();
    }

    [Fact]
    public async Task Methods_that_a_route_does_not_have_are_refused_in_its_shape()
    {
        var routes = WireRoutes.Of(_server);
        foreach (var (_, _, path) in routes)
        {
            foreach (var method in new[] { "GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW" }.Where(method => !routes.Any(route => route.Path == path && route.Method == method)))
            {
                using var response = await _server.SendAsync(new(method), path);
                // To whoever releases a halt, "history" is the place of an id.
                await WireRoutes.RefusedAsync(path, response, (method, path) is ("DELETE", "/halts/history") ? HttpStatusCode.BadRequest : HttpStatusCode.NotFound);
            }
        }
    }

    [Theory]
    [InlineData("t2:1:1", HttpStatusCode.BadRequest)]
    [InlineData("nonsense", HttpStatusCode.BadRequest)]
    [InlineData("t1:0:-1", HttpStatusCode.BadRequest)]
    [InlineData("t1:1:9223372036854775807", HttpStatusCode.NoContent)]
    [InlineData("t1:2147483647:1", HttpStatusCode.OK)]
    [InlineData("t1:1:0", HttpStatusCode.OK)]
    public async Task A_place_in_another_turn_is_refused_and_one_past_the_end_has_nothing_left(string place, HttpStatusCode status)
    {
        await using var server = await AgentServer.StartAsync(Testing.ScriptedProvider.Always(Testing.Script.Text("Hi.")));
        await AgentServer.JsonAsync(server.PostAsync("/agents/assistant/k/turns", new { input = "hello", turnId = "t1", mode = "detached" }), HttpStatusCode.Accepted);
        await using (var all = await server.FollowAsync("/agents/assistant/k/turns/t1/events")) await all.NextAsync("completed");

        using var response = await server.SendAsync(HttpMethod.Get, "/agents/assistant/k/turns/t1/events", null, ("Last-Event-ID", place));

        Assert.Equal(status, response.StatusCode);
    }

    [Theory]
    [InlineData("a%2Fb", "a/b")]
    [InlineData("a%2fb", "a/b")]
    [InlineData("a%252Fb", "a%2Fb")]
    [InlineData("a%252fb%2Fc", "a%2fb/c")]
    [InlineData("%2E%2E%2Fetc", "../etc")]
    [InlineData("a%20b%3Fc%23d", "a b?c#d")]
    [InlineData("z%C3%B3%C5%82%F0%9F%98%80", "zół😀")]
    [InlineData("a+b", "a+b")]
    public async Task A_key_is_any_text_escaped_and_the_events_path_names_the_same_agent(string sent, string key)
    {
        foreach (var prefix in new[] { "/agents/assistant/", "/agents/./assistant/", "/agents/x/../assistant/" })
        {
            foreach (var origin in new[] { "", _server.Address.GetLeftPart(UriPartial.Authority) })
            {
                if (origin.Length > 0 && sent.Contains("%2F", StringComparison.OrdinalIgnoreCase)) continue; // The server makes a slash of it there.
                var turn = TurnId.New();
                var body = $$"""{"input":"hello","mode":"detached","turnId":"{{turn}}"}""";
                var (line, answer) = await RawHttp.SendAsync(_server.Address,
                    $"POST {origin}{prefix}{sent}/turns HTTP/1.1\r\nHost: {_server.Address.Authority}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
                Assert.True(line.StartsWith("HTTP/1.1 202 ", StringComparison.Ordinal), $"{origin}{prefix}{sent}: {line} {answer}");
                var events = System.Text.Json.JsonDocument.Parse(answer).RootElement.GetProperty("events").GetString()!;

                var (followed, _) = await RawHttp.SendAsync(_server.Address, $"GET {events} HTTP/1.1\r\nHost: {_server.Address.Authority}\r\nConnection: close\r\n\r\n");

                Assert.StartsWith("HTTP/1.1 200 ", followed);
                Assert.Contains(await _server.Agents["assistant", key].GetMessagesAsync(), message => (string)message.AdditionalProperties!["actoragents.turn"]! == turn.Value);
            }
        }
    }
}
