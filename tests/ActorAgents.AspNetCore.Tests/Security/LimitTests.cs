using System.Net;
using ActorAgents.AspNetCore.Tests.Requests;
using ActorAgents.Testing;

namespace ActorAgents.AspNetCore.Tests.Security;

public sealed class LimitTests
{
    private const string Turns = "/agents/assistant/1/turns";

    [Fact]
    public async Task What_a_key_asks_above_its_minute_is_429_with_the_wait_in_the_shape_of_the_protocol()
    {
        await using var server = await KeyedServer.StartAsync(new ScriptedProvider(), http => http.PerKey = new(3, 0));
        for (var i = 0; i < 3; i++) await AgentServer.JsonAsync(server.SendAsync(HttpMethod.Get, "/agents", null, KeyedServer.As("a-chat")));

        foreach (var path in new[] { "/agents", "/v1/models", "/agents/no/such/thing" })
        {
            using var response = await server.SendAsync(HttpMethod.Get, path, null, KeyedServer.As("a-chat"));
            Assert.Equal("rate_limited", (await WireRoutes.RefusedAsync(path, response, HttpStatusCode.TooManyRequests)).GetProperty("code").GetString());
            Assert.InRange(int.Parse(Assert.Single(response.Headers.GetValues("Retry-After"))), 1, 60);
        }
        await AgentServer.JsonAsync(server.SendAsync(HttpMethod.Get, "/agents", null, KeyedServer.As("a-more")));
    }

    [Fact]
    public async Task The_keys_of_a_tenant_share_its_minute_and_callers_without_a_tenant_have_none()
    {
        await using var server = await KeyedServer.StartAsync(new ScriptedProvider(), http => http.PerTenant = new(2, 0));
        foreach (var name in new[] { "a-chat", "a-more" }) await AgentServer.JsonAsync(server.SendAsync(HttpMethod.Get, "/agents", null, KeyedServer.As(name)));

        using var third = await server.SendAsync(HttpMethod.Get, "/agents", null, KeyedServer.As("a-chat"));
        Assert.Equal(HttpStatusCode.TooManyRequests, third.StatusCode);
        foreach (var name in new[] { "b-chat", "b-more", "chat", "chat", "chat" }) await AgentServer.JsonAsync(server.SendAsync(HttpMethod.Get, "/agents", null, KeyedServer.As(name)));
    }

    [Theory]
    [InlineData(true, "a-chat")]
    [InlineData(false, "a-more")]
    public async Task A_stream_holds_its_place_until_it_ends_in_whatever_way(bool perKey, string other)
    {
        var provider = new ScriptedProvider(request => request.Prompt switch
        {
            "stall" => Script.Text("Once ").Stall(),
            "fail" => Script.Fails(400),
            _ => Script.Text("Hi."),
        });
        await using var server = await KeyedServer.StartAsync(provider, http => { if (perKey) http.PerKey = new(0, 1); else http.PerTenant = new(0, 1); });
        var mine = KeyedServer.As("a-chat");

        foreach (var end in new[] { "completed", "gone", "failed", "refused", "malformed", "interrupted" })
        {
            switch (end)
            {
                case "completed":
                    await using (var stream = await server.StreamAsync(Turns, new { input = "hello" }, mine)) await stream.RestAsync();
                    break;
                case "failed":
                    using (var answer = await server.PostAsync("/v1/chat/completions", new { model = "assistant", stream = true, messages = new[] { new { role = "user", content = "fail" } } }, mine))
                        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
                    break;
                case "refused":
                    using (var answer = await server.PostAsync("/agents/nobody/1/turns", new { input = "hello" }, mine)) Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
                    break;
                case "malformed":
                    using (var answer = await server.PostAsync(Turns, "{", mine)) Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
                    break;
                default:
                    await using (var stream = await server.StreamAsync(Turns, new { input = "stall", turnId = end }, mine))
                    {
                        await stream.NextAsync("text");
                        using var full = await server.SendAsync(HttpMethod.Get, "/agents", null, KeyedServer.As(other));
                        Assert.Equal("1", Assert.Single(full.Headers.GetValues("Retry-After")));
                        await WireRoutes.RefusedAsync("/agents", full, HttpStatusCode.TooManyRequests);
                        await AgentServer.JsonAsync(server.SendAsync(HttpMethod.Get, "/agents", null, KeyedServer.As("b-chat")));
                        if (end == "gone") break;
                        await server.Agents.For("a")["assistant", "1"].InterruptAsync(new TurnId(end));
                        await stream.RestAsync();
                    }
                    break;
            }
            await FreedAsync(server, other);
        }
    }

    /// <summary>The place is given back after the response's last byte, which the client sees first.</summary>
    private static async Task FreedAsync(AgentServer server, string name)
    {
        for (var attempt = 0; ; attempt++)
        {
            using var response = await server.SendAsync(HttpMethod.Get, "/agents", null, KeyedServer.As(name));
            if (response.StatusCode == HttpStatusCode.OK) return;
            Assert.True(attempt < 5_000, "The place was not given back.");
        }
    }
}
