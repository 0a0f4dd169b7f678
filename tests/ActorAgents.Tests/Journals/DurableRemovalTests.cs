using ActorAgents.Testing;
using ActorAgents.Tests.Tools;
using Akka.Actor;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;
using static ActorAgents.Tests.Journals.DurableRuntime;

namespace ActorAgents.Tests.Journals;

/// <summary>Durable agents that are removed.</summary>
public sealed class DurableRemovalTests
{
    [Fact]
    public async Task A_removed_agent_leaves_nothing_and_begins_anew()
    {
        var journals = new MemoryJournals();
        await using var runtime = await StartAsync(journals, new ScriptedProvider("one", "two"));
        var agent = runtime.Agents["writer", "1"];
        var turn = await agent.StartAsync("a");
        await agent.WhenEndedAsync(turn.Id);

        Assert.True(await runtime.Agents.RemoveAsync(agent.Id));
        Assert.Empty(journals.Entries(agent.Id));
        Assert.Empty(await agent.HistoryAsync());
        await Assert.ThrowsAsync<TurnGoneException>(() => turn.ReadAsync().CollectAsync());
        Assert.False(await runtime.Agents.RemoveAsync(agent.Id));
        Assert.True(await agent.RemoveIfIdleAsync()); // It is not there.
        Assert.Equal("two", (await agent.RunAsync("b")).Content);
        Assert.True(await runtime.Agents.RemoveAsync(agent.Id));
    }

    [Fact]
    public async Task One_that_is_not_the_agent_any_more_does_not_forget_what_its_successor_stored()
    {
        var journals = new MemoryJournals();
        await using var runtime = await StartAsync(journals, new ScriptedProvider("one"));
        var agent = runtime.Agents["writer", "1"];
        await agent.RunAsync("a");
        journals.IsDown = true;
        _ = runtime.Agents.RemoveAsync(agent.Id);
        await runtime.System.WhenQuietAsync();

        journals.Add(agent.Id, new(Guid.NewGuid(), [new JournalEntry.ProviderChosen("other")]));
        journals.IsDown = false;

        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (runtime.Agents.Status.Agents > 0) await Task.Delay(10, late.Token);
        Assert.IsType<JournalEntry.ProviderChosen>(journals.Entries(agent.Id)[^1]);
    }

    [Fact]
    public async Task How_long_an_agent_was_not_used_counts_over_the_end_of_its_process()
    {
        var (journals, time) = (new MemoryJournals(), new FakeTimeProvider());
        static void Forgets(AgentBuilder a) => a.ForgetAfter(TimeSpan.FromHours(1));
        void At(ActorAgentsBuilder more) => more.WithTimeProvider(time);
        await using (var first = await StartAsync(journals, new ScriptedProvider("one"), Forgets, more: At)) await first.Agents["writer", "1"].RunAsync("a");
        time.Advance(TimeSpan.FromMinutes(40));
        await using (var second = await StartAsync(journals, new ScriptedProvider(), Forgets, more: At)) await second.System.WhenQuietAsync();
        Assert.Equal(1, journals.Agents);
        time.Advance(TimeSpan.FromMinutes(40));

        await using var third = await StartAsync(journals, new ScriptedProvider(), Forgets, more: At);

        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (journals.Agents > 0) await Task.Delay(10, late.Token);
    }

    [Fact]
    public async Task An_input_that_ran_before_its_agent_was_noted_to_be_awake_does_not_run_again_when_that_is_removed()
    {
        var open = new TaskCompletionSource();
        var journals = new MemoryJournals { BucketsOpen = open.Task };
        var provider = ScriptedProvider.Always("Hello");
        await using var runtime = await StartAsync(journals, provider);
        var agent = runtime.Agents["writer", "1"];
        var starting = agent.StartAsync("go");
        await runtime.System.WhenQuietAsync();
        Assert.Single(provider.Requests);

        Assert.True(await runtime.Agents.RemoveAsync(agent.Id));

        await starting;
        Assert.Single(provider.Requests);
        open.SetResult();
    }

    [Fact]
    public async Task Who_reads_a_turn_as_its_agent_is_removed_sees_its_end_and_who_comes_then_does_not()
    {
        var journals = new MemoryJournals();
        await using var runtime = await StartAsync(journals, new ScriptedProvider(Script.Text("Hel").Stall(out var silent), "new"));
        var agent = runtime.Agents["writer", "1"];
        var turn = await agent.StartAsync("go", new TurnOptions { TurnId = new("t1") });
        await using var reader = turn.ReadAsync().Probe();
        await reader.UntilAsync<TextDelta>();
        await using var waiting = agent.EventsAsync("waits", new TurnOptions { TurnId = new("t2") }).Probe();
        waiting.Pull();
        await silent.ReachedAsync();

        Assert.True(await runtime.Agents.RemoveAsync(agent.Id));
        Assert.Empty(journals.Entries(agent.Id));
        await runtime.System.WhenQuietAsync(); // The agent has stopped.

        var end = await reader.EndAsync<TurnInterrupted>();
        Assert.Equal((InterruptReason.User, "Hel"), (end.Reason, end.TextSoFar));
        Assert.Equal(InterruptReason.User, (await waiting.EndAsync<TurnInterrupted>()).Reason);
        await Assert.ThrowsAsync<TurnGoneException>(() => turn.ReadAsync().CollectAsync());
        Assert.Equal("new", Assert.IsType<TurnCompleted>((await (await agent.StartAsync("again", new TurnOptions { TurnId = new("t1") })).ReadAsync().CollectAsync())[^1]).Text);
    }

    [Fact]
    public async Task An_agent_that_never_was_is_not_removed_and_leaves_nothing()
    {
        var journals = new MemoryJournals();
        await using var runtime = await StartAsync(journals, new ScriptedProvider("one"));

        Assert.False(await runtime.Agents.RemoveAsync(new AgentId("writer", "never")));

        Assert.Equal(0, journals.Agents);
        Assert.Equal("one", (await runtime.Agents["writer", "never"].RunAsync("a")).Content);
        Assert.True(await runtime.Agents.RemoveAsync(new AgentId("writer", "never")));
    }

    [Fact]
    public async Task An_agent_that_is_removed_while_its_journal_is_down_begins_anew_when_that_is_back()
    {
        var journals = new MemoryJournals();
        await using var runtime = await StartAsync(journals, new ScriptedProvider(request => request.Messages[^1].Text + "!"));
        var agent = runtime.Agents["writer", "1"];
        await agent.RunAsync("a");

        journals.IsDown = true;
        var accepted = agent.StartAsync("b");
        await runtime.System.WhenQuietAsync();
        var removed = runtime.Agents.RemoveAsync(agent.Id);
        await runtime.System.WhenQuietAsync();
        journals.IsDown = false;

        Assert.True(await removed.WaitAsync(TimeSpan.FromSeconds(60)));
        await Task.WhenAny(accepted).WaitAsync(TimeSpan.FromSeconds(60)); // Taken and ended, or refused.
        Assert.Equal("c!", (await agent.RunAsync("c").WaitAsync(TimeSpan.FromSeconds(60))).Content);
        Assert.Equal(["user: c", "assistant: c!"], await agent.HistoryAsync());
    }
}
