using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.Tests.Queues;

/// <summary><see cref="TurnOptions.Conversation"/>.</summary>
public sealed class ConversationOptionTests
{
    private static readonly ChatMessage[] Two =
    [
        new(ChatRole.User, "one"), new(ChatRole.Assistant, [new FunctionCallContent("c1", "look")]), new(ChatRole.Tool, [new FunctionResultContent("c1", "seen")]),
        new(ChatRole.Assistant, "I saw."), new(ChatRole.System, "Be brief."), new(ChatRole.User, "two"), new(ChatRole.Assistant, "Yes."),
    ];

    private static TurnOptions Given(params ChatMessage[] messages) => new() { Conversation = messages };

    [Theory, EveryWayOut]
    public async Task What_is_given_takes_the_place_of_what_the_agent_kept(WayOut way)
    {
        var provider = ScriptedProvider.Always("Fine.");
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        await agent.RunAsync("zero");

        await runtime.ReadAllAsync(way, agent, "three", Given(Two));
        await agent.RunAsync("four");

        Assert.Equal(["user", "assistant", "tool", "assistant", "system", "user", "assistant", "user"], provider.Requests[1].Messages.Select(message => message.Role.Value));
        Assert.Equal(["user: two", "assistant: Yes.", "user: three", "assistant: Fine.", "user: four"], provider.Requests[2].Messages.Lines().Skip(5));
        Assert.Equal(4, (await agent.GetMessagesAsync()).Select(message => message.GetTurn()).Distinct().Count());
    }

    [Fact]
    public async Task The_window_counts_its_turns_and_the_bound_on_the_input_does_not_count_it()
    {
        var provider = ScriptedProvider.Always("Fine.");
        await using var runtime = await WaysOut.StartAsync(provider, a => a.WithLimits(l => l with { HistoryTurns = 1, MaxInputChars = 5 }));

        await runtime.Agents["writer", "1"].RunAsync("three", Given(Two));

        Assert.Equal(["system: Be brief.", "user: two", "assistant: Yes.", "user: three"], provider.Requests[0].Messages.Lines());
    }

    [Fact]
    public async Task An_input_that_is_refused_replaces_nothing()
    {
        await using var runtime = await WaysOut.StartAsync(ScriptedProvider.Always("Fine."), a => a.WithLimits(l => l with { MaxInputChars = 5 }));
        var agent = runtime.Agents["writer", "1"];
        await agent.RunAsync("zero");

        await Assert.ThrowsAnyAsync<TurnException>(() => agent.RunAsync("too long", Given(Two)));
        await runtime.Agents.HaltAsync(HaltScope.Kind("writer"), "a drill");
        await Assert.ThrowsAnyAsync<TurnException>(() => agent.RunAsync("three", Given(Two)));

        Assert.Equal(["user: zero", "assistant: Fine."], await agent.HistoryAsync());
    }

    [Fact]
    public async Task A_turn_that_never_begins_replaces_nothing()
    {
        await using var runtime = await AgentRuntime.StartAsync(agents => agents
            .AddProvider("default", ScriptedProvider.Always("Fine.")).AddProvider("whole", ScriptedProvider.Always("Never."), p => p.Streams(false)).AddAgent("writer"));
        var agent = runtime.Agents["writer", "1"];
        await agent.RunAsync("zero");
        await agent.UseProviderAsync("whole");

        await Assert.ThrowsAnyAsync<TurnException>(async () => { await foreach (var _ in agent.StreamAsync("three", Given(Two))) { } });

        Assert.Equal(["user: zero", "assistant: Fine."], await agent.HistoryAsync());
    }

    [Theory, InlineData(BusyPolicy.Interrupt), InlineData(BusyPolicy.Queue), InlineData(BusyPolicy.Steer)]
    public async Task A_turn_that_runs_meanwhile_is_replaced_with_the_rest(BusyPolicy policy)
    {
        var provider = new ScriptedProvider(Script.Text("On").Stall(out var gate).Text("ce").Call("look"), "Upon.", "Fine.");
        if (policy == BusyPolicy.Interrupt) provider = new ScriptedProvider(Script.Text("On").Stall(out gate), "Fine.");
        await using var runtime = await WaysOut.StartAsync(provider, a => a.WithTool("look"), b => b.AddTool("look", new ScriptedTool("look")));
        var agent = runtime.Agents["writer", "1"];
        await agent.StartAsync("zero");
        await gate.ReachedAsync();

        var turn = await agent.StartAsync("three", Given(new ChatMessage(ChatRole.User, "one"), new ChatMessage(ChatRole.Assistant, "Yes.")) with { OnBusy = policy });
        if (policy != BusyPolicy.Interrupt) gate.Open();
        await using var reader = turn.ReadAsync().Probe();
        await reader.ReadEndAsync<TurnCompleted>();

        Assert.Equal(["user: one", "assistant: Yes.", "user: three", "assistant: Fine."], await agent.HistoryAsync());
    }

    [Fact]
    public async Task What_is_changed_afterwards_does_not_reach_the_turn_and_old_marks_are_no_marks()
    {
        var provider = new ScriptedProvider(Script.Stall(out var gate).Text("a"), "b");
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        await agent.StartAsync("zero");
        await gate.ReachedAsync();
        var kept = (await agent.GetMessagesAsync()).ToList();
        Assert.Equal("running", kept[0].GetTurnState());
        var options = new TurnOptions { Conversation = kept };
        kept[0].Contents.Add(new TextContent(" and more"));

        await runtime.Agents["writer", "2"].RunAsync("next", options);

        var history = await runtime.Agents["writer", "2"].GetMessagesAsync();
        Assert.Equal(["user: zero", "user: next", "assistant: b"], history.Lines());
        Assert.All(history, message => Assert.Equal("completed", message.GetTurnState()));
        gate.Open();
    }

    [Fact]
    public async Task The_turns_that_run_and_wait_are_named_in_their_order_and_those_that_were_stopped_are_not()
    {
        var provider = new ScriptedProvider(Script.Stall(out var gate).Text("a"), "b", "c");
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        Assert.Empty(await agent.GetTurnsAsync());
        var first = await agent.StartAsync("q1");
        await gate.ReachedAsync();
        var (second, third) = (await agent.StartAsync("q2"), await agent.StartAsync("q3"));

        Assert.Equal([first.Id, second.Id, third.Id], await agent.GetTurnsAsync());
        await second.InterruptAsync();
        Assert.Equal([first.Id, third.Id], await agent.GetTurnsAsync());
        gate.Open();
        await agent.WhenEndedAsync(third.Id);

        Assert.Empty(await agent.GetTurnsAsync());
    }
}
