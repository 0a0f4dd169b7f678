using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.Tests.Providers;

public sealed class FallbackTests
{
    [Theory, EveryWayOut]
    public async Task Another_provider_answers_at_once_with_its_own_model(WayOut way)
    {
        var first = new ScriptedProvider(Script.Fails(401));
        var second = new ScriptedProvider(Script.Fails(503));
        var third = new ScriptedProvider(Script.Text("Yes."));
        await using var runtime = await StartAsync(first, second, third, a => a.WithModel("of-the-first"));

        var events = await runtime.ReadAllAsync(way, runtime.Agents["writer", "1"], "Hi");

        Assert.Equal("Yes.", events.End<TurnCompleted>().Text);
        Assert.Empty(events.OfType<Retrying>());
        Assert.Equal(["of-the-first", null, null], new[] { first, second, third }.Select(provider => provider.Requests.Single().Options?.ModelId));
    }

    [Fact]
    public async Task What_any_provider_would_refuse_is_not_passed_on()
    {
        var second = new ScriptedProvider(Script.Text("Yes."));
        await using var runtime = await StartAsync(new(Script.Fails(422, "Bad.")), second, new());

        var failure = await Assert.ThrowsAsync<ProviderException>(() => runtime.Agents["writer", "1"].RunAsync("Hi"));

        Assert.Equal((TurnErrorKind.InvalidRequest, "Bad."), (failure.Kind, failure.Message));
        Assert.Equal(0, second.CallsStarted);
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T40")]
    public async Task Nobody_else_is_asked_once_text_was_given(WayOut way)
    {
        var second = new ScriptedProvider(Script.Text("Hello"));
        await using var runtime = await StartAsync(new(Script.Text("Hel").Fails(503)), second, new());

        var end = (await runtime.ReadAllAsync(way, runtime.Agents["writer", "1"], "Hi")).End<TurnFailed>();

        Assert.Equal(("Hel", TurnErrorKind.Truncated), (end.Partial, end.Error.Kind));
        Assert.Equal(0, second.CallsStarted);
    }

    [Fact]
    public async Task When_all_fail_the_first_ones_error_is_the_turns_and_tells_of_the_others()
    {
        await using var runtime = await StartAsync(new(Script.Fails(401, "one")), new(Script.Fails(404, "two")), new(Script.Fails(503, "three")));

        var failure = await Assert.ThrowsAsync<ProviderException>(() => runtime.Agents["writer", "1"].RunAsync("Hi"));

        Assert.Equal((TurnErrorKind.Authentication, 401), (failure.Kind, failure.StatusCode));
        Assert.Equal("one Fallback 'second': two Fallback 'third': three", failure.Message);
    }

    [Fact]
    public async Task What_only_the_log_may_tell_of_another_is_not_in_the_error_but_behind_it()
    {
        await using var runtime = await StartAsync(new(Script.Fails(404, "one")), new(Script.Throw(new InvalidOperationException("secret-two"))), new(Script.Fails(401, "secret-three")));

        var failure = await Assert.ThrowsAsync<ProviderException>(() => runtime.Agents["writer", "1"].RunAsync("Hi"));

        Assert.StartsWith("one Fallback 'second': ", failure.Error.ToPublicMessage());
        Assert.DoesNotContain("secret", failure.Message);
        Assert.Contains("secret-two", $"{failure.Error.Cause}");
        Assert.DoesNotContain("secret-three", $"{failure.Error.Cause}");
    }

    [Fact]
    public async Task An_empty_beginning_is_none()
    {
        var first = new ScriptedProvider(Script.Update(new ChatResponseUpdate(ChatRole.Assistant, ""), new ChatResponseUpdate(null, [new UsageContent(new())])).Fails(503));
        await using var runtime = await StartAsync(first, new("Yes."));

        Assert.Equal("Yes.", (await runtime.Agents["writer", "1"].RunAsync("Hi")).Content);
    }

    [Fact]
    public async Task The_answer_of_another_ends_by_the_others_rules()
    {
        await using var simple = await StartAsync(new(Script.Fails(503)), new(Script.Text("Yes.").WithoutFinish()), describe: second => second.WithoutFinishReason());
        await using var cut = await StartAsync(new(Script.Fails(503)), new(Script.Text("Yes.").WithoutFinish()));

        Assert.Equal("Yes.", (await simple.Agents["writer", "1"].RunAsync("Hi")).Content);
        var failure = await Assert.ThrowsAsync<ProviderException>(() => cut.Agents["writer", "1"].RunAsync("Hi"));
        Assert.Equal((TurnErrorKind.Truncated, "Yes."), (failure.Kind, failure.PartialResponse));
        Assert.Contains("'second'", failure.Message);
    }

    [Fact]
    public async Task A_conversation_that_another_keeps_is_not_asked_for_at_the_first()
    {
        var tool = new ScriptedTool("look");
        var first = new ScriptedProvider(Script.Fails(503), "Done.");
        var second = new ScriptedProvider(Script.Update(new ChatResponseUpdate(ChatRole.Assistant, "Wait. ") { ConversationId = "of-the-second" }).Call("look"));
        await using var runtime = await StartAsync(first, second, agent: a => a.WithTool(tool));

        await runtime.Agents["writer", "1"].RunAsync("Hi");

        Assert.Null(first.Requests[1].Options?.ConversationId);
        Assert.Equal(3, first.Requests[1].Messages.Count); // The whole turn: input, call, result.
    }

    [Fact]
    public async Task A_client_that_throws_where_it_is_called_is_a_failure_like_any_other()
    {
        await using var runtime = await AgentRuntime.StartAsync(agents => agents
            .AddProvider("default", new Thrower(), provider => provider.WithFallback("second"))
            .AddProvider("second", ScriptedProvider.Always("Yes."))
            .AddAgent("writer"));

        Assert.Equal("Yes.", (await runtime.Agents["writer", "1"].RunAsync("Hi")).Content);
    }

    [Fact]
    public async Task Another_that_blocks_its_caller_is_asked_on_the_thread_pool()
    {
        var second = new ScriptedProvider(Script.BlockSynchronously(out var blocked).Text("Yes."));
        await using var runtime = await StartAsync(new(Script.Fails(503)), second, describe: other => other.OnThreadPool());
        var events = runtime.Agents["writer", "1"].EventsAsync("Hi").GetAsyncEnumerator();
        await events.MoveNextAsync();

        var next = events.MoveNextAsync(); // It would not return.

        await blocked.ReachedAsync();
        Assert.False(next.IsCompleted);
        blocked.Open();
        Assert.True(await next);
        await events.DisposeAsync();
    }

    [Fact]
    public async Task A_retry_asks_the_whole_row_again()
    {
        var time = new VirtualTime();
        var first = new ScriptedProvider(Script.Fails(503), Script.Text("Yes."));
        var second = new ScriptedProvider(Script.Fails(503));
        await using var runtime = await StartAsync(first, second, new(Script.Fails(503)), more: b => b.WithTimeProvider(time.Provider));
        await using var probe = runtime.Agents["writer", "1"].EventsAsync("Hi").Probe();

        await probe.NextAsync<TurnStarted>();
        time.Advance((await probe.NextAsync<Retrying>()).Delay + TimeSpan.FromMilliseconds(1));

        Assert.Equal("Yes.", (await probe.ReadAllAsync()).End<TurnCompleted>().Text);
        Assert.Equal((2, 1), (first.CallsStarted, second.CallsStarted));
    }

    [Fact]
    public async Task A_name_that_no_other_provider_has_is_told_at_the_start()
    {
        var mistake = await Assert.ThrowsAsync<AgentConfigurationException>(() => AgentRuntime.StartAsync(agents => agents
            .AddProvider("default", new ScriptedProvider(), p => p.WithFallback("default", "othr"))));

        Assert.Contains("'default' falls back to 'othr', which is not another registered provider. Providers: default.", mistake.Message);
        Assert.Contains("'default' falls back to 'default'", mistake.Message);
    }

    private static Task<AgentRuntime> StartAsync(
        ScriptedProvider first, ScriptedProvider second, ScriptedProvider? third = null, Action<AgentBuilder>? agent = null, Action<ActorAgentsBuilder>? more = null,
        Action<ProviderBuilder>? describe = null) =>
        AgentRuntime.StartAsync(agents =>
        {
            agents.AddProvider("default", first, p => p.WithFallback("second", "third")).AddProvider("second", second, describe).AddProvider("third", third ?? new())
                .AddAgent("writer", a => agent?.Invoke(a));
            more?.Invoke(agents);
        });

    private sealed class Thrower : IChatClient
    {
        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new HttpRequestException("at once");

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;
        public void Dispose() { }
    }
}
