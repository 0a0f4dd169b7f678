using ActorAgents.Providers.Tests.Interop;
using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore.Tests.Interop.AGUI;

public sealed class InterruptTests
{
    private readonly ScriptedTool _send = new("send", call => $"sent to {call.Arguments["to"]}"), _look = new("look", _ => "seen");

    private Task<AgentServer> StartAsync(ScriptedProvider provider, Action<ActorAgentsHttpOptions>? http = null, Action<AgentBuilder>? agent = null) => AgentServer.StartAsync(provider, http, a =>
    {
        a.WithTool(new ApprovalRequiredAIFunction(_send)).WithTool(_look);
        agent?.Invoke(a);
    });

    [InteropTheory, InlineData(true), InlineData(false)]
    public async Task A_call_that_needs_an_approval_ends_the_run_with_a_question_and_the_next_run_goes_on_with_the_answer(bool approved)
    {
        var provider = new ScriptedProvider(Script.Text("Let me send it. ").Call("send", new { to = "Ann" }, "c1").Usage(3, 4), Script.Text("Done.").Usage(5, 6));
        await using var server = await StartAsync(provider, Probe.Serve);

        using var client = Client.Start(server, new Run("hello", RunId: "r1"), new Run(Answers: [approved ? Run.Yes : Run.No("not now.")], RunId: "r2"));
        var shown = await client.CleanRestAsync();

        Assert.Equal(["interrupt", "success"], shown.Outcomes());
        var interrupt = Assert.Single(shown.Of("RUN_FINISHED")[0].GetProperty("outcome").GetProperty("interrupts").EnumerateArray());
        Assert.Equal(("tool_call", "c1", "send", "Ann"), (interrupt.Text("reason"), interrupt.Text("toolCallId"), interrupt.GetProperty("metadata").Text("tool"), interrupt.GetProperty("metadata").GetProperty("arguments").Text("to")));
        Assert.Equal(["r1", "r2"], shown.Of("RUN_FINISHED").Select(e => e.Text("runId")));
        Assert.Equal([7, 11], shown.Of("RUN_FINISHED").Select(e => e.GetProperty("usage")[0].GetProperty("totalTokens").GetInt32()));
        Assert.Single(shown.Of("TOOL_CALL_START"));
        var result = Assert.Single(shown.Of("TOOL_CALL_RESULT"));
        Assert.Equal(approved ? "sent to Ann" : "Tool call invocation was rejected by the approver and must not be retried. Reason: not now.", result.Text("content"));
        Assert.Equal(["user: hello", """assistant: Let me send it.  [send {"to":"Ann"}]""", $"tool: {result.Text("content")} <c1>", "assistant: Done."], shown.Conversation());
        Assert.Equal(approved ? 1 : 0, _send.Started);
        await Probe.OneCompleted.ComesAsync(server, provider);
        Assert.Empty(shown.Of("MESSAGES_SNAPSHOT"));
    }

    [InteropFact]
    public async Task A_run_asks_all_of_its_questions_at_once_and_safe_calls_run_meanwhile()
    {
        var provider = new ScriptedProvider(Script.Call("send", new { to = "Ann" }, "c1").Call("look", callId: "c2").Call("send", new { to = "Bob" }, "c3"), Script.Call("send", new { to = "Cid" }, "c4"), Script.Text("Done."));
        await using var server = await StartAsync(provider);

        using var client = Client.Start(server, new Run("hello"), new Run(Answers: [Run.Yes, Run.No("no.")]), new Run(Answers: [Run.GivenUp]));
        var shown = await client.CleanRestAsync();

        Assert.Equal(["interrupt", "interrupt", "success"], shown.Outcomes());
        Assert.Equal([2, 1, 0], shown.Where(line => line.Interrupts is not null).Select(line => line.Interrupts!.Value.GetArrayLength()));
        Assert.Equal((1, 1), (_send.Started, _look.Started));
        Assert.Equal(["c1", "c2", "c3", "c4"], shown.Of("TOOL_CALL_RESULT").Select(e => e.Text("toolCallId")).Order());
        Assert.Equal("assistant: Done.", shown.Conversation()[^1]);
        Assert.Equal(8, shown.Conversation().Count);
    }

