using System.Net;
using System.Text.Json;
using ActorAgents.AspNetCore.Tests.Interop;
using ActorAgents.AspNetCore.Tests.Requests;
using ActorAgents.AspNetCore.Tests.Security;
using ActorAgents.AspNetCore.Tests.Streaming;
using ActorAgents.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
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
        var end = Assert.Single((await response.Content.ReadAsStringAsync().WaitAsync(TimeSpan.FromSeconds(30))).Split('\n'), line => line.StartsWith("data: ", StringComparison.Ordinal));
        var error = JsonDocument.Parse(end["data: ".Length..]).RootElement;
        Assert.Equal((1, "session_ended"), (error.GetProperty("id").GetInt32(), error.GetProperty("error").GetProperty("data").GetProperty("code").GetString()));
    }

    [Fact]
    public async Task One_key_has_a_share_of_the_sessions()
    {
        await using var server = await KeyedServer.StartAsync(new ScriptedProvider(), http => (http.PerKey, http.PerTenant) = (new(0, 0), new(0, 0)));
        var session = await RawMcp.BeginAsync(server, headers: KeyedServer.As("a-chat"));
        await Parallel.ForAsync(1, McpSessions.Share, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, _) => await RawMcp.BeginAsync(server, headers: KeyedServer.As("a-chat")));

        (string, string)[] headers = [KeyedServer.As("a-chat"), ("MCP-Protocol-Version", RawMcp.WithSessions)];
        using (var refused = await RawMcp.InitializeAsync(server, headers: headers))
        {
            Assert.Equal("too_many_sessions", (await WireRoutes.RefusedAsync("/mcp", refused, HttpStatusCode.TooManyRequests)).GetProperty("code").GetString());
            Assert.NotNull(refused.Headers.RetryAfter);
        }
        await RawMcp.BeginAsync(server, headers: KeyedServer.As("a-more"));
        using (await session.SendAsync(HttpMethod.Delete)) { }
        await RawMcp.BeginAsync(server, headers: KeyedServer.As("a-chat"));
    }

    [Fact]
    public async Task A_key_that_asks_all_it_may_at_once_can_answer_cancel_and_end()
    {
        var send = new ScriptedTool("send", call => "sent");
        var provider = new ScriptedProvider(Script.Call("send"), Script.Text("Done.").Stall(out var gate));
        await using var server = await KeyedServer.StartAsync(provider, http => http.PerKey = new(0, Concurrent: 1));
        await server.Agents["assistant", "ann"].AddToolAsync(new ApprovalRequiredAIFunction(send));
        var session = await RawMcp.BeginAsync(server, capabilities: new { elicitation = new { form = new { } } }, headers: KeyedServer.As("chat"));
        using var lines = await RawLines.ReadAsync(session.CallAsync(new { prompt = "hello", key = "ann" }));
        var asked = (await RawMcp.NextAsync(lines, "elicitation/create")).GetProperty("id");

        await RawMcp.AnswerAsync(session.CallAsync(new { prompt = "hello" }), HttpStatusCode.TooManyRequests);
        using (var answer = await session.SendAsync(HttpMethod.Post, new { jsonrpc = "2.0", id = asked, result = new { action = "accept", content = new { approve = true } } })) Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        await gate.ReachedAsync();
        Assert.Single(send.Calls);
        using (var cancel = await session.PostAsync("notifications/cancelled", new { requestId = 1 })) Assert.Equal(HttpStatusCode.Accepted, cancel.StatusCode);
        await provider.ReleasedAsync();
        using (var end = await session.SendAsync(HttpMethod.Delete)) Assert.Equal(HttpStatusCode.OK, end.StatusCode);
    }

    [Fact]
    public async Task A_question_is_taken_back_when_its_call_is_decided()
    {
        var provider = new ScriptedProvider(Script.Call("send"), Script.Text("Done.").Stall(out var gate));
        await using var server = await AgentServer.StartAsync(agents => agents.AddProvider("default", provider).AddTool("send", new ApprovalRequiredAIFunction(new ScriptedTool("send", call => "sent")))
            .AddAgent("assistant", a => a.WithTool("send").WithLimits(l => l with { ApprovalTimeout = TimeSpan.FromMilliseconds(50) })));
        var session = await RawMcp.BeginAsync(server, capabilities: new { elicitation = new { form = new { } } });
        using var lines = await RawLines.ReadAsync(session.CallAsync(new { prompt = "hello", key = "ann" }));
        var asked = (await RawMcp.NextAsync(lines, "elicitation/create")).GetProperty("id");

        var takenBack = await RawMcp.NextAsync(lines, "notifications/cancelled").WaitAsync(TimeSpan.FromSeconds(20)); // Before the provider is given up, which ends the turn and its questions.

        Assert.Equal(asked.ToString(), takenBack.GetProperty("params").GetProperty("requestId").ToString());
        gate.Open();
    }

    [Fact]
    public async Task What_forgets_sessions_begins_again_after_it_broke_and_the_application_goes_on()
    {
        var time = new BreakingTime();
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(), services: services => services.AddSingleton<TimeProvider>(time));
        var session = await RawMcp.BeginAsync(server);
        time.IsToBreak = true;
        time.Advance(TimeSpan.FromSeconds(5));
        using (var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30)))
            while (time.IsToBreak) await Task.Delay(1, patience.Token);

        await ForgottenAsync(session, time); // All sessions are lost then.
        await ForgottenAsync(await RawMcp.BeginAsync(server), time);

        Assert.False(server.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested);
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
        await ForgottenAsync(idle, time);

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

    private static async Task ForgottenAsync(RawMcp session, FakeTimeProvider time)
    {
        for (var patience = 0; patience < 3_000; patience++)
        {
            using var ping = await session.PostAsync("ping", id: 100); // It keeps the session while it is there, so that the clock has to go on.
            if (ping.StatusCode == HttpStatusCode.NotFound) return;
            time.Advance(McpEngine.ForgottenAfter + TimeSpan.FromMinutes(1));
        }
        Assert.Fail("The session is still there.");
    }

    private sealed class BreakingTime : FakeTimeProvider
    {
        public volatile bool IsToBreak;

        public override long GetTimestamp()
        {
            if (!IsToBreak) return base.GetTimestamp();
            IsToBreak = false;
            throw new InvalidOperationException("The clock broke.");
        }
    }
}
