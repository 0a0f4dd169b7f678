using ActorAgents.Providers.Tests.Interop;
using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore.Tests.Interop.A2A;

/// <summary>Clients that go, come back, stop a task, or are asked.</summary>
public sealed class LeavingTests
{
    [InteropFact]
    public async Task A_client_that_goes_in_mid_answer_finds_what_it_missed_and_the_rest_without_a_gap()
    {
        var provider = new ScriptedProvider(Script.Text("Once ", "upon ").Stall(out var gate).Text("a ").Stall(out var later).Text("time"));
        await using var server = await AgentServer.StartAsync(provider, Probe.Serve);
        using var first = Peer.Start(server, new { task = "stream", text = "hello" });
        var begun = await first.UntilAsync(next => next.IsArtifact);
        await gate.ReachedAsync();

        first.Leave();
        await first.RestAsync();
        Assert.Equal(Probe.OneActive, await Probe.OfAsync(server));
        gate.Open();
        await later.ReachedAsync();
        using var second = Peer.Start(server, new { task = "subscribe", taskId = begun[0].TaskId });
        using var third = Peer.Start(server, new { task = "subscribe", taskId = begun[0].TaskId });
        var told = new List<Told> { await second.NextAsync() };
        Assert.Equal(("task", "TASK_STATE_WORKING", "Once upon a "), (told[0].Event, told[0].State, told[0].Answer));
        await third.NextAsync();
        later.Open();
        told.AddRange(await second.RestAsync());

        Assert.Equal("Once upon a time", told.Answer());
        Assert.Equal(["time", ""], told.Where(next => next.IsArtifact).Select(next => next.Text));
        Assert.Equal(told[1..].Select(next => (next.Event, next.Text)), (await third.RestAsync()).Select(next => (next.Event, next.Text)));
        Assert.Equal("TASK_STATE_COMPLETED", told[^1].State);
        await Probe.OneCompleted.ComesAsync(server, provider);
    }

    [InteropTheory]
    [InlineData("before the first token")]
    [InlineData("in mid answer")]
    [InlineData("while a tool runs")]
    public async Task A_cancel_stops_the_turn_and_its_provider_and_answers_the_task(string moment)
    {
        var gate = new Gate();
        var provider = new ScriptedProvider(moment switch
        {
            "before the first token" => Script.Stall(gate).Text("Once"),
            "in mid answer" => Script.Text("Once ").Stall(gate).Text("upon"),
            _ => Script.Text("Once ").Call("look"),
        });
        await using var server = await AgentServer.StartAsync(provider, Probe.Serve, a => a.WithTool(new ScriptedTool("look").Holds(gate)));
        using var peer = Peer.Start(server, new { task = "stream", text = "hello" });
        var told = new List<Told> { await peer.NextAsync() };
        await gate.ReachedAsync();
        Assert.Equal(Probe.OneActive, await Probe.OfAsync(server));

        var task = await Peer.AskAsync(server, new { task = "cancel", taskId = told[0].TaskId });

        await Probe.OneAborted.ComesAsync(server, provider);
        told.AddRange(await peer.RestAsync());
        Assert.Equal(("TASK_STATE_CANCELED", "TASK_STATE_CANCELED"), (task.State, told[^1].State));
        Assert.Equal(moment == "before the first token" ? "" : "Once ", told.Answer());
        Assert.Equal("TaskNotCancelableError", (await Peer.AskAsync(server, new { task = "cancel", taskId = told[0].TaskId })).Error!.Type);
    }

    [InteropFact]
    public async Task A_task_that_waits_for_another_is_told_at_once_and_can_be_cancelled()
    {
        var provider = new ScriptedProvider(Script.Text("Once ").Stall(out var gate));
        await using var server = await AgentServer.StartAsync(provider);
        using var busy = Peer.Start(server, new { task = "stream", text = "first", contextId = "ann" });
        await gate.ReachedAsync();

        using var waiting = Peer.Start(server, new { task = "stream", text = "second", contextId = "ann" });
        var submitted = await waiting.NextAsync();
        var cancelled = await Peer.AskAsync(server, new { task = "cancel", taskId = submitted.TaskId });

        Assert.Equal(("TASK_STATE_SUBMITTED", "TASK_STATE_CANCELED"), (submitted.State, cancelled.State));
        Assert.Equal("TASK_STATE_CANCELED", Assert.Single(await waiting.RestAsync()).State);
        gate.Open();
    }

