using ActorAgents.Testing;
using ActorAgents.Tests.Tools;
using Akka.Actor;
using Microsoft.Extensions.AI;

namespace ActorAgents.Tests.Journals;

/// <summary>Agents over the end of their process. A copy of the journals is what is left of a process that was killed at that instant.</summary>
public sealed class DurableAgentTests
{
    private static Task<AgentRuntime> StartAsync(MemoryJournals journals, ScriptedProvider provider, Action<AgentBuilder>? agent = null, Action<ProviderBuilder>? configure = null) =>
        AgentRuntime.StartAsync(builder => builder.AddProvider("default", provider, configure).AddProvider("other", ScriptedProvider.Always("other"))
            .AddTool("late", new ScriptedTool("late", _ => "x"))
            .AddAgent("writer", a =>
            {
                a.WithDurability(Durability.Turn);
                agent?.Invoke(a);
            }), akka: journals.Configure);

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

    [Theory, InlineData(Durability.Turn), InlineData(Durability.BeforePublish)]
    public async Task A_turn_that_was_cut_goes_on_by_itself_and_its_reader_is_told_what_is_withdrawn(Durability durability)
    {
        var journals = new MemoryJournals();
        await using var killed = await StartAsync(journals, new ScriptedProvider(Script.Text("Hel").Text("lo").Stall(out var silent)), a => a.WithDurability(durability));
        var handle = await killed.Agents["writer", "1"].StartAsync("go");
        await using var before = handle.ReadAsync().Probe();
        await before.UntilAsync<TextDelta>();
        var seen = (await before.UntilAsync<TextDelta>()).Cursor;
        await silent.ReachedAsync();

        await using var next = await StartAsync(journals.Copy(), new ScriptedProvider("Howdy"), a => a.WithDurability(durability));
        var events = await next.Agents["writer", "1"].Turn(handle.Id).ReadAsync(seen).CollectAsync();

        var reset = Assert.IsType<Reset>(events[0]);
        Assert.Equal((2, reset.FromSeq + 1), (reset.Epoch, reset.Seq));
        Assert.True(reset.FromSeq < seen.Seq);
        Assert.Equal(Enumerable.Range(0, events.Count).Select(i => reset.Seq + i), events.Select(e => e.Seq));
        Assert.Equal("Howdy", Assert.IsType<TurnCompleted>(events[^1]).Text);
        Assert.Equal(["user: go", "assistant: Howdy"], await next.Agents["writer", "1"].HistoryAsync());
    }

    [Fact]
    public async Task A_provider_that_continues_goes_on_in_mid_sentence()
    {
        var journals = new MemoryJournals();
        await using var killed = await StartAsync(journals, new ScriptedProvider(Script.Text("Hel").Text("lo").Stall(out var silent)), a => a.WithDurability(Durability.BeforePublish));
        var handle = await killed.Agents["writer", "1"].StartAsync("go");
        await using var before = handle.ReadAsync().Probe();
        await before.UntilAsync<TextDelta>();
        var seen = (await before.UntilAsync<TextDelta>()).Cursor;

        var provider = new ScriptedProvider(", you.");
        await using var next = await StartAsync(journals.Copy(), provider, a => a.WithDurability(Durability.BeforePublish), p => p.ContinuesText());
        var events = await next.Agents["writer", "1"].Turn(handle.Id).ReadAsync(seen).CollectAsync();

        Assert.Equal(["TextDelta", "TurnCompleted"], events.Names());
        Assert.Equal(new TurnCursor(1, seen.Seq + 1), events[0].Cursor);
        Assert.Equal("Hello, you.", Assert.IsType<TurnCompleted>(events[^1]).Text);
        Assert.Equal(["user: go", "assistant: Hello"], provider.Requests[0].Lines());
        Assert.Equal(["user: go", "assistant: Hello, you."], await next.Agents["writer", "1"].HistoryAsync());
    }

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

