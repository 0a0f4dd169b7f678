using System.Net;
using ActorAgents.AspNetCore.Tests.Requests;
using ActorAgents.Testing;

namespace ActorAgents.AspNetCore.Tests.Security;

public sealed class TenantTests
{
    private const string Agent = "/agents/assistant/1";

    [Fact]
    public async Task An_agent_of_another_tenant_is_neither_seen_nor_touched_though_kind_and_key_are_the_same()
    {
        var provider = ScriptedProvider.Always(Script.Text("Once ").Stall(out var gate));
        await using var server = await KeyedServer.StartAsync(provider);
        var body = new { input = "hello", turnId = "t1", mode = "detached" };
        await using var stream = await server.StreamAsync($"{Agent}/turns", body, KeyedServer.As("a-chat"));
        await stream.NextAsync("text");
        await gate.ReachedAsync();

        foreach (var other in new[] { KeyedServer.As("b-chat"), KeyedServer.As("chat") })
        {
            foreach (var (method, path, sent) in new (HttpMethod, string, object?)[]
            {
                (HttpMethod.Get, $"{Agent}/turns/t1/events", null), (HttpMethod.Delete, $"{Agent}/turns/t1", null), (HttpMethod.Delete, Agent, null),
                (HttpMethod.Post, $"{Agent}/turns/t1/approvals", new { requestId = "r", approved = true }),
            })
            {
                using var response = await server.SendAsync(method, path, sent, other);
                await WireRoutes.RefusedAsync(path, response, HttpStatusCode.NotFound);
            }
            Assert.Equal(0, (await AgentServer.JsonAsync(server.SendAsync(HttpMethod.Get, $"{Agent}/messages", null, other))).GetProperty("messages").GetArrayLength());
            await AgentServer.JsonAsync(server.SendAsync(HttpMethod.Delete, $"{Agent}/messages", null, other), HttpStatusCode.NoContent);
        }
        await using var theirs = await server.StreamAsync($"{Agent}/turns", body, KeyedServer.As("b-chat"));
        await theirs.NextAsync("text");

        var same = await AgentServer.JsonAsync(server.SendAsync(HttpMethod.Delete, $"{Agent}/turns/t1", null, KeyedServer.As("a-more")));
        Assert.Equal("Once ", same.GetProperty("partial").GetString());
        await stream.NextAsync("interrupted");
        Assert.Equal(1, server.Agents.Status.LiveTurns);
        foreach (var tenant in new[] { "a", "b" }) Assert.NotEmpty(await server.Agents.For(tenant)["assistant", "1"].GetMessagesAsync());
        Assert.Empty(await server.Agents["assistant", "1"].GetMessagesAsync());
    }

    [Theory]
    [InlineData("cluster")]
    [InlineData("kind:assistant")]
    [InlineData("tenant:b")]
    [InlineData("tenant:b/kind:assistant")]
    [InlineData("tenant:default")]
    [InlineData("agent:b/assistant/1")]
    public async Task A_halt_beyond_the_keys_tenant_is_403(string scope)
    {
        await using var server = await KeyedServer.StartAsync();

        using var response = await server.PostAsync("/halts", new { scope, reason = "a drill" }, KeyedServer.As("a-admin"));

        await WireRoutes.RefusedAsync("/halts", response, HttpStatusCode.Forbidden);
        Assert.Empty(server.Agents.Halts);
    }

    [Fact]
    public async Task A_halt_is_seen_and_released_within_its_tenant_and_by_who_is_confined_to_none()
    {
        await using var server = await KeyedServer.StartAsync(Script.Text("Hi."));
        var halt = (await AgentServer.JsonAsync(server.PostAsync("/halts", new { scope = "tenant:a", reason = "a drill" }, KeyedServer.As("a-admin")), HttpStatusCode.Created)).GetProperty("id").GetInt64();

        using var halted = await server.PostAsync($"{Agent}/turns", new { input = "hello" }, KeyedServer.As("a-chat"));
        await WireRoutes.RefusedAsync(Agent, halted, HttpStatusCode.ServiceUnavailable);
        await AgentServer.JsonAsync(server.PostAsync($"{Agent}/turns", new { input = "hello" }, KeyedServer.As("b-chat")));

        foreach (var (name, count) in new[] { ("a-admin", 1), ("b-admin", 0), ("admin", 1) })
        {
            var standing = await AgentServer.JsonAsync(server.SendAsync(HttpMethod.Get, "/halts", null, KeyedServer.As(name)));
            Assert.Equal((name, count), (name, standing.GetProperty("halts").GetArrayLength()));
        }
        await AgentServer.JsonAsync(server.SendAsync(HttpMethod.Delete, $"/halts/{halt}", null, KeyedServer.As("b-admin")), HttpStatusCode.NotFound);
        await AgentServer.JsonAsync(server.SendAsync(HttpMethod.Delete, $"/halts/{halt}", null, KeyedServer.As("admin")), HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task The_history_says_who_halted_and_who_released_to_the_tenant_and_to_who_is_confined_to_none()
    {
        await using var server = await KeyedServer.StartAsync(Script.Text("Hi."));
        var halt = await AgentServer.JsonAsync(server.PostAsync("/halts", new { scope = "tenant:a", reason = "a drill" }, KeyedServer.As("a-admin")), HttpStatusCode.Created);
        Assert.Equal("a-admin", halt.GetProperty("by").GetString());
        var node = Assert.Single(halt.GetProperty("nodes").EnumerateArray());
        Assert.Equal((true, 0), (node.GetProperty("acknowledged").GetBoolean(), node.GetProperty("stopped").GetInt32()));
        await AgentServer.JsonAsync(server.SendAsync(HttpMethod.Delete, $"/halts/{halt.GetProperty("id")}", null, KeyedServer.As("admin")), HttpStatusCode.NoContent);

        foreach (var name in new[] { "a-admin", "admin" })
        {
            Assert.Equal([(2, "released", "admin"), (1, "stood", "a-admin")], await HistoryAsync("/halts/history", name));
            Assert.Equal([(2, "released", "admin")], await HistoryAsync("/halts/history?max=1", name));
            Assert.Equal([(1, "stood", "a-admin")], await HistoryAsync("/halts/history?max=1&before=2", name));
        }
        Assert.Empty(await HistoryAsync("/halts/history", "b-admin"));

        async Task<(int, string?, string?)[]> HistoryAsync(string path, string name) =>
            [.. (await AgentServer.JsonAsync(server.SendAsync(HttpMethod.Get, path, null, KeyedServer.As(name)))).GetProperty("history").EnumerateArray()
                .Select(entry => (entry.GetProperty("epoch").GetInt32(), entry.GetProperty("action").GetString(), entry.GetProperty("by").GetString()))];
    }
}
