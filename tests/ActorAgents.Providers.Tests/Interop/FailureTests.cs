namespace ActorAgents.Providers.Tests.Interop;

public sealed class FailureTests(MockServer server) : InteropTest(server)
{
    public static TheoryData<string, int, TurnErrorKind, string> Statuses
    {
        get
        {
            var data = new TheoryData<string, int, TurnErrorKind, string>();
            foreach (var kind in ProviderKinds.Names)
            {
                data.Add(kind, 401, TurnErrorKind.Authentication, "Who are you?");
                data.Add(kind, 404, TurnErrorKind.NotFound, "There is no such model.");
                data.Add(kind, 429, TurnErrorKind.RateLimited, "Too much.");
                data.Add(kind, 500, TurnErrorKind.Transient, "It broke.");
                data.Add(kind, 529, TurnErrorKind.Transient, "Overloaded.");
            }
            return data;
        }
    }

    [InteropTheory, MemberData(nameof(Statuses)), Trait("Behaviour", "T37"), Trait("Behaviour", "T82")]
    public async Task A_failure_tells_its_kind_in_the_providers_words_and_the_next_request_is_valid(string kind, int status, TurnErrorKind expected, string words)
    {
        await using var runtime = await StartAsync(kind, a => a.WithLimits(l => l with { Retries = 0 }));
        var agent = runtime.Agents["writer", "1"];

        var error = End<TurnFailed>(await ReadAsync(agent, $"fail with {status}")).Error;

        Assert.Equal((expected, status, words), (error.Kind, error.StatusCode, error.Message));
        Assert.Equal(status == 429 ? TimeSpan.FromSeconds(7) : null, error.RetryAfter);
        Assert.NotNull(error.RequestId);
        Assert.Equal("failed", Assert.Single(await agent.GetMessagesAsync()).AdditionalProperties!["actoragents.state"]);
        End<TurnCompleted>(await ReadAsync(agent, "say hello"));
    }

    [InteropTheory, MemberData(nameof(Kinds)), Trait("Behaviour", "T39")]
    public async Task A_limited_request_is_repeated_after_the_wait_that_was_asked_for(string kind)
    {
        await using var runtime = await StartAsync(kind);

        var events = await ReadAsync(runtime.Agents["writer", "1"], "limited once");

        Assert.Equal("Thank you for waiting.", End<TurnCompleted>(events).Text);
        var retrying = Assert.Single(events.OfType<Retrying>());
        Assert.Equal((TurnErrorKind.RateLimited, TimeSpan.FromSeconds(1)), (retrying.Error.Kind, retrying.Delay));
    }

    [InteropTheory, MemberData(nameof(Kinds)), Trait("Behaviour", "T39")]
    public async Task The_third_attempts_text_arrives_once_and_only_the_runtime_repeats(string kind)
    {
        await using var runtime = await StartAsync(kind);

        var events = await ReadAsync(runtime.Agents["writer", "1"], "broken twice");

        Assert.Equal("Mended.", End<TurnCompleted>(events).Text);
        Assert.Equal(["One.", "Two."], events.OfType<Retrying>().Select(retrying => retrying.Error.Message));
        Assert.Equal(3, (await JournalAsync()).Length);
    }

    [InteropTheory, MemberData(nameof(Kinds)), Trait("Behaviour", "T38"), Trait("Behaviour", "T40")]
    public async Task A_connection_that_breaks_in_mid_text_keeps_what_was_said_and_is_not_tried_again(string kind)
    {
        await using var runtime = await StartAsync(kind);
        var agent = runtime.Agents["writer", "1"];

        var events = await ReadAsync(agent, "break off");

        var end = End<TurnFailed>(events);
        Assert.Equal(TurnErrorKind.Truncated, end.Error.Kind);
        Assert.StartsWith("Hel", end.Partial);
        Assert.Equal(end.Partial, string.Concat(events.OfType<TextDelta>().Select(delta => delta.Text)));
        Assert.Single(await JournalAsync());
        End<TurnCompleted>(await ReadAsync(agent, "say hello"));
    }

    [InteropTheory, MemberData(nameof(Kinds)), Trait("Behaviour", "T42")]
    public async Task One_failing_agent_leaves_the_others_alone(string kind)
    {
        await using var runtime = await StartAsync(kind, a => a.WithLimits(l => l with { Retries = 0 }));
        var other = ReadAsync(runtime.Agents["writer", "other"], "say hello");

        End<TurnFailed>(await ReadAsync(runtime.Agents["writer", "failing"], "fail with 500"));

        End<TurnCompleted>(await other);
        End<TurnCompleted>(await ReadAsync(runtime.Agents["writer", "failing"], "say hello"));
    }
}
