using System.Net;
using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.Tests.Turns;

public sealed class FailureTests
{
    public static TheoryData<WayOut, int, TurnErrorKind> Statuses
    {
        get
        {
            var data = new TheoryData<WayOut, int, TurnErrorKind>();
            foreach (var way in Enum.GetValues<WayOut>())
            {
                data.Add(way, 401, TurnErrorKind.Authentication);
                data.Add(way, 403, TurnErrorKind.Authentication);
                data.Add(way, 404, TurnErrorKind.NotFound);
                data.Add(way, 422, TurnErrorKind.InvalidRequest);
                data.Add(way, 429, TurnErrorKind.RateLimited);
                data.Add(way, 503, TurnErrorKind.Transient);
            }
            return data;
        }
    }

    [Theory, MemberData(nameof(Statuses)), Trait("Behaviour", "T37")]
    public async Task A_failure_before_the_first_piece_tells_its_kind_and_the_next_request_is_valid(WayOut way, int status, TurnErrorKind kind)
    {
        var provider = new ScriptedProvider(Script.Fails(status, "no"), Script.Text("Better."));
        await using var runtime = await WaysOut.StartAsync(provider, a => a.WithLimits(l => l with { Retries = 0 }));
        var agent = runtime.Agents["writer", "1"];

        var end = (await runtime.ReadAllAsync(way, agent, "Hi")).End<TurnFailed>();

        Assert.Equal((kind, status, "no", ""), (end.Error.Kind, end.Error.StatusCode, end.Error.Message, end.Partial));
        var kept = Assert.Single(await agent.GetMessagesAsync());
        Assert.Equal(("Hi", "failed"), (kept.Text, kept.State()));
        Assert.Equal("Better.", (await agent.RunAsync("Again")).Content);
        Assert.Equal(["user: Hi", "user: Again"], provider.Requests[1].Messages.Lines());
    }

    [Fact, Trait("Behaviour", "T37")]
    public async Task A_rate_limit_carries_the_wait_that_the_provider_asked_for()
    {
        await using var runtime = await WaysOut.StartAsync(
            new(Script.RateLimited(TimeSpan.FromSeconds(7))), a => a.WithLimits(l => l with { Retries = 0 }));

        var failure = await Assert.ThrowsAsync<ProviderException>(() => runtime.Agents["writer", "1"].RunAsync("Hi"));

        Assert.Equal((TurnErrorKind.RateLimited, TimeSpan.FromSeconds(7), 429), (failure.Kind, failure.RetryAfter, failure.StatusCode));
        Assert.Equal(HttpStatusCode.TooManyRequests, Assert.IsType<HttpRequestException>(failure.InnerException).StatusCode);
    }

    [Fact, Trait("Behaviour", "T37")]
    public async Task A_providers_own_classifier_goes_before_the_general_rules()
    {
        var provider = new ScriptedProvider(Script.Throw(new InvalidOperationException("moderated")), Script.Fails(404));
        await using var runtime = await AgentRuntime.StartAsync(agents => agents
            .AddProvider("default", provider, p => p.Classify(e => e is InvalidOperationException ? new(TurnErrorKind.ContentFiltered, "Refused.") : null))
            .AddAgent("writer"));
        var agent = runtime.Agents["writer", "1"];

        Assert.Equal(TurnErrorKind.ContentFiltered, (await Assert.ThrowsAsync<ProviderException>(() => agent.RunAsync("Hi"))).Kind);
        Assert.Equal(TurnErrorKind.NotFound, (await Assert.ThrowsAsync<ProviderException>(() => agent.RunAsync("Hi"))).Kind);
    }

    public static TheoryData<WayOut, Exception, TurnErrorKind> Breaks
    {
        get
        {
            var data = new TheoryData<WayOut, Exception, TurnErrorKind>();
            foreach (var way in Enum.GetValues<WayOut>())
            {
                data.Add(way, new IOException("reset"), TurnErrorKind.Truncated);
                data.Add(way, new HttpRequestException("gone", null, HttpStatusCode.BadGateway), TurnErrorKind.Truncated);
                data.Add(way, new HttpRequestException("enough", null, HttpStatusCode.TooManyRequests), TurnErrorKind.RateLimited);
                data.Add(way, new TimeoutException("slow"), TurnErrorKind.Timeout);
                data.Add(way, new InvalidOperationException("odd"), TurnErrorKind.Unknown);
            }
            return data;
        }
    }

    [Theory, MemberData(nameof(Breaks)), Trait("Behaviour", "T38"), Trait("Behaviour", "P01")]
    public async Task A_failure_in_mid_text_keeps_what_was_said(WayOut way, Exception cause, TurnErrorKind kind)
    {
        var provider = new ScriptedProvider(Script.Text("Hel").Throw(cause), Script.Text("Better."));
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];

        var events = await runtime.ReadAllAsync(way, agent, "Hi");

        var end = events.End<TurnFailed>();
        Assert.Equal(("Hel", "Hel", kind, cause.Message), (events.Text(), end.Partial, end.Error.Kind, end.Error.Message));
        var messages = await agent.GetMessagesAsync();
        Assert.Equal(["user: Hi", "assistant: Hel"], messages.Lines());
        Assert.All(messages, message => Assert.Equal("failed", message.State()));
        await agent.RunAsync("Again");
        Assert.Equal(["user: Hi", "assistant: Hel", "user: Again"], provider.Requests[1].Messages.Lines());
        Assert.Empty(provider.Violations);
    }

    [Fact, Trait("Behaviour", "T38"), Trait("Behaviour", "T41")]
    public async Task The_exception_has_the_partial_text_the_turn_and_the_providers_own_words()
    {
        await using var runtime = await WaysOut.StartAsync(new(Script.Text("Hel").Throw(new InvalidOperationException("model overloaded"))));
        var id = TurnId.New();

        var failure = await Assert.ThrowsAsync<ProviderException>(
            () => runtime.Agents["writer", "1"].StreamAsync("Hi", new TurnOptions { TurnId = id }).CollectAsync());

        Assert.Equal(("Hel", id, "model overloaded"), (failure.PartialResponse, failure.TurnId, failure.Message));
        Assert.Equal("model overloaded", Assert.IsType<InvalidOperationException>(failure.InnerException).Message);
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T42")]
    public async Task One_failing_agent_leaves_the_others_alone_and_takes_the_next_prompt(WayOut way)
    {
        var held = new Gate();
        var provider = new ScriptedProvider(request => request.Prompt switch
        {
            "fail" => Script.Fails(400),
            "hold" => Script.Text("a").Stall(held).Text("b"),
            _ => Script.Text("fine"),
        });
        await using var runtime = await WaysOut.StartAsync(provider);
        var failing = runtime.Agents["writer", "failing"];
        await using var other = runtime.Read(way, runtime.Agents["writer", "other"], "hold").Probe();
        await other.NextAsync<TurnStarted>();
        await other.NextAsync<TextDelta>();
        other.Pull();
        await held.ReachedAsync();

        (await runtime.ReadAllAsync(way, failing, "fail")).End<TurnFailed>();
        var next = await runtime.ReadAllAsync(way, failing, "next");
        held.Open();

        Assert.Equal("fine", next.End<TurnCompleted>().Text);
        Assert.Equal("ab", (await other.ReadAllAsync()).End<TurnCompleted>().Text);
    }
}
