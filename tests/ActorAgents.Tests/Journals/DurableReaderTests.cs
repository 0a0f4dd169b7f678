using ActorAgents.Testing;
using ActorAgents.Tests.Tools;
using Akka.Actor;
using Microsoft.Extensions.AI;
using static ActorAgents.Tests.Journals.DurableRuntime;

namespace ActorAgents.Tests.Journals;

/// <summary>Readers of durable turns.</summary>
public sealed class DurableReaderTests
{
    [Fact]
    public async Task What_a_reader_sees_before_publishing_is_stored()
    {
        var journals = new MemoryJournals();
        await using var runtime = await StartAsync(journals, new ScriptedProvider(Script.Text("a").Text("b").Stall(out var silent).Text("c")), a => a.WithDurability(Durability.BeforePublish));
        var agent = runtime.Agents["writer", "1"];
        var handle = await agent.StartAsync("go");
        await using var probe = handle.ReadAsync().Probe();
        await probe.UntilAsync<TextDelta>();
        await probe.UntilAsync<TextDelta>();
        await silent.ReachedAsync();
        using (journals.Pause())
        {
            silent.Open();
            await runtime.System.WhenQuietAsync();
            Assert.DoesNotContain(await handle.GetEventsAsync(), e => e is TextDelta { Text: "c" });
        }
        Assert.Equal("abc", (await probe.EndAsync<TurnCompleted>()).Text);
        Assert.Equal("abc", string.Concat(journals.Entries(agent.Id).OfType<JournalEntry.TurnProgressed>().SelectMany(p => p.Events).OfType<TextDelta>().Select(d => d.Text)));
    }

    [Fact]
    public async Task A_slow_reader_sees_the_end_of_its_turn_however_many_came_after()
    {
        await using var runtime = await StartAsync(new MemoryJournals(), new ScriptedProvider(Script.Stall(out var gate).Text("Hello"), "1", "2", "3", "4", "5", "6"));
        var agent = runtime.Agents["writer", "1"];
        await using var slow = agent.EventsAsync("first").Probe();
        await slow.UntilAsync<TurnStarted>(); // All that there is yet.

        gate.Release();
        for (var i = 0; i < 6; i++) await agent.RunAsync($"later {i}");

        Assert.Equal("Hello", (await slow.EndAsync<TurnCompleted>()).Text);
    }

    [Fact]
    public async Task A_reader_is_told_of_what_is_withdrawn_by_a_run_that_stored_nothing_before_its_process_ended_too()
    {
        static void Stores(AgentBuilder a) => a.WithDurability(Durability.BeforePublish);
        var journals = new MemoryJournals();
        await using var killed = await StartAsync(journals, new ScriptedProvider(Script.Text("Hel").Text("lo").Stall(out var silent)), Stores);
        var handle = await killed.Agents["writer", "1"].StartAsync("go");
        await using var before = handle.ReadAsync().Probe();
        await before.UntilAsync<TextDelta>();
        var seen = (await before.UntilAsync<TextDelta>()).Cursor;
        await silent.ReachedAsync();
        var first = journals.Copy();
        var stored = first.Stored;

        await using (var second = await StartAsync(first, new ScriptedProvider("Howdy"), Stores)) await second.Agents["writer", "1"].Turn(handle.Id).ReadAsync().CollectAsync();
        var resumedAlone = first.Copy(stored + 1);
        Assert.IsType<JournalEntry.TurnResumed>(resumedAlone.Entries(handle.AgentId)[^1]);
        await using var third = await StartAsync(resumedAlone, new ScriptedProvider("Servus"), Stores);
        var events = await third.Agents["writer", "1"].Turn(handle.Id).ReadAsync(seen).CollectAsync();

        Assert.True(Assert.IsType<Reset>(events[0]).FromSeq < seen.Seq);
        Assert.Equal("Servus", Assert.IsType<TurnCompleted>(events[^1]).Text);
    }

    [Fact]
    public async Task The_log_of_an_ended_turn_is_read_again_in_the_next_process()
    {
        var journals = new MemoryJournals();
        List<TurnEvent> events;
        TurnId turn;
        await using (var first = await StartAsync(journals, new ScriptedProvider(Script.Text("a").Text("b"))))
        {
            var handle = await first.Agents["writer", "1"].StartAsync("go");
            (turn, events) = (handle.Id, await handle.ReadAsync().CollectAsync());
        }
        await using var second = await StartAsync(journals, new ScriptedProvider());
        Assert.Equal(events.Select(e => e.ToString()), (await second.Agents["writer", "1"].Turn(turn).ReadAsync().CollectAsync()).Select(e => e.ToString()));
        Assert.Equal(events.Skip(2).Select(e => e.Seq), (await second.Agents["writer", "1"].Turn(turn).GetEventsAsync(new(1, 2))).Select(e => e.Seq));
    }
}