    [InteropFact]
    public async Task A_call_that_returns_at_once_leaves_the_task_to_be_polled()
    {
        var provider = new ScriptedProvider(Script.Text("Once ").Stall(out var gate).Text("upon"));
        await using var server = await AgentServer.StartAsync(provider);

        var task = await Peer.AskAsync(server, new { task = "send", text = "hello", atOnce = true });
        await gate.ReachedAsync();
        var polled = await Peer.AskAsync(server, new { task = "get", taskId = task.TaskId });
        gate.Open();
        await server.Agents["assistant", task.ContextId!].WhenEndedAsync(new TurnId(task.TaskId!.Split('.')[0]));

        Assert.Contains(task.State, new[] { "TASK_STATE_SUBMITTED", "TASK_STATE_WORKING" });
        Assert.Equal(("TASK_STATE_WORKING", "Once "), (polled.State, polled.Answer));
    }

    public static TheoryData<string, object, string> Answers => new()
    {
        { "send", new { text = "yes" }, "sent" },
        { "stream", new { text = "Yes." }, "sent" },
        { "stream", new { text = "no" }, "" },
        { "send", new { data = new { approved = true } }, "sent" },
        { "stream", new { data = new { approved = false, reason = "Not today." } }, "Not today." },
    };

    [InteropTheory, MemberData(nameof(Answers))]
    public async Task A_task_that_asks_ends_the_stream_and_goes_on_with_the_answer(string way, object answer, string result)
    {
        var send = new ScriptedTool("send", _ => "sent", "to");
        var provider = new ScriptedProvider(Script.Text("Sending. ").Call("send", new { to = "bob" }), Script.Text("Done."));
        await using var server = await AgentServer.StartAsync(provider, Probe.Serve, a => a.WithTool(new ApprovalRequiredAIFunction(send)));
        using var asked = Peer.Start(server, new { task = way, text = "hello" });
        var question = (await asked.RestAsync())[^1];
        Assert.Equal("TASK_STATE_INPUT_REQUIRED", question.State);
        Assert.Equal("bob", question.Data![0].GetProperty("arguments").GetProperty("to").GetString());
        Assert.Equal("send", question.Data[0].GetProperty("tool").GetString());
        Assert.Equal((0, Probe.OneActive), (send.Started, await Probe.OfAsync(server)));

        using var watching = Peer.Start(server, new { task = "subscribe", taskId = question.TaskId });
        Assert.Equal("TASK_STATE_INPUT_REQUIRED", (await watching.NextAsync()).State);
        using var answering = Peer.Start(server, new { task = way, taskId = question.TaskId, parts = new[] { answer } });
        var told = await answering.RestAsync();

        Assert.Equal((question.TaskId, "TASK_STATE_COMPLETED"), (told[^1].TaskId, told[^1].State));
        Assert.Equal("Sending. Done.", told.Answer());
        var watched = await watching.RestAsync();
        Assert.Equal("TASK_STATE_COMPLETED", watched[^1].State);
        Assert.DoesNotContain("INPUT_REQUIRED", watched.States());
        Assert.Equal(result == "sent" ? 1 : 0, send.Started);
        Assert.Contains(result, ((FunctionResultContent)provider.Requests[1].Messages[^1].Contents[0]).Result!.ToString());
        await Probe.OneCompleted.ComesAsync(server, provider);
    }

    [InteropFact]
    public async Task Of_two_questions_each_is_answered_by_its_id_and_the_task_asks_until_both_are()
    {
        var send = new ScriptedTool("send", _ => "sent");
        var provider = new ScriptedProvider(Script.Call("send").Call("send"), Script.Text("Done."));
        await using var server = await AgentServer.StartAsync(provider, agent: a => a.WithTool(new ApprovalRequiredAIFunction(send)));
        using var asked = Peer.Start(server, new { task = "stream", text = "hello" });
        var taskId = (await asked.RestAsync())[0].TaskId;
        using var watching = Peer.Start(server, new { task = "subscribe", taskId });
        var questions = (await watching.UntilAsync(next => next.Data is [_, _]))[^1].Data!.Select(data => data.GetProperty("requestId").GetString()).ToArray();

        var unclear = await Peer.AskAsync(server, new { task = "send", taskId, text = "yes" });
        var one = await Peer.AskAsync(server, new { task = "send", taskId, parts = new[] { new { data = new { approved = true, requestId = questions[1] } } } });
        var both = await Peer.AskAsync(server, new { task = "send", taskId, parts = new[] { new { data = new { approved = true, requestId = questions[0] } } } });

        Assert.Equal(-32602, unclear.Error!.Code);
        Assert.Equal(("TASK_STATE_INPUT_REQUIRED", questions[0]), (one.State, one.Data!.Single().GetProperty("requestId").GetString()));
        Assert.Equal(("TASK_STATE_COMPLETED", "Done.", 2), (both.State, both.Answer, send.Started));
    }
}
