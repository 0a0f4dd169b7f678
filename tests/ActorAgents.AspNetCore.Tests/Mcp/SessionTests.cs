using System.Net;
using System.Text.Json;
using ActorAgents.AspNetCore.Tests.Interop;
using ActorAgents.AspNetCore.Tests.Requests;
using ActorAgents.AspNetCore.Tests.Security;
using ActorAgents.AspNetCore.Tests.Streaming;
using ActorAgents.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ActorAgents.AspNetCore.Tests.Mcp;

/// <summary>What sessions are for, whose they are, and how they end.</summary>
public sealed class SessionTests
{
    [Theory]
    [InlineData("b-chat")]
    [InlineData("a-more")]
    [InlineData("chat")]
    public async Task A_session_is_its_makers(string other)
    {
        await using var server = await KeyedServer.StartAsync(ScriptedProvider.Always(Script.Text("Hi.")));
        var session = await RawMcp.BeginAsync(server, headers: KeyedServer.As("a-chat"));
        var thief = session.As(KeyedServer.As(other));

        using (var call = await thief.CallAsync(new { prompt = "hello" })) Assert.Equal(HttpStatusCode.Forbidden, call.StatusCode);
        using (var cancel = await thief.PostAsync("notifications/cancelled", new { requestId = 1 })) Assert.Equal(HttpStatusCode.Forbidden, cancel.StatusCode);
        using (var end = await thief.SendAsync(HttpMethod.Delete)) Assert.Equal(HttpStatusCode.Forbidden, end.StatusCode);

        Assert.Equal("Hi.", RawMcp.Text(await RawMcp.ResultAsync(session.CallAsync(new { prompt = "hello" }))));
    }