    [InteropFact]
    public async Task An_answer_to_nothing_is_refused_unless_it_gives_up_and_is_left_out_where_there_is_more()
    {
        var provider = new ScriptedProvider(Script.Call("send", new { to = "Ann" }, "c1"), Script.Text("Done."), Script.Text("Hi."));
        await using var server = await StartAsync(provider);
        object stranger = new { interruptId = "nobody", status = "resolved", payload = new { approved = true } };

        using var client = Client.Start(server, new Run("hello"), new Run(Answers: [Run.Yes], Strangers: [stranger]),
            new Run(Strangers: [stranger]), new Run(Strangers: [new { interruptId = "nobody", status = "cancelled" }]), new Run("again", Strangers: [stranger]));
        var shown = await client.RestAsync();

        var problem = Assert.Single(shown, line => line.Error is not null).Error!;
        Assert.Equal(409, problem.Status);
        Assert.Contains("unknown_interrupt", problem.Message);
        Assert.Equal(["interrupt", "success", "success", "success"], shown.Outcomes());
        Assert.Equal(3, shown.Of("RUN_STARTED").Count(e => e.TryGetProperty("metadata", out var metadata) && metadata.GetProperty("unknownInterrupts")[0].GetString() == "nobody"));
        Assert.Equal("assistant: Hi.", shown.Conversation()[^1]);
        Assert.Equal(3, provider.CallsStarted);
    }

    [InteropTheory, InlineData(true), InlineData(false)]
    public async Task A_call_of_the_clients_tool_beside_a_question_is_the_clients_once_the_question_is_answered(bool inPieces)
    {
        var call = inPieces ? Script.CallInPieces("get_weather", """{"city":"Riga"}""", callId: "c1") : Script.Call("get_weather", new { city = "Riga" }, "c1");
        var provider = new ScriptedProvider(call.Call("send", new { to = "Ann" }, "c2"), Script.Text("Done."));
        await using var server = await StartAsync(provider);

        using var client = Client.Start(server, new Run("hello", Tools: true), new Run(Tools: true, Answers: [Run.Yes]));
        var shown = await client.CleanRestAsync();

        Assert.Equal(["interrupt", "success", "success"], shown.Outcomes());
        Assert.Equal("c1", Assert.Single(shown.Of("RUN_FINISHED")[1].GetProperty("outcome").GetProperty("pendingToolCallIds").EnumerateArray()).GetString());
        Assert.Equal((1, 2), (shown.Of("TOOL_CALL_START").Count(e => e.Text("toolCallId") == "c1"), shown.Of("TOOL_CALL_END").Count));
        Assert.Equal("Riga", Assert.Single(shown, line => line.Call is not null).Call!.Arguments["city"]);
        Assert.Equal(["user: hello", "tool: sent to Ann <c2>", "tool: 18 <c1>", "assistant: Done."], shown.Conversation().Where(line => !line.StartsWith("assistant: [", StringComparison.Ordinal)));
        Assert.Equal(["18", "sent to Ann"], provider.Requests[1].Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Select(result => result.Result?.ToString()).Order());
    }

    [InteropFact]
    public async Task A_client_that_has_forgotten_the_question_is_told_of_it()
    {
        var provider = new ScriptedProvider(Script.Call("send", new { to = "Ann" }, "c1"), Script.Text("Done."));
        await using var server = await StartAsync(provider);

        using var client = Client.Start(server, new Run("hello"), new Run("hello?", Forgets: true));
        var shown = await client.RestAsync();

        var problem = Assert.Single(shown, line => line.Error is not null).Error!;
        Assert.Equal(409, problem.Status);
        Assert.Contains("open_interrupt", problem.Message);
        Assert.Contains(shown.Of("RUN_FINISHED")[0].GetProperty("outcome").GetProperty("interrupts")[0].Text("id"), problem.Message);
    }

    [InteropFact]
    public async Task A_client_that_goes_before_it_is_asked_interrupts_the_turn_and_one_that_goes_later_does_not()
    {
        var provider = new ScriptedProvider(Script.Call("send", new { to = "Ann" }, "c1").Stall(out var gate), Script.Text("Done."));
        await using var server = await StartAsync(provider, Probe.Serve);
        using (var client = Client.Start(server, new Run("hello")))
        {
            await client.UntilAsync("TOOL_CALL_END");
            await gate.ReachedAsync();
            client.Abort();
            await Probe.OneAborted.ComesAsync(server, provider);
        }
        Assert.Equal(0, Pauses(server));
        provider = new ScriptedProvider(Script.Call("send", new { to = "Ann" }, "c1"), Script.Text("Done."));
        await using var patient = await StartAsync(provider, Probe.Serve);
        using (var client = Client.Start(patient, new Run("hello"))) await client.CleanRestAsync();

        Assert.Equal((Probe.OneActive, 1), (await Probe.OfAsync(patient), Pauses(patient)));
    }

    private static int Pauses(AgentServer server) => ((AGUIPauses)server.Services.GetService(typeof(AGUIPauses))!).Count;
}
