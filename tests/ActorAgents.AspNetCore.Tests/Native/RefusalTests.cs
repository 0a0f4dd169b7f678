using System.Net;
using ActorAgents.AspNetCore.Tests.Requests;
using ActorAgents.Testing;

namespace ActorAgents.AspNetCore.Tests.Native;

/// <summary>What HTTP says of turns that are not answered, by the native routes and by OpenAI's.</summary>
public sealed class RefusalTests
{
    private const string Turns = "/agents/assistant/1/turns";
    private static readonly object Hello = new { input = "hello" };

    private static readonly object[] Paths = ["/agents/assistant/1/turns", "/v1/chat/completions"];

    private static object Body(string path, bool stream = false) => path == Turns
        ? Hello : new { model = "assistant", stream, messages = new[] { new { role = "user", content = "hello" } } };

    public static TheoryData<string, TurnErrorKind, HttpStatusCode, string> Failures
    {
        get
        {
            var failures = new TheoryData<string, TurnErrorKind, HttpStatusCode, string>();
            foreach (string path in Paths)
            {
                failures.Add(path, TurnErrorKind.Authentication, HttpStatusCode.BadGateway, "provider_authentication");
                failures.Add(path, TurnErrorKind.RateLimited, HttpStatusCode.TooManyRequests, "rate_limited");
                failures.Add(path, TurnErrorKind.NotFound, HttpStatusCode.BadGateway, "provider_not_found");
                failures.Add(path, TurnErrorKind.InvalidRequest, HttpStatusCode.BadRequest, "invalid_request");
                failures.Add(path, TurnErrorKind.ContentFiltered, HttpStatusCode.BadRequest, "content_filter");
                failures.Add(path, TurnErrorKind.ContextTooLong, HttpStatusCode.BadRequest, "context_length_exceeded");
                failures.Add(path, TurnErrorKind.Transient, HttpStatusCode.BadGateway, "provider_unavailable");
                failures.Add(path, TurnErrorKind.Truncated, HttpStatusCode.BadGateway, "provider_truncated");
                failures.Add(path, TurnErrorKind.Timeout, HttpStatusCode.GatewayTimeout, "provider_timeout");
                failures.Add(path, TurnErrorKind.Unknown, HttpStatusCode.BadGateway, "provider_error");
            }
            return failures;
        }
    }

    [Theory, MemberData(nameof(Failures))]
    public async Task A_failure_of_the_provider_before_its_first_token_is_a_status(string path, TurnErrorKind kind, HttpStatusCode status, string code)
    {
        await using var server = await AgentServer.StartAsync(agents => agents
            .AddProvider("default", ScriptedProvider.Always(Script.Throw(new IOException("The key sk-part was refused."))), p => p.Classify(e => new TurnError(kind, e.Message)))
            .AddAgent("assistant", a => a.WithLimits(l => l with { Retries = 0 })));

        foreach (var stream in path == Turns ? new[] { false } : [false, true])
        {
            using var response = await server.PostAsync(path, Body(path, stream));
            var error = await WireRoutes.RefusedAsync(path, response, status);

            Assert.Equal(code, error.GetProperty("code").GetString());
            Assert.Equal(kind == TurnErrorKind.RateLimited, response.Headers.RetryAfter is not null);
            Assert.Equal(kind is not (TurnErrorKind.Authentication or TurnErrorKind.Unknown), error.ToString().Contains("sk-part"));
        }
    }

    [Fact]
    public async Task Every_kind_of_failure_has_a_status_and_a_code()
    {
        foreach (var kind in Enum.GetValues<TurnErrorKind>())
        {
            var error = HttpErrors.Of(new TurnError(kind, "m"));
            Assert.InRange(error.Status, 400, 504);
            if (kind != TurnErrorKind.Unknown) Assert.NotEqual("provider_error", error.Code);
        }
        await Task.CompletedTask;
    }