    [Fact, Trait("Behaviour", "P07")]
    public async Task A_tool_that_finished_is_not_run_again_and_of_one_that_ran_the_outcome_is_unknown()
    {
        var journals = new MemoryJournals();
        var (quick, slow) = (new ScriptedTool("quick", _ => "done"), new ScriptedTool("slow").Holds(out var gate));
        void Tools(AgentBuilder a) => a.WithTool(quick).WithTool(slow);
        var calls = Script.Text("Let me see. ").Call("quick", callId: "c1").Call("slow", callId: "c2");
        await using var killed = await StartAsync(journals, new ScriptedProvider(calls), Tools);
        var handle = await killed.Agents["writer", "1"].StartAsync("go");
        await using var before = handle.ReadAsync().Probe();
        await gate.ReachedAsync();
        for (var seen = 0; seen < 2;) if (await before.NextAsync() is ToolFinished or StepFinished) seen++;

        var provider = new ScriptedProvider("All seen.");
        await using var next = await StartAsync(journals.Copy(), provider, Tools);
        var events = await next.Agents["writer", "1"].Turn(handle.Id).ReadAsync().CollectAsync();

        Assert.Equal("Let me see. All seen.", Assert.IsType<TurnCompleted>(events[^1]).Text);
        Assert.Equal((1, 1), (quick.Started, slow.Started));
        Assert.Equal([("c1", "done"), ("c2", "Error: the process that ran it ended; the outcome is unknown.")],
            provider.Requests[0].Messages[^1].Contents.Cast<FunctionResultContent>().Select(r => (r.CallId, (string)r.Result!)));
        Assert.Single(events.OfType<ToolFinished>(), e => e.CallId == "c1");
        Assert.Single(events.OfType<ToolFinished>(), e => e.CallId == "c2");
        gate.Open();
    }

    [Theory, InlineData(true), InlineData(false), Trait("Behaviour", "M10")]
    public async Task An_approval_that_waits_waits_again_and_is_answered_there(bool approved)
    {
        var journals = new MemoryJournals();
        var delete = new ScriptedTool("delete", _ => "gone");
        void Tools(AgentBuilder a) => a.WithTool(new ApprovalRequiredAIFunction(delete));
        await using var killed = await StartAsync(journals, new ScriptedProvider(Script.Call("delete", callId: "c1")), Tools);
        var handle = await killed.Agents["writer", "1"].StartAsync("go");
        await using var before = handle.ReadAsync().Probe();
        var asked = await before.UntilAsync<ApprovalRequested>();
        await before.UntilAsync<StepFinished>();

        await using var next = await StartAsync(journals.Copy(), new ScriptedProvider(Script.Stall(out var silent).Text("Done.")), Tools);
        var agent = next.Agents["writer", "1"];
        await using var probe = agent.Turn(handle.Id).ReadAsync().Probe();
        await probe.UntilAsync<Reset>();
        Assert.Equal(0, delete.Started);
        Assert.Equal(ApprovalOutcome.Taken, await agent.AnswerAsync(asked.RequestId, approved, "no"));
        Assert.Equal(ApprovalOutcome.AlreadyAnswered, await agent.AnswerAsync(asked.RequestId, approved: true));
        silent.Open();
        Assert.Equal(approved ? ToolOutcome.Succeeded : ToolOutcome.Rejected, (await probe.UntilAsync<ToolFinished>()).Outcome);
        Assert.Equal("Done.", (await probe.EndAsync<TurnCompleted>()).Text);
        Assert.Equal(approved ? 1 : 0, delete.Started);
    }

    [Theory, InlineData(Durability.Turn), InlineData(Durability.BeforePublish)]
    public async Task Cut_after_any_write_the_turn_comes_to_the_same_end_and_runs_no_tool_twice_that_finished(Durability durability)
    {
        static ChatScript Answer(RecordedRequest request) => request.Messages.Count(m => m.Role == ChatRole.Tool) switch
        {
            0 => Script.Text("I ").Text("look. ").Call("look", callId: "c1").Call("look", callId: "c2"),
            1 => Script.Text("Again. ").Call("look", callId: "c1"), // Some providers number the calls of each response anew.
            _ => Script.Text("Two ").Text("files."),
        };
        var journals = new MemoryJournals();
        var look = new ScriptedTool("look", _ => "files");
        void Tools(AgentBuilder a) => a.WithTool(look).WithDurability(durability);
        TurnId turn;
        await using (var whole = await StartAsync(journals, new ScriptedProvider(Answer), Tools))
        {
            var handle = await whole.Agents["writer", "1"].StartAsync("go");
            await handle.ReadAsync().CollectAsync();
            turn = handle.Id;
        }
        var writes = journals.Stored;
        Assert.True(writes >= 6, $"{writes} writes");

        for (var kept = 1; kept < writes; kept++)
        {
            var rest = journals.Copy(kept);
            var finished = rest.Entries(new AgentId("writer", "1")).OfType<JournalEntry.TurnProgressed>().SelectMany(p => p.Events).OfType<ToolFinished>().Select(e => e.CallId).ToHashSet();
            var ran = new ScriptedTool("look", _ => "files");
            await using var next = await StartAsync(rest, new ScriptedProvider(Answer), a => a.WithTool(ran).WithDurability(durability));
            var agent = next.Agents["writer", "1"];
            var events = await agent.Turn(turn).ReadAsync().CollectAsync();

            Assert.Equal(Enumerable.Range(1, events.Count), events.Select(e => (int)e.Seq));
            Assert.IsType<TurnCompleted>(events[^1]);
            Assert.True(ran.Started <= 3 - finished.Count, $"After {kept} writes, with {string.Join(',', finished)} finished, {ran.Started} calls were run.");
            AssertPaired(await agent.GetMessagesAsync());
            Assert.EndsWith("Two files.", (await agent.GetMessagesAsync())[^1].Text);
        }
    }

