using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.Tests.Conversations;

public sealed class HistoryTests
{
    [Theory, EveryWayOut, Trait("Behaviour", "T25")]
    public async Task A_drained_stream_leaves_prompt_and_full_answer(WayOut way)
    {
        await using var runtime = await WaysOut.StartAsync(new(Script.Text("Hello ", "world!")));
        var agent = runtime.Agents["writer", "1"];

        var events = await runtime.ReadAllAsync(way, agent, "Hi");

        var messages = await agent.GetMessagesAsync();
        Assert.Equal(["user: Hi", "assistant: Hello world!"], messages.Lines());
        Assert.All(messages, message => Assert.Equal(events[0].Turn.Value, message.AdditionalProperties!["actoragents.turn"]));
        Assert.All(messages, message => Assert.Null(message.State()));
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T26")]
    public async Task The_second_request_has_system_the_first_turn_once_and_the_new_prompt(WayOut way)
    {
        var provider = new ScriptedProvider("One.", "Two.");
        await using var runtime = await WaysOut.StartAsync(provider, a => a.WithInstructions("Be brief."));
        var agent = runtime.Agents["writer", "1"];

        await runtime.ReadAllAsync(way, agent, "First?");
        await runtime.ReadAllAsync(way, agent, "Second?");

        Assert.Equal(["system: Be brief.", "user: First?"], provider.Requests[0].Messages.Lines());
        Assert.Equal(["system: Be brief.", "user: First?", "assistant: One.", "user: Second?"], provider.Requests[1].Messages.Lines());
    }

    [Fact, Trait("Behaviour", "T26")]
    public async Task Agents_do_not_see_each_others_conversations()
    {
        var provider = ScriptedProvider.Always("Yes.");
        await using var runtime = await WaysOut.StartAsync(provider);

        await runtime.Agents["writer", "1"].RunAsync("Mine?");
        await runtime.Agents["writer", "2"].RunAsync("Yours?");
        await runtime.Agents.For("acme")["writer", "1"].RunAsync("Theirs?");

        Assert.All(provider.Requests, request => Assert.Single(request.Messages));
    }

    [Fact, Trait("Behaviour", "T29")]
    public async Task The_window_counts_whole_turns_and_never_begins_inside_one()
    {
        var provider = new ScriptedProvider(request => request.Messages[^1].Role == ChatRole.Tool ? Script.Text("Done.") : Script.Call("look"));
        await using var runtime = await WaysOut.StartAsync(
            provider, a => a.WithInstructions("Be brief.").WithTool("look").WithLimits(l => l with { HistoryTurns = 1 }), b => b.AddTool("look", new ScriptedTool("look")));
        var agent = runtime.Agents["writer", "1"];

        foreach (var prompt in new[] { "one", "two", "three" }) await agent.RunAsync(prompt);

        var last = provider.Requests.Last(request => request.Messages[^1].Text == "three").Messages;
        Assert.Equal(["system", "user", "assistant", "tool", "assistant", "user"], last.Select(message => message.Role.Value));
        Assert.Equal("two", last[1].Text);
        Assert.Equal(12, (await agent.GetMessagesAsync()).Count);
    }

    [Fact, Trait("Behaviour", "T29")]
    public async Task A_window_of_none_sends_the_prompt_alone()
    {
        var provider = ScriptedProvider.Always("Yes.");
        await using var runtime = await WaysOut.StartAsync(provider, a => a.WithLimits(l => l with { HistoryTurns = 0 }));
        var agent = runtime.Agents["writer", "1"];

        await agent.RunAsync("one");
        await agent.RunAsync("two");

        Assert.Equal(["user: two"], provider.Requests[1].Messages.Lines());
    }

    [Fact, Trait("Behaviour", "T29")]
    public async Task When_the_context_is_too_long_the_oldest_turns_are_left_out_and_nothing_is_forgotten()
    {
        var provider = new ScriptedProvider(request => request.Messages.Count > 5
            ? Script.Throw(new InvalidOperationException("context_length_exceeded")) : Script.Text("Yes."));
        await using var runtime = await AgentRuntime.StartAsync(agents => agents
            .AddProvider("default", provider, p => p.Classify(e => new(TurnErrorKind.ContextTooLong, e.Message))).AddAgent("writer"));
        var agent = runtime.Agents["writer", "1"];

        foreach (var prompt in new[] { "one", "two", "three" }) await agent.RunAsync(prompt);
        var response = await agent.RunAsync("four");

        Assert.Equal("Yes.", response.Content);
        Assert.Equal(["user: three", "assistant: Yes.", "user: four"], provider.Requests[^1].Messages.Lines());
        Assert.Equal(8, (await agent.GetMessagesAsync()).Count);
    }

    [Fact, Trait("Behaviour", "T79")]
    public async Task Clearing_empties_the_history_and_the_next_turn_is_recorded()
    {
        var provider = ScriptedProvider.Always("Yes.");
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        await agent.RunAsync("one");

        await agent.ClearAsync();

        Assert.Empty(await agent.GetMessagesAsync());
        await agent.RunAsync("two");
        Assert.Equal(["user: two"], provider.Requests[1].Messages.Lines());
        Assert.Equal(["user: two", "assistant: Yes."], (await agent.GetMessagesAsync()).Lines());
    }

    [Fact, Trait("Behaviour", "T79")]
    public async Task Clearing_during_a_turn_forgets_what_was_before_and_records_the_turn()
    {
        var provider = new ScriptedProvider(Script.Text("One."), Script.Text("Tw").Stall(out var gate).Text("o."));
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        await agent.RunAsync("one");
        var running = agent.RunAsync("two");
        await gate.ReachedAsync();

        await agent.ClearAsync();
        gate.Open();

        Assert.Equal("Two.", (await running).Content);
        Assert.Equal(["user: two", "assistant: Two."], (await agent.GetMessagesAsync()).Lines());
    }

    [Fact, Trait("Behaviour", "T79")]
    public async Task Clearing_an_agent_that_never_spoke_is_harmless()
    {
        await using var runtime = await WaysOut.StartAsync(ScriptedProvider.Always("Yes."));

        await runtime.Agents["writer", "1"].ClearAsync();

        Assert.Equal(0, runtime.Agents.Status.Agents);
    }

    [Fact]
    public async Task An_agent_that_was_only_asked_leaves_nothing()
    {
        await using var runtime = await WaysOut.StartAsync(ScriptedProvider.Always("Yes."));

        Assert.Equal("default", (await runtime.Agents["writer", "1"].GetProviderInfoAsync()).Name);
        Assert.False(await runtime.Agents["writer", "2"].RemoveToolAsync("none"));
        await Assert.ThrowsAsync<ArgumentException>(() => runtime.Agents["writer", "3"].AddToolAsync("none"));
        await runtime.Agents["writer", "4"].RunAsync("go");
        var removed = runtime.Agents.RemoveAsync(new("writer", "4"));
        await Task.WhenAll(removed, runtime.Agents["writer", "4"].GetProviderInfoAsync()); // It may come before the agent has gone.

        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (runtime.Agents.Status.Agents > 0) await Task.Delay(10, late.Token);
    }
}
