using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.Tests.Tools;

public sealed class ToolContextTests
{
    [Theory, EveryWayOut]
    public async Task A_tool_knows_which_call_of_which_turn_it_is(WayOut way)
    {
        var tool = new ScriptedTool("tool");
        await using var one = await OneAgent.StartAsync(way, new ScriptedProvider(Script.Call("tool", callId: "c1"), "Done."), tool);

        await one.ReadAllAsync("go");

        var context = Assert.Single(tool.Calls).Context!;
        Assert.Equal((one.Agent.Id, one.Turn, "c1"), (context.AgentId, context.TurnId, context.CallId));
    }

    [Theory, EveryWayOut]
    public async Task Progress_is_seen_while_the_tool_runs(WayOut way)
    {
        var tool = new ScriptedTool("tool").Reports("10 %").Holds(out var half).Reports("60 %").Holds(out var end);
        await using var one = await OneAgent.StartAsync(way, new ScriptedProvider(Script.Call("tool", callId: "c1"), "Done."), tool);

        await using var probe = one.Probe("go");
        var first = await probe.UntilAsync<ToolProgress>();
        Assert.Equal(("c1", "tool", "10 %"), (first.CallId, first.Tool, first.Value));
        half.Open();
        Assert.Equal("60 %", (await probe.UntilAsync<ToolProgress>()).Value);
        end.Open();
        await probe.UntilAsync<ToolFinished>();
        await probe.EndAsync<TurnCompleted>();
    }

    [Fact]
    public async Task Unread_progress_is_conflated_to_the_newest_of_each_call()
    {
        var tool = new ScriptedTool("tool").Reports("1", "2", "3").Holds(out var gate);
        await using var one = await OneAgent.StartAsync(WayOut.AwaitForeach, new ScriptedProvider(Script.Call("tool", callId: "c1").Call("tool", callId: "c2"), "Done."), tool);

        await using var probe = one.Probe("go");
        await probe.UntilAsync<ToolStarted>();
        await gate.ReachedAsync();
        await probe.UntilAsync<ToolStarted>();
        await gate.ReachedAsync(2);
        gate.Open();
        await tool.EndedAsync(2);
        await probe.EndAsync<TurnCompleted>();

        Assert.Equal([("c1", "3"), ("c2", "3")], probe.Seen.OfType<ToolProgress>().Select(e => (e.CallId, e.Value)).Order());
        Assert.Equal(["ToolProgress", "ToolFinished"], probe.Seen.Where(e => e is ToolProgress { CallId: "c2" } or ToolFinished { CallId: "c2" }).Names());
    }

    [Theory, EveryWayOut]
    public async Task Terminating_ends_the_turn_after_the_round_with_all_results_recorded(WayOut way)
    {
        var last = new ScriptedTool("last", _ => "bye").Terminates();
        var slow = new ScriptedTool("slow", _ => "slow").Holds(out var gate);
        var provider = new ScriptedProvider(Script.Text("a").Call("last", callId: "c1").Call("slow", callId: "c2"));
        await using var one = await OneAgent.StartAsync(way, provider, last, slow);

        var reading = one.ReadAllAsync("go");
        await last.EndedAsync();
        await slow.StartedAsync();
        gate.Open();
        var completed = (await reading).End<TurnCompleted>();

        Assert.Equal(("a", null, null), (completed.Text, completed.LimitReached, completed.OpenCalls));
        Assert.Single(provider.Requests);
        var history = await one.Agent.GetMessagesAsync();
        Assert.Equal(("bye", "slow"), (history.ResultOf("c1"), history.ResultOf("c2")));
    }

    [Theory, EveryWayOut, Trait("Behaviour", "M09")]
    public async Task A_tool_that_adds_a_tool_has_it_offered_and_run_from_the_next_round_on(WayOut way)
    {
        var added = new ScriptedTool("added", _ => "here");
        var tool = new ScriptedTool("tool").Does(call => call.Context!.Options.Tools!.Add(added));
        var provider = new ScriptedProvider(
            Script.Call("tool").Stall(out var silent).Call("added", callId: "early"), Script.Call("added", callId: "c1"), "Done.", "Bye.");
        await using var one = await OneAgent.StartAsync(way, provider, tool);

        var reading = one.ReadAllAsync("go");
        await tool.EndedAsync();
        silent.Open();
        var events = await reading;
        await one.ReadAllAsync("Bye.");

        Assert.Equal("Error: Requested function \"added\" not found.", events.Finished("early").Result);
        Assert.Equal("here", events.Finished("c1").Result);
        Assert.Equal([["tool"], ["tool", "added"], ["tool", "added"], ["tool"]], provider.Requests.Select(r => r.Tools));
    }

    [Theory, EveryWayOut, Trait("Behaviour", "M09")]
    public async Task A_tool_that_removes_itself_cannot_be_called_again_in_the_turn(WayOut way)
    {
        var once = new ScriptedTool("once").Does(call => call.Context!.Options.Tools!.Clear());
        var provider = new ScriptedProvider(Script.Call("once"), Script.Call("once", callId: "c2"), "Done.");
        await using var one = await OneAgent.StartAsync(way, provider, once);

        var events = await one.ReadAllAsync("go");

        Assert.Equal("Error: Requested function \"once\" not found.", events.Finished("c2").Result);
        Assert.Equal([1, 0, 0], provider.Requests.Select(r => r.Tools.Count));
        Assert.Equal(1, once.Started);
    }

    [Theory, EveryWayOut]
    public async Task Tools_that_report_without_a_pause_hide_neither_the_text_nor_each_other(WayOut way)
    {
        var reported = new int[2];
        using var stop = new CancellationTokenSource();
        var provider = new ScriptedProvider(Script.Call("a").Call("b").Text("1", "2", "3", "4", "5"), "Done.");
        await using var one = await OneAgent.StartAsync(way, provider, Chatty("a", 0), Chatty("b", 1));
        await using var probe = one.Probe("go", new TurnOptions { Pace = Pace.ByReader(1) });
        while (Count<ToolStarted>() < 2) await probe.NextAsync();

        for (var read = 0; read < 40 && !(Count<TextDelta>() == 5 && Reports("a") && Reports("b")); read++)
        {
            // Each always has a report to be read.
            for (var tool = 0; tool < 2; tool++)
            {
                var before = Volatile.Read(ref reported[tool]);
                while (Volatile.Read(ref reported[tool]) < before + 2) await Task.Yield();
            }
            await probe.NextAsync();
        }

        Assert.Equal(5, Count<TextDelta>());
        Assert.True(Reports("a") && Reports("b"));
        await stop.CancelAsync();
        await probe.EndAsync<TurnCompleted>();

        int Count<T>() => probe.Seen.OfType<T>().Count();
        bool Reports(string tool) => probe.Seen.OfType<ToolProgress>().Any(progress => progress.Tool == tool);
        AIFunction Chatty(string name, int tool) => AIFunctionFactory.Create(async (AIFunctionArguments arguments) =>
        {
            for (; !stop.IsCancellationRequested; await Task.Yield()) ToolContext.From(arguments)!.Report($"{Interlocked.Increment(ref reported[tool])}");
            return "ok";
        }, name);
    }
}
