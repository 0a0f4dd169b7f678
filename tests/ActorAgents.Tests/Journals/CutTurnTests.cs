using ActorAgents.Testing;
using ActorAgents.Tests.Tools;
using Akka.Actor;
using Microsoft.Extensions.AI;
using static ActorAgents.Tests.Journals.DurableRuntime;

namespace ActorAgents.Tests.Journals;

/// <summary>Turns whose process ended. A copy of the journals is what is left of one that was killed at that instant.</summary>
public sealed class CutTurnTests
{
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

    [Fact, Trait("Behaviour", "P07")]
    public async Task A_tool_that_finished_is_not_run_again_and_of_one_that_ran_the_outcome_is_unknown()
    {
        var journals = new MemoryJournals();
        var (quick, slow) = (new ScriptedTool("quick", _ => "done"), new ScriptedTool("slow").Holds(out var gate));
        void Tools(AgentBuilder a) => a.WithTool(quick).WithTool(slow);
        var (killed, handle) = await CutAfterOneOfTwoCallsAsync(journals, gate, Tools);
        await using var _ = killed;

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

        var (provider, source) = (new ScriptedProvider(), new HeldSource());
        await using var next = await StartAsync(cut, provider, a => a.WithTool(look).WithToolSource("held"), more: more => more.AddToolSource("held", source));
        await source.Gate.ReachedAsync();
        await next.Agents["writer", "1"].InterruptAsync(turn, InterruptMode.AfterStep); // Of which none is left.
        source.Gate.Open();
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

    [Theory, InlineData(Durability.Turn), InlineData(Durability.BeforePublish), Trait("Behaviour", "M12")]
    public async Task One_that_is_closed_keeps_the_results_of_its_calls(Durability durability)
    {
        var (journals, quick, slow) = (new MemoryJournals(), new ScriptedTool("quick", _ => "done"), new ScriptedTool("slow").Holds(out var gate));
        void Close(AgentBuilder a) => a.WithTool(quick).WithTool(slow).WithDurability(durability, TurnRecovery.Close);
        var (killed, handle) = await CutAfterOneOfTwoCallsAsync(journals, gate, Close);
        await using var _ = killed;

        var cut = journals.Copy();
        for (var i = 0; i < 2; i++) // And the process after that finds the same.
        {
            await using var next = await StartAsync(cut, new ScriptedProvider(), Close);
            Assert.IsType<TurnInterrupted>((await next.Agents["writer", "1"].Turn(handle.Id).ReadAsync().CollectAsync())[^1]);
            var messages = await next.Agents["writer", "1"].GetMessagesAsync();
            AssertPaired(messages);
            Assert.Equal(("done", "Error: the process that ran it ended; the outcome is unknown."), (messages.ResultOf("c1"), messages.ResultOf("c2")));
        }
        gate.Open();
    }

    [Fact, Trait("Behaviour", "M12")]
    public async Task One_that_is_interrupted_before_it_goes_on_keeps_the_results_of_its_calls()
    {
        var (journals, quick, slow) = (new MemoryJournals(), new ScriptedTool("quick", _ => "done"), new ScriptedTool("slow").Holds(out var gate));
        void Tools(AgentBuilder a) => a.WithTool(quick).WithTool(slow);
        var (killed, handle) = await CutAfterOneOfTwoCallsAsync(journals, gate, Tools);
        await using var _ = killed;

        var source = new HeldSource();
        await using var next = await StartAsync(journals.Copy(), new ScriptedProvider(), a => { Tools(a); a.WithToolSource("held"); }, more: more => more.AddToolSource("held", source));
        await source.Gate.ReachedAsync();
        var agent = next.Agents["writer", "1"];
        Assert.True(await agent.InterruptAsync(handle.Id));
        await agent.WhenEndedAsync(handle.Id);

        var messages = await agent.GetMessagesAsync();
        AssertPaired(messages);
        Assert.Equal(("done", "Error: the process that ran it ended; the outcome is unknown."), (messages.ResultOf("c1"), messages.ResultOf("c2")));
        gate.Open();
    }

    [Fact]
    public async Task One_that_is_interrupted_before_it_goes_on_keeps_what_it_said()
    {
        var (journals, killed, handle) = await CutInMidSentenceAsync();
        await using var _ = killed;

        var source = new HeldSource();
        await using var next = await StartAsync(journals.Copy(), new ScriptedProvider(), a => a.WithDurability(Durability.BeforePublish).WithToolSource("held"), p => p.ContinuesText(), more => more.AddToolSource("held", source));
        await source.Gate.ReachedAsync();
        var agent = next.Agents["writer", "1"];
        Assert.True(await agent.InterruptAsync(handle.Id));
        await agent.WhenEndedAsync(handle.Id);

        Assert.Equal(["user: go (interrupted)", "assistant: Hel (interrupted)"], await agent.HistoryAsync());
    }

    [Fact]
    public async Task A_request_that_failed_is_repeated_with_the_beginning_that_it_goes_on_from()
    {
        var (journals, killed, handle) = await CutInMidSentenceAsync();
        await using var _ = killed;

        var provider = new ScriptedProvider(Script.Fails(503), "lo");
        await using var next = await StartAsync(journals.Copy(), provider, a => a.WithDurability(Durability.BeforePublish), p => p.ContinuesText());
        Assert.Equal("Hello", Assert.IsType<TurnCompleted>((await next.Agents["writer", "1"].Turn(handle.Id).ReadAsync().CollectAsync())[^1]).Text);

        Assert.Equal(["user: go", "assistant: Hel"], provider.Requests[1].Lines());
        Assert.Equal(["user: go", "assistant: Hello"], await next.Agents["writer", "1"].HistoryAsync());
    }

    [Fact, Trait("Behaviour", "M12")]
    public async Task What_a_closed_turn_said_in_the_step_that_was_cut_is_kept()
    {
        var (journals, killed, handle) = await CutInMidSentenceAsync(TurnRecovery.Close);
        await using var _ = killed;

        await using var next = await StartAsync(journals.Copy(), new ScriptedProvider(), a => a.WithDurability(Durability.BeforePublish, TurnRecovery.Close));
        Assert.Equal("Hel", Assert.IsType<TurnInterrupted>((await next.Agents["writer", "1"].Turn(handle.Id).ReadAsync().CollectAsync())[^1]).Partial);
        Assert.Equal(["user: go (interrupted)", "assistant: Hel (interrupted)"], await next.Agents["writer", "1"].HistoryAsync());
    }

    [Fact, Trait("Behaviour", "M07")]
    public async Task A_tool_that_was_required_for_the_first_step_is_not_required_again()
    {
        var journals = new MemoryJournals();
        var look = new ScriptedTool("look", _ => "files");
        void Stores(AgentBuilder a) => a.WithTool(look).WithDurability(Durability.BeforePublish);
        await using var killed = await StartAsync(journals, new ScriptedProvider(Script.Call("look", callId: "c1"), Script.Text("Two").Stall(out _)), Stores);
        var handle = await killed.Agents["writer", "1"].StartAsync("go", new() { Chat = new() { ToolMode = ChatToolMode.RequireAny } });
        await using var before = handle.ReadAsync().Probe();
        await before.UntilAsync<TextDelta>();

        var provider = new ScriptedProvider("Two files.");
        await using var next = await StartAsync(journals.Copy(), provider, Stores);
        Assert.Equal("Two files.", Assert.IsType<TurnCompleted>((await next.Agents["writer", "1"].Turn(handle.Id).ReadAsync().CollectAsync())[^1]).Text);
        Assert.Null(provider.Requests[0].Options!.ToolMode);
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
    public async Task An_interruption_that_was_told_holds_when_the_agent_goes_before_its_end_is_stored()
    {
        var journals = new MemoryJournals();
        static void Stores(AgentBuilder a) => a.WithDurability(Durability.BeforePublish);
        TurnHandle handle;
        await using (var node = await StartAsync(journals, new ScriptedProvider(Script.Stall(out var first).Text("a").Stall(out var silent)), Stores))
        {
            var agent = node.Agents["writer", "1"];
            handle = await agent.StartAsync("go");
            await first.ReachedAsync();
            var bucket = await node.System.ActorSelection($"/user/durable-agents/{Buckets.NumberOf(agent.Id)}").ResolveOne(TimeSpan.FromSeconds(10));
            var gone = bucket.WatchAsync();
            using (journals.Pause())
            {
                first.Open();
                await silent.ReachedAsync(); // What was said is on its way to the journal, and the end waits behind it.
                Assert.True(await agent.InterruptAsync(handle.Id));
                bucket.Tell(AgentProtocol.HandOff.Instance);
                await node.System.WhenQuietAsync();
            }
            await gone.WaitAsync(TimeSpan.FromSeconds(30));
        }

        var provider = new ScriptedProvider("again");
        await using var next = await StartAsync(journals, provider, Stores);
        Assert.Equal(InterruptReason.User, Assert.IsType<TurnInterrupted>((await next.Agents["writer", "1"].Turn(handle.Id).ReadAsync().CollectAsync())[^1]).Reason);
        Assert.Empty(provider.Requests);
    }

    [Fact, Trait("Behaviour", "T48")]
    public async Task One_that_was_asked_to_stop_after_its_step_makes_no_request_in_the_next_process_either()
    {
        var (journals, quick, slow) = (new MemoryJournals(), new ScriptedTool("quick", _ => "done"), new ScriptedTool("slow").Holds(out var gate));
        void Tools(AgentBuilder a) => a.WithTool(quick).WithTool(slow);
        var (killed, handle) = await CutAfterOneOfTwoCallsAsync(journals, gate, Tools);
        await using var _ = killed;
        Assert.True(await handle.InterruptAsync(InterruptMode.AfterStep));

        var provider = new ScriptedProvider();
        await using var next = await StartAsync(journals.Copy(), provider, Tools);
        Assert.Equal(InterruptReason.User, Assert.IsType<TurnInterrupted>((await next.Agents["writer", "1"].Turn(handle.Id).ReadAsync().CollectAsync())[^1]).Reason);
        Assert.Empty(provider.Requests);
        AssertPaired(await next.Agents["writer", "1"].GetMessagesAsync());
        gate.Open();
    }

    [Fact, Trait("Behaviour", "T48")]
    public async Task One_that_was_asked_to_stop_after_its_step_keeps_what_that_had_said()
    {
        var (journals, killed, handle) = await CutInMidSentenceAsync();
        await using var _ = killed;
        Assert.True(await handle.InterruptAsync(InterruptMode.AfterStep));

        await using var next = await StartAsync(journals.Copy(), new ScriptedProvider(), a => a.WithDurability(Durability.BeforePublish));
        var events = await next.Agents["writer", "1"].Turn(handle.Id).ReadAsync().CollectAsync();
        Assert.Equal("Hel", Assert.IsType<TurnInterrupted>(events[^1]).Partial);
        Assert.Empty(events.OfType<Reset>());
        Assert.Equal(["user: go (interrupted)", "assistant: Hel (interrupted)"], await next.Agents["writer", "1"].HistoryAsync());
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

    /// <summary>A process whose turn has said "Hel", which is stored.</summary>
    private static async Task<(MemoryJournals, AgentRuntime, TurnHandle)> CutInMidSentenceAsync(TurnRecovery recovery = TurnRecovery.Resume)
    {
        var journals = new MemoryJournals();
        var killed = await StartAsync(journals, new ScriptedProvider(Script.Text("Hel").Stall(out var silent)), a => a.WithDurability(Durability.BeforePublish, recovery));
        var handle = await killed.Agents["writer", "1"].StartAsync("go");
        await using var before = handle.ReadAsync().Probe();
        await before.UntilAsync<TextDelta>();
        await silent.ReachedAsync();
        return (journals, killed, handle);
    }

    /// <summary>A process whose turn has one call over and another that runs; the end of the first is stored.</summary>
    private static async Task<(AgentRuntime, TurnHandle)> CutAfterOneOfTwoCallsAsync(MemoryJournals journals, Gate slow, Action<AgentBuilder> agent)
    {
        var killed = await StartAsync(journals, new ScriptedProvider(Script.Text("Let me see. ").Call("quick", callId: "c1").Call("slow", callId: "c2")), agent);
        var handle = await killed.Agents["writer", "1"].StartAsync("go");
        await using var before = handle.ReadAsync().Probe();
        await slow.ReachedAsync();
        for (var seen = 0; seen < 2;) if (await before.NextAsync() is ToolFinished or StepFinished) seen++;
        return (killed, handle);
    }

    /// <summary>Tells its tools when the gate is opened.</summary>
    private sealed class HeldSource : IToolSource
    {
        public Gate Gate { get; } = new();

        public async ValueTask<IReadOnlyList<AITool>> GetToolsAsync(CancellationToken cancellationToken)
        {
            await Gate.WaitAsync(cancellationToken);
            return [];
        }
    }

    private static void AssertPaired(IEnumerable<ChatMessage> messages)
    {
        var contents = messages.SelectMany(m => m.Contents).ToArray();
        var (calls, results) = (contents.OfType<FunctionCallContent>().Select(c => c.CallId).ToList(), contents.OfType<FunctionResultContent>().Select(r => r.CallId).ToList());
        Assert.Equal(calls.Order(), results.Order());
        Assert.Equal(calls.Distinct().Count(), calls.Count);
    }
}