    [Theory, InlineData("Two files."), InlineData("")]
    public async Task An_answer_that_was_whole_when_its_process_ended_is_not_asked_for_again(string answer)
    {
        var journals = new MemoryJournals();
        var look = new ScriptedTool("look", _ => "files");
        TurnId turn;
        await using (var whole = await StartAsync(journals, new ScriptedProvider(Script.Call("look", callId: "c1"), Script.Text(answer)), a => a.WithTool(look)))
        {
            var handle = await whole.Agents["writer", "1"].StartAsync("go");
            await handle.ReadAsync().CollectAsync();
            turn = handle.Id;
        }
        var id = new AgentId("writer", "1");
        var batches = journals.Batches(id).ToList();
        var answered = batches.FindIndex(batch => batch.Entries.OfType<JournalEntry.TurnProgressed>().Any(p => p.Events.Any(e => e is StepFinished { IsLast: true })));
        var progress = batches[answered].Entries.OfType<JournalEntry.TurnProgressed>().Single();
        var cut = journals.Copy(answered); // Where the end was not stored with the step, as it may be.
        cut.Add(id, batches[answered] with { Entries = [progress with { Events = [.. progress.Events.TakeWhile(e => e is not TerminalEvent)] }] });

        var provider = new ScriptedProvider();
        await using var next = await StartAsync(cut, provider, a => a.WithTool(look));
        var events = await next.Agents["writer", "1"].Turn(turn).ReadAsync().CollectAsync();
        Assert.Equal((answer, ChatFinishReason.Stop), (Assert.IsType<TurnCompleted>(events[^1]).Text, ((TurnCompleted)events[^1]).FinishReason));
        Assert.Empty(provider.Requests);
        AssertPaired(await next.Agents["writer", "1"].GetMessagesAsync());
    }

    [Fact]
    public async Task One_that_is_closed_keeps_what_is_stored()
    {
        var journals = new MemoryJournals();
        var tool = new ScriptedTool("look", _ => "files");
        void Close(AgentBuilder a) => a.WithTool(tool).WithDurability(Durability.Turn, TurnRecovery.Close);
        await using var killed = await StartAsync(journals, new ScriptedProvider(Script.Text("I look. ").Call("look", callId: "c1"), Script.Text("Two").Stall(out var silent)), Close);
        var handle = await killed.Agents["writer", "1"].StartAsync("go");
        await silent.ReachedAsync();

        var provider = new ScriptedProvider("next");
        await using var next = await StartAsync(journals.Copy(), provider, Close);
        var agent = next.Agents["writer", "1"];
        var end = Assert.IsType<TurnInterrupted>((await agent.Turn(handle.Id).ReadAsync().CollectAsync())[^1]);
        Assert.Equal((InterruptReason.NodeLost, "I look. "), (end.Reason, end.Partial));
        await agent.RunAsync("on");
        AssertPaired(provider.Requests[0].Messages);
        Assert.Equal(1, tool.Started);
    }

    [Fact]
    public async Task A_turn_that_brings_its_process_down_each_time_is_closed_at_last()
    {
        var journals = new MemoryJournals();
        TurnId turn;
        await using (var first = await StartAsync(journals, new ScriptedProvider(Script.Text("a").Stall(out var silent))))
        {
            turn = (await first.Agents["writer", "1"].StartAsync("go")).Id;
            await silent.ReachedAsync();
            journals = journals.Copy();
        }
        for (var i = 0; i < 3; i++)
        {
            await using var again = await StartAsync(journals, new ScriptedProvider(Script.Text("a").Stall(out var stalls)));
            await stalls.ReachedAsync();
            journals = journals.Copy();
        }

        await using var last = await StartAsync(journals, new ScriptedProvider());
        var events = await last.Agents["writer", "1"].Turn(turn).ReadAsync().CollectAsync();
        Assert.Equal(InterruptReason.NodeLost, Assert.IsType<TurnInterrupted>(events[^1]).Reason);
        Assert.Equal(Enumerable.Range(1, events.Count), events.Select(e => (int)e.Seq));
    }

