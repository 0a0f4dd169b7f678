using ActorAgents.Testing;

namespace ActorAgents.Tests.Turns;

public sealed class RetryTests
{
    private readonly VirtualTime _time = new();

    [Theory, EveryWayOut, Trait("Behaviour", "T39")]
    public async Task The_third_attempts_text_arrives_once(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Fails(503), Script.Fails(502), Script.Text("Hello ", "world!"));
        await using var runtime = await StartAsync(provider);
        await using var probe = runtime.Read(way, runtime.Agents["writer", "1"], "Hi").Probe();

        await probe.NextAsync<TurnStarted>();
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            var retrying = await probe.NextAsync<Retrying>();
            Assert.Equal((attempt, TurnErrorKind.Transient), (retrying.Attempt, retrying.Error.Kind));
            _time.Advance(retrying.Delay + TimeSpan.FromMilliseconds(1));
        }

        var events = await probe.ReadAllAsync();
        Assert.Equal(["Hello ", "world!"], events.OfType<TextDelta>().Select(delta => delta.Text));
        Assert.Equal("Hello world!", events.End<TurnCompleted>().Text);
        Assert.Equal(3, provider.CallsStarted);
        Assert.Empty(provider.Violations);
    }

    [Fact, Trait("Behaviour", "T39")]
    public async Task The_history_shows_nothing_of_failed_attempts()
    {
        var provider = new ScriptedProvider(Script.Fails(503), Script.Text("Hello"));
        await using var runtime = await StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        await using var probe = agent.EventsAsync("Hi").Probe();

        await probe.NextAsync<TurnStarted>();
        _time.Advance((await probe.NextAsync<Retrying>()).Delay + TimeSpan.FromMilliseconds(1));
        await probe.ReadAllAsync();

        Assert.Equal(["user: Hi", "assistant: Hello"], (await agent.GetMessagesAsync()).Lines());
        Assert.Equal(provider.Requests[0].Messages.Lines(), provider.Requests[1].Messages.Lines());
    }

    [Fact, Trait("Behaviour", "T39")]
    public async Task No_attempt_is_made_before_the_wait_is_over()
    {
        var provider = new ScriptedProvider(Script.RateLimited(TimeSpan.FromSeconds(30)), Script.Text("Hello"));
        await using var runtime = await StartAsync(provider);
        await using var probe = runtime.Agents["writer", "1"].EventsAsync("Hi").Probe();

        await probe.NextAsync<TurnStarted>();
        Assert.Equal(TimeSpan.FromSeconds(30), (await probe.NextAsync<Retrying>()).Delay);
        _time.Advance(TimeSpan.FromSeconds(29));
        await probe.ExpectNoEventAsync();
        Assert.Equal(1, provider.CallsStarted);
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal("Hello", (await probe.ReadAllAsync()).End<TurnCompleted>().Text);
    }

    [Fact, Trait("Behaviour", "T39")]
    public async Task When_the_retries_are_used_up_the_last_error_is_the_turns()
    {
        var provider = new ScriptedProvider(Script.Fails(503, "one"), Script.Fails(503, "two"), Script.Fails(503, "three"));
        await using var runtime = await StartAsync(provider);
        await using var probe = runtime.Agents["writer", "1"].EventsAsync("Hi").Probe();

        await probe.NextAsync<TurnStarted>();
        for (var attempt = 1; attempt <= 2; attempt++) _time.Advance((await probe.NextAsync<Retrying>()).Delay + TimeSpan.FromMilliseconds(1));

        Assert.Equal("three", (await probe.ReadAllAsync()).End<TurnFailed>().Error.Message);
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T39")]
    public async Task What_another_try_cannot_mend_is_not_tried_again(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Fails(401));
        await using var runtime = await StartAsync(provider);

        var events = await runtime.ReadAllAsync(way, runtime.Agents["writer", "1"], "Hi");

        Assert.Equal([typeof(TurnStarted), typeof(TurnFailed)], events.Select(e => e.GetType()));
        Assert.Equal(1, provider.CallsStarted);
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T40")]
    public async Task Nothing_is_tried_again_once_text_was_given(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Text("Hel").Fails(503), Script.Text("Hello"));
        await using var runtime = await StartAsync(provider);

        var events = await runtime.ReadAllAsync(way, runtime.Agents["writer", "1"], "Hi");

        Assert.Equal("Hel", events.Text());
        Assert.Equal("Hel", events.End<TurnFailed>().Partial);
        Assert.Equal(1, provider.CallsStarted);
    }

    private Task<AgentRuntime> StartAsync(ScriptedProvider provider) => WaysOut.StartAsync(provider, more: b => b.WithTimeProvider(_time.Provider));
}