    [Fact]
    public async Task A_full_queue_is_429_with_the_wait_and_so_is_a_busy_agent_that_may_not_be_queued_at()
    {
        var provider = ScriptedProvider.Always(Script.Text("Once ").Stall());
        await using var server = await AgentServer.StartAsync(provider, agent: a => a.WithLimits(l => l with { MaxQueuedInputs = 1 }));
        await using var running = await server.StreamAsync(Turns, Hello);
        await running.NextAsync("text");
        await AgentServer.JsonAsync(server.PostAsync(Turns, new { input = "hello", mode = "detached" }), HttpStatusCode.Accepted);

        foreach (var body in new object[]
        {
            Hello, new { input = "hello", mode = "detached" }, new { input = "hello", onBusy = "reject" }, new { input = "hello", onBusy = "reject", mode = "detached" },
        })
        {
            foreach (var accept in new[] { "application/json", "text/event-stream" })
            {
                using var response = await server.PostAsync(Turns, body, ("Accept", accept));
                var error = await WireRoutes.RefusedAsync(Turns, response, HttpStatusCode.TooManyRequests);
                Assert.Equal("busy", error.GetProperty("code").GetString());
                Assert.Equal("1", Assert.Single(response.Headers.GetValues("Retry-After")));
            }
        }
        using var completion = await server.PostAsync("/v1/chat/completions", Body("/v1", stream: true), ("X-Agent-Key", "1"));
        Assert.Equal("rate_limit_error", (await WireRoutes.RefusedAsync("/v1", completion, HttpStatusCode.TooManyRequests)).GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_halted_agent_is_503_with_the_reason_and_a_halt_that_strikes_later_ends_the_stream_with_it()
    {
        var provider = ScriptedProvider.Always(Script.Text("Once ").Stall(out var gate));
        await using var server = await AgentServer.StartAsync(provider);
        await using var struck = await server.StreamAsync(Turns, Hello);
        await struck.NextAsync("text");
        await gate.ReachedAsync();

        var halt = await AgentServer.JsonAsync(server.PostAsync("/halts", new { scope = "agent:default/assistant/1", reason = "It went mad." }), HttpStatusCode.Created);

        Assert.Equal(("Once ", "halted"), (await struck.NextAsync("interrupted")) is { } end ? (end.Text("partial"), end.Text("reason")) : default);
        foreach (var accept in new[] { "application/json", "text/event-stream" })
        {
            using var response = await server.PostAsync(Turns, Hello, ("Accept", accept));
            Assert.Contains("It went mad.", (await WireRoutes.RefusedAsync(Turns, response, HttpStatusCode.ServiceUnavailable)).GetProperty("detail").GetString());
        }
        using var completion = await server.PostAsync("/v1/chat/completions", Body("/v1"), ("X-Agent-Key", "1"));
        Assert.Equal("halted", (await WireRoutes.RefusedAsync("/v1", completion, HttpStatusCode.ServiceUnavailable)).GetProperty("code").GetString());
        Assert.Equal("agent:default/assistant/1", (await AgentServer.JsonAsync(server.SendAsync(HttpMethod.Get, "/halts"))).GetProperty("halts")[0].GetProperty("scope").GetString());
        await AgentServer.JsonAsync(server.SendAsync(HttpMethod.Delete, $"/halts/{halt.GetProperty("id")}"), HttpStatusCode.NoContent);
        await AgentServer.JsonAsync(server.SendAsync(HttpMethod.Delete, $"/halts/{halt.GetProperty("id")}"), HttpStatusCode.NotFound);
        gate.Open();
        await AgentServer.JsonAsync(server.PostAsync(Turns, Hello));
    }

    [Fact]
    public async Task An_id_that_was_used_is_409_attached_and_the_same_turn_detached()
    {
        var provider = ScriptedProvider.Always(Script.Text("Hi."));
        await using var server = await AgentServer.StartAsync(provider);
        var detached = new { input = "hello", turnId = "t1", mode = "detached" };
        await AgentServer.JsonAsync(server.PostAsync(Turns, detached), HttpStatusCode.Accepted);

        await AgentServer.JsonAsync(server.PostAsync(Turns, detached), HttpStatusCode.Accepted);
        await using var again = await server.StreamAsync(Turns, detached);
        Assert.Equal("Hi.", (await again.NextAsync("completed")).Text("text"));
        using var attached = await server.PostAsync(Turns, new { input = "hello", turnId = "t1" });

        Assert.Equal("duplicate_turn", (await WireRoutes.RefusedAsync(Turns, attached, HttpStatusCode.Conflict)).GetProperty("code").GetString());
        Assert.Equal(1, provider.CallsStarted);
    }

    [Fact]
    public async Task An_agent_kind_that_is_unknown_is_404_whose_message_lists_the_known()
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider());

        using var native = await server.PostAsync("/agents/nobody/1/turns", Hello);
        using var completion = await server.PostAsync("/v1/chat/completions", new { model = "nobody", messages = new[] { new { role = "user", content = "hello" } } });

        Assert.Contains("assistant", (await WireRoutes.RefusedAsync(Turns, native, HttpStatusCode.NotFound)).GetProperty("detail").GetString());
        Assert.Equal("model_not_found", (await WireRoutes.RefusedAsync("/v1", completion, HttpStatusCode.NotFound)).GetProperty("code").GetString());
    }

    [Theory]
    [MemberData(nameof(BothPaths))]
    public async Task A_provider_that_is_silent_too_long_is_504_with_what_it_had_said(string path)
    {
        await using var server = await AgentServer.StartAsync(
            ScriptedProvider.Always(Script.Text("Once ").Stall()), agent: a => a.WithLimits(l => l with { IdleTimeout = TimeSpan.FromMilliseconds(1) }));

        using var response = await server.PostAsync(path, Body(path));

        var error = await WireRoutes.RefusedAsync(path, response, HttpStatusCode.GatewayTimeout);
        if (path == Turns) Assert.Equal("Once ", error.GetProperty("partial").GetString());
    }

    [Theory]
    [MemberData(nameof(BothPaths))]
    public async Task A_turn_that_a_shutdown_ends_is_503_and_the_next_one_is_too(string path)
    {
        var provider = ScriptedProvider.Always(Script.Stall());
        await using var server = await AgentServer.StartAsync(provider);
        var running = server.PostAsync(path, Body(path));
        await provider.StalledAsync();

        await server.StopAgentsAsync();

        using var ended = await running;
        await WireRoutes.RefusedAsync(path, ended, HttpStatusCode.ServiceUnavailable);
        using var next = await server.PostAsync(path, Body(path));
        Assert.Equal("shutdown", (await WireRoutes.RefusedAsync(path, next, HttpStatusCode.ServiceUnavailable)).GetProperty("code").GetString());
    }

    public static TheoryData<string> BothPaths => new("/agents/assistant/1/turns", "/v1/chat/completions");
}