    [Fact]
    public async Task A_turn_that_is_handed_on_in_order_again_and_again_is_not_closed_for_that()
    {
        var journals = new MemoryJournals();
        TurnId? turn = null;
        for (var i = 0; i < 5; i++)
        {
            await using var node = await StartAsync(journals, new ScriptedProvider(Script.Text("a").Stall(out var silent)));
            turn ??= (await node.Agents["writer", "1"].StartAsync("go")).Id;
            await silent.ReachedAsync();
            var bucket = await node.System.ActorSelection($"/user/durable-agents/{Buckets.NumberOf(new AgentId("writer", "1"))}").ResolveOne(TimeSpan.FromSeconds(10));
            var gone = bucket.WatchAsync();
            bucket.Tell(AgentProtocol.HandOff.Instance);
            await gone.WaitAsync(TimeSpan.FromSeconds(10));
        }

        await using var last = await StartAsync(journals, new ScriptedProvider("b"));
        Assert.Equal("b", Assert.IsType<TurnCompleted>((await last.Agents["writer", "1"].Turn(turn!.Value).ReadAsync().CollectAsync())[^1]).Text);
    }

    [Fact]
    public async Task Text_that_was_not_stored_as_it_ran_is_withdrawn_whatever_its_kind_stores_today()
    {
        var journals = new MemoryJournals();
        await using var killed = await StartAsync(journals, new ScriptedProvider(Script.Text("Hel").Text("lo").Stall(out var silent)));
        var handle = await killed.Agents["writer", "1"].StartAsync("go");
        await silent.ReachedAsync();

        await using var next = await StartAsync(journals.Copy(), new ScriptedProvider("Howdy"), a => a.WithDurability(Durability.BeforePublish), p => p.ContinuesText());
        var events = await next.Agents["writer", "1"].Turn(handle.Id).ReadAsync().CollectAsync();
        Assert.Equal(2, Assert.Single(events.OfType<Reset>()).Epoch);
        Assert.Equal("Howdy", Assert.IsType<TurnCompleted>(events[^1]).Text);
    }

    [Fact]
    public async Task Cut_after_any_write_an_input_that_another_turn_took_in_is_answered_once()
    {
        static ChatScript Answer(RecordedRequest request) => request.Messages.Any(m => m.Role == ChatRole.Tool) ? Script.Text("Both.") : Script.Call("look", callId: "c1");
        var journals = new MemoryJournals();
        var look = new ScriptedTool("look").Holds(out var gate);
        await using var whole = await StartAsync(journals, new ScriptedProvider(Answer), a => a.WithTool(look));
        var agent = whole.Agents["writer", "1"];
        var first = await agent.StartAsync("one");
        await gate.ReachedAsync();
        var steer = await agent.StartAsync("two", new() { OnBusy = BusyPolicy.Steer });
        gate.Open();
        await first.ReadAsync().CollectAsync();
        Assert.Equal(first.Id, Assert.IsType<TurnCompleted>((await steer.ReadAsync().CollectAsync())[^1]).SteeredInto);

        var accepted = 1 + journals.Batches(agent.Id).ToList().FindIndex(batch => batch.Entries.Any(entry => entry is JournalEntry.InputAccepted { Turn: var turn } && turn == steer.Id));
        for (var kept = accepted; kept < journals.Stored; kept++)
        {
            await using var next = await StartAsync(journals.Copy(kept), new ScriptedProvider(Answer), a => a.WithTool(new ScriptedTool("look", _ => "files")));
            var again = next.Agents["writer", "1"];
            await again.Turn(first.Id).ReadAsync().CollectAsync();
            Assert.IsType<TurnCompleted>((await again.Turn(steer.Id).ReadAsync().CollectAsync())[^1]);
            Assert.Single(await again.HistoryAsync(), line => line == "user: two");
        }
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

    private static void AssertPaired(IEnumerable<ChatMessage> messages)
    {
        var contents = messages.SelectMany(m => m.Contents).ToArray();
        var (calls, results) = (contents.OfType<FunctionCallContent>().Select(c => c.CallId).ToList(), contents.OfType<FunctionResultContent>().Select(r => r.CallId).ToList());
        Assert.Equal(calls.Order(), results.Order());
        Assert.Equal(calls.Distinct().Count(), calls.Count);
    }
}

internal static class JournalProbes
{
    public static async Task<List<TurnEvent>> CollectAsync(this IAsyncEnumerable<TurnEvent> events)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        List<TurnEvent> all = [];
        await foreach (var next in events.WithCancellation(late.Token)) all.Add(next);
        return all;
    }

    /// <summary>Completes when what was under way has passed the actors' mailboxes and the pool, some rounds of both.</summary>
    public static async Task WhenQuietAsync(this Akka.Actor.ActorSystem system)
    {
        for (var i = 0; i < 20; i++)
        {
            await system.ActorSelection("/user/durable-agents").ResolveOne(TimeSpan.FromSeconds(10));
            await Task.Delay(10);
        }
    }
}