    [Fact]
    public async Task A_session_that_was_ended_or_never_begun_is_not_there()
    {
        await using var server = await AgentServer.StartAsync(ScriptedProvider.Always(Script.Text("Hi.")));
        var session = await RawMcp.BeginAsync(server);

        using (var end = await session.SendAsync(HttpMethod.Delete)) Assert.Equal(HttpStatusCode.OK, end.StatusCode);

        await RawMcp.AnswerAsync(session.CallAsync(new { prompt = "hello" }), HttpStatusCode.NotFound);
        await RawMcp.AnswerAsync(session.As(("Mcp-Session-Id", "nonsense")).CallAsync(new { prompt = "hello" }), HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_end_of_a_session_interrupts_its_calls()
    {
        var provider = ScriptedProvider.Always(Script.Text("Once upon a time").Stall(out var gate));
        await using var server = await AgentServer.StartAsync(provider, Probe.Serve);
        var session = await RawMcp.BeginAsync(server);
        var call = session.CallAsync(new { prompt = "hello" });
        await gate.ReachedAsync();

        using (await session.SendAsync(HttpMethod.Delete)) { }

        await Probe.OneAborted.ComesAsync(server, provider);
        using var response = await call;
        Assert.Equal("", await response.Content.ReadAsStringAsync().WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task An_idle_session_is_forgotten_and_one_in_use_is_not()
    {
        var time = new FakeTimeProvider();
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(Script.Text("Hi.").Stall(out var gate)), services: services => services.AddSingleton<TimeProvider>(time));
        var (idle, busy) = (await RawMcp.BeginAsync(server), await RawMcp.BeginAsync(server));
        using var call = await busy.CallAsync(new { prompt = "hello" });
        await gate.ReachedAsync();

        for (var passed = TimeSpan.Zero; passed < McpEngine.ForgottenAfter + TimeSpan.FromMinutes(1); passed += TimeSpan.FromSeconds(15)) time.Advance(TimeSpan.FromSeconds(15));
        for (var patience = 0; patience < 3_000; patience++)
        {
            using var ping = await idle.PostAsync("ping", id: 100); // It keeps the session while it is there, so that the clock has to go on.
            if (ping.StatusCode == HttpStatusCode.NotFound) break;
            time.Advance(McpEngine.ForgottenAfter + TimeSpan.FromMinutes(1));
        }

        await RawMcp.AnswerAsync(idle.PostAsync("ping", id: 101), HttpStatusCode.NotFound);
        await RawMcp.AnswerAsync(busy.PostAsync("ping", id: 101));
        gate.Open();
        Assert.Contains("Hi.", await call.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_cancelled_call_ends_without_an_answer_and_the_session_goes_on()
    {
        var provider = new ScriptedProvider(Script.Text("Once upon a time").Stall(out var gate), Script.Text("Hi."));
        await using var server = await AgentServer.StartAsync(provider, Probe.Serve);
        var session = await RawMcp.BeginAsync(server);
        using var call = await session.CallAsync(new { prompt = "hello" });
        await gate.ReachedAsync();

        using (var cancel = await session.PostAsync("notifications/cancelled", new { requestId = 1, reason = "enough" })) Assert.Equal(HttpStatusCode.Accepted, cancel.StatusCode);

        Assert.Equal("", await call.Content.ReadAsStringAsync().WaitAsync(TimeSpan.FromSeconds(30)));
        await Probe.OneAborted.ComesAsync(server, provider);
        Assert.Equal("Hi.", RawMcp.Text(await RawMcp.ResultAsync(session.CallAsync(new { prompt = "hello" }))));
    }

    [Theory]
    [InlineData(RawMcp.WithSessions)]
    [InlineData(RawMcp.WithoutSessions)]
    public async Task A_request_that_is_left_interrupts_its_call(string revision)
    {
        var provider = ScriptedProvider.Always(Script.Text("Once upon a time").Stall(out var gate));
        await using var server = await AgentServer.StartAsync(provider, Probe.Serve);
        var client = await RawMcp.BeginAsync(server, revision);
        var call = await client.CallAsync(new { prompt = "hello", key = "ann" });
        await gate.ReachedAsync();

        call.Dispose();

        await Probe.OneAborted.ComesAsync(server, provider);
        Assert.Equal(["hello", "Once upon a time"], (await server.Agents["assistant", "ann"].GetMessagesAsync()).Select(message => message.Text));
    }

    [Fact]
    public async Task There_is_no_stream_to_get_and_the_answer_says_what_there_is()
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider());
        using var response = await (await RawMcp.BeginAsync(server)).SendAsync(HttpMethod.Get);

        Assert.Equal("method_not_allowed", (await WireRoutes.RefusedAsync("/mcp", response, HttpStatusCode.MethodNotAllowed)).GetProperty("code").GetString());
        Assert.Equal(["POST", "DELETE"], response.Content.Headers.Allow);
    }

    [Fact]
    public async Task Limits_of_a_key_hold_for_messages_and_are_told_in_the_protocols_shape()
    {
        await using var server = await KeyedServer.StartAsync(ScriptedProvider.Always(Script.Text("Hi.")), http => http.PerKey = new(RequestsPerMinute: 2, Concurrent: 0));
        var session = await RawMcp.BeginAsync(server, headers: KeyedServer.As("chat"));
        await RawMcp.ResultAsync(session.CallAsync(new { prompt = "hello" }));

        using var response = await session.CallAsync(new { prompt = "hello" });

        Assert.Equal("rate_limited", (await WireRoutes.RefusedAsync("/mcp", response, HttpStatusCode.TooManyRequests)).GetProperty("code").GetString());
        Assert.NotNull(response.Headers.RetryAfter);
    }

    [Fact]
    public async Task Silence_is_filled_with_comments()
    {
        var time = new FakeTimeProvider();
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(Script.Text("Hi.").Stall(out var gate)), services: services => services.AddSingleton<TimeProvider>(time));
        using var lines = await RawLines.ReadAsync((await RawMcp.BeginAsync(server)).CallAsync(new { prompt = "hello" }));
        await gate.ReachedAsync();

        for (var i = 0; i < 3; i++)
        {
            var line = lines.NextAsync();
            while (!line.IsCompleted)
            {
                time.Advance(TimeSpan.FromSeconds(15));
                await Task.WhenAny(line, Task.Delay(1));
            }
            Assert.Equal((": keep-alive", ""), (await line, await lines.NextAsync()));
        }

        gate.Open();
        string? next;
        while ((next = await lines.NextAsync()) is ": keep-alive" or "") { }
        Assert.Equal("event: message", next);
    }

    [Fact]
    public async Task An_application_may_have_an_MCP_server_of_its_own_beside_it()
    {
        await using var server = await AgentServer.StartAsync(agents => agents.AddProvider("default", new ScriptedProvider()).AddAgent("assistant"),
            services: services => services.AddMcpServer().WithHttpTransport().WithTools([ModelContextProtocol.Server.McpServerTool.Create(() => "18", new() { Name = "weather" })]),
            map: app => Microsoft.AspNetCore.Builder.McpEndpointRouteBuilderExtensions.MapMcp(app, "/own"));

        await using var own = await ModelContextProtocol.Client.McpClient.CreateAsync(new ModelContextProtocol.Client.HttpClientTransport(new() { Endpoint = new(server.Address, "own") }));
        var agents = await RawMcp.ResultAsync((await RawMcp.BeginAsync(server)).PostAsync("tools/list", id: 1));

        Assert.Equal("weather", Assert.Single(await own.ListToolsAsync()).Name);
        Assert.Equal("assistant", Assert.Single(agents.GetProperty("tools").EnumerateArray()).GetProperty("name").GetString());
    }
}
