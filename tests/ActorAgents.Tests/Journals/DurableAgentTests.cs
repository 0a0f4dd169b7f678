using ActorAgents.Testing;
using ActorAgents.Tests.Tools;
using Akka.Actor;
using Microsoft.Extensions.AI;
using static ActorAgents.Tests.Journals.DurableRuntime;

namespace ActorAgents.Tests.Journals;

/// <summary>Agents over the end of their process. A copy of the journals is what is left of a process that was killed at that instant.</summary>
public sealed class DurableAgentTests
{
    [Fact, Trait("Behaviour", "T77")]
    public async Task The_conversation_goes_on_in_the_next_process()
    {
        var journals = new MemoryJournals();
        await using (var first = await StartAsync(journals, new ScriptedProvider("one")))
            Assert.Equal("one", (await first.Agents["writer", "1"].RunAsync("a")).Content);

        var provider = new ScriptedProvider("two");
        await using var second = await StartAsync(journals, provider);
        await second.System.WhenQuietAsync();
        Assert.Equal(0, second.Agents.Status.Agents); // It was looked at, for the last process had not put it to rest, and has nothing to go on with.
        Assert.Equal(["user: a", "assistant: one"], await second.Agents["writer", "1"].HistoryAsync());
        Assert.Equal("two", (await second.Agents["writer", "1"].RunAsync("b")).Content);
        Assert.Equal(["user: a", "assistant: one", "user: b"], provider.Requests[0].Lines());
    }

    [Fact]
    public async Task Inputs_that_were_accepted_run_in_their_order_and_none_is_lost()
    {
        var journals = new MemoryJournals();
        await using var killed = await StartAsync(journals, new ScriptedProvider(Script.Stall(out var silent)));
        var agent = killed.Agents["writer", "1"];
        List<TurnHandle> turns = [await agent.StartAsync("1")];
        await silent.ReachedAsync();
        for (var i = 2; i <= 5; i++) turns.Add(await agent.StartAsync($"{i}"));

        await using var next = await StartAsync(journals.Copy(), new ScriptedProvider(request => request.Messages[^1].Text + "!"));
        agent = next.Agents["writer", "1"];
        foreach (var turn in turns) await agent.WhenEndedAsync(turn.Id);
        Assert.Equal(Enumerable.Range(1, 5).SelectMany(i => new[] { $"user: {i}", $"assistant: {i}!" }), await agent.HistoryAsync());
    }

    [Fact]
    public async Task While_the_journal_is_down_nothing_is_accepted_and_afterwards_all_is()
    {
        var journals = new MemoryJournals();
        await using var runtime = await StartAsync(journals, new ScriptedProvider("one", "two", "three"));
        var agent = runtime.Agents["writer", "1"];
        await agent.RunAsync("a");

        journals.IsDown = true;
        var (known, unknown) = (agent.StartAsync("b"), runtime.Agents["writer", "2"].StartAsync("c"));
        await runtime.System.WhenQuietAsync();
        Assert.False(known.IsCompleted || unknown.IsCompleted);
        journals.IsDown = false;

        await Task.WhenAll(known, unknown).WaitAsync(TimeSpan.FromSeconds(60));
        await agent.WhenEndedAsync((await known).Id);
        Assert.Equal(4, (await agent.HistoryAsync()).Length);
    }

    [Fact]
    public async Task Changes_of_provider_tools_and_conversation_are_kept_and_the_definition_is_todays()
    {
        var journals = new MemoryJournals();
        await using (var first = await StartAsync(journals, new ScriptedProvider("one"), a => a.WithInstructions("Old.")))
        {
            var agent = first.Agents["writer", "1"];
            await agent.RunAsync("a");
            await agent.ClearAsync();
            await agent.AddToolAsync("late");
            await Assert.ThrowsAsync<ArgumentException>(() => agent.AddToolAsync(new ScriptedTool("own", _ => "x")));
            await agent.UseProviderAsync("other");
        }
        var provider = new ScriptedProvider("two");
        await using var second = await StartAsync(journals, provider, a => a.WithInstructions("New."));
        var same = second.Agents["writer", "1"];
        Assert.Empty(await same.HistoryAsync());
        Assert.Equal("other", (await same.GetProviderInfoAsync()).Name);
        await same.UseProviderAsync("default");
        await same.RunAsync("b");
        Assert.Equal(["system: New.", "user: b"], provider.Requests[0].Lines());
        Assert.Equal(["late"], provider.Requests[0].Options!.Tools!.Select(t => t.Name));
        Assert.True(await same.RemoveToolAsync("late"));
    }

    [Fact]
    public async Task A_conversation_that_is_cleared_in_the_turn_that_brought_it_stays_cleared()
    {
        var journals = new MemoryJournals();
        string[] kept;
        await using (var first = await StartAsync(journals, new ScriptedProvider(Script.Stall(out var silent).Text("b"))))
        {
            var agent = first.Agents["writer", "1"];
            var turn = await agent.StartAsync("go", new TurnOptions { Conversation = [new(ChatRole.User, "before"), new(ChatRole.Assistant, "then")] });
            await silent.ReachedAsync();
            await agent.ClearAsync();
            silent.Open();
            await agent.WhenEndedAsync(turn.Id);
            kept = await agent.HistoryAsync();
        }
        await using var second = await StartAsync(journals, new ScriptedProvider());

        Assert.Equal(["user: go", "assistant: b"], kept);
        Assert.Equal(kept, await second.Agents["writer", "1"].HistoryAsync());
    }

    [Fact]
    public async Task A_process_that_stops_leaves_its_turns_to_the_next()
    {
        var journals = new MemoryJournals();
        TurnId turn;
        await using (var first = await StartAsync(journals, new ScriptedProvider(Script.Text("a").Stall(out var silent))))
        {
            turn = (await first.Agents["writer", "1"].StartAsync("go")).Id;
            await silent.ReachedAsync();
        }
        await using var second = await StartAsync(journals, new ScriptedProvider("b"));
        Assert.Equal("b", Assert.IsType<TurnCompleted>((await second.Agents["writer", "1"].Turn(turn).ReadAsync().CollectAsync())[^1]).Text);
    }
}
