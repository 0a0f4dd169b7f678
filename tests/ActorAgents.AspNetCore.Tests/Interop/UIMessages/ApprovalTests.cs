using System.Text.Json;
using ActorAgents.AspNetCore.Tests.Interop.Proxies;
using ActorAgents.Providers.Tests.Interop;
using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore.Tests.Interop.UIMessages;

public sealed class ApprovalTests
{
    private static Task<AgentServer> StartAsync(ScriptedProvider provider, params AITool[] tools) => AgentServer.StartAsync(agents =>
    {
        agents.AddProvider("default", provider);
        foreach (var tool in tools) agents.AddTool(tool.Name, tool);
        agents.AddAgent("assistant", a => { foreach (var tool in tools) a.WithTool(tool.Name); });
    }, Probe.Serve);

    private static AITool Asks(ScriptedTool tool) => new ApprovalRequiredAIFunction(tool);

    private static string Approval(JsonElement part) => part.GetProperty("approval").Of("id")!;

    [InteropTheory, InlineData("detached"), InlineData("attached")]
    public async Task A_call_that_is_approved_runs_and_the_same_message_goes_on_from_there(string mode)
    {
        var send = new ScriptedTool("send", _ => "sent");
        var provider = new ScriptedProvider(Script.Text("Shall I? ").Call("send", new { to = "ann" }).Text("I ask."), Script.Text("Done."));
        await using var server = await StartAsync(provider, Asks(send));
        using var page = ChatPage.Open(server, query: $"mode={mode}");

        Assert.Equal("ready", await page.SendAsync("hello"));
        var waiting = (await page.MessagesAsync())[1];
        Assert.Equal(("approval-requested", "ann"), (waiting.Tool("send").Of("state"), waiting.Tool("send").GetProperty("input").Of("to")));
        Assert.Equal(Probe.OneActive, await Probe.OfAsync(server));
        Assert.Empty(send.Calls);
        page.Do(new { @do = "approve", id = Approval(waiting.Tool("send")), approved = true });
        await page.UntilAsync("settled");

        var messages = await page.MessagesAsync();
        Assert.Equal(2, messages.Count);
        Assert.Equal("Shall I? I ask.Done.", messages[1].Text());
        Assert.Equal(("output-available", "sent"), (messages[1].Tool("send").Of("state"), messages[1].Tool("send").Of("output")));
        Assert.Single(send.Calls);
        Assert.Equal(2, page.Chunks().Count(chunk => chunk.Is("start-step")));
        await Probe.OneCompleted.ComesAsync(server, provider);
    }

    [InteropFact]
    public async Task A_call_that_is_refused_does_not_run_and_the_model_is_told_why()
    {
        var send = new ScriptedTool("send");
        var provider = new ScriptedProvider(Script.Call("send"), Script.Text("Then not."));
        await using var server = await StartAsync(provider, Asks(send));
        using var page = ChatPage.Open(server);

        await page.SendAsync("hello");
        page.Do(new { @do = "approve", id = Approval((await page.MessagesAsync())[1].Tool("send")), approved = false, reason = "Too late." });
        await page.UntilAsync("settled");

        var answer = (await page.MessagesAsync())[1];
        Assert.Equal("output-denied", answer.Tool("send").Of("state"));
        Assert.Equal("Then not.", answer.Text());
        Assert.Empty(send.Calls);
        Assert.Contains("Too late.", Assert.Single(provider.Requests[1].Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>()).Result?.ToString());
    }

    [InteropFact]
    public async Task Two_calls_are_answered_together_after_a_third_that_needs_no_answer()
    {
        var look = new ScriptedTool("look", _ => "seen").Holds(out var gate);
        var (send, burn) = (new ScriptedTool("send", _ => "sent"), new ScriptedTool("burn"));
        var provider = new ScriptedProvider(Script.Call("send").Call("look").Call("burn"), Script.Text("Done."));
        await using var server = await StartAsync(provider, look, Asks(send), Asks(burn));
        using var page = ChatPage.Open(server);

        page.Do(new { @do = "send", text = "hello" });
        await gate.ReachedAsync();
        gate.Open();
        await page.UntilAsync("idle");
        var waiting = (await page.MessagesAsync())[1];
        Assert.Equal("output-available", waiting.Tool("look").Of("state"));
        page.Do(new { @do = "approve", id = Approval(waiting.Tool("send")), approved = true });
        page.Do(new { @do = "approve", id = Approval(waiting.Tool("burn")), approved = false });
        await page.UntilAsync("settled");

        var answer = (await page.MessagesAsync())[1];
        Assert.Equal(["output-available", "output-available", "output-denied"], answer.Parts().Where(part => part.Of("toolCallId") is not null).Select(part => part.Of("state")));
        Assert.Equal("Done.", answer.Text());
        Assert.Equal((1, 0), (send.Calls.Count, burn.Calls.Count));
    }

    [InteropFact]
    public async Task One_of_two_may_be_answered_first()
    {
        var (send, burn) = (new ScriptedTool("send", _ => "sent"), new ScriptedTool("burn", _ => "burnt"));
        var provider = new ScriptedProvider(Script.Text("Both? ").Call("send").Call("burn"), Script.Text("Done."));
        await using var server = await StartAsync(provider, Asks(send), Asks(burn));
        using var page = ChatPage.Open(server, waits: true);

        await page.SendAsync("hello");
        var waiting = (await page.MessagesAsync())[1];
        page.Do(new { @do = "approve", id = Approval(waiting.Tool("burn")), approved = true });
        page.Do(new { @do = "again" });
        await page.UntilAsync("idle");
        waiting = (await page.MessagesAsync())[1];
        Assert.Equal(("approval-requested", "output-available"), (waiting.Tool("send").Of("state"), waiting.Tool("burn").Of("state")));
        page.Do(new { @do = "approve", id = Approval(waiting.Tool("send")), approved = true });
        page.Do(new { @do = "again" });
        await page.UntilAsync("idle");

        var answer = (await page.MessagesAsync())[1];
        Assert.Equal("Both? Done.", answer.Text());
        Assert.Equal(("output-available", "output-available"), (answer.Tool("send").Of("state"), answer.Tool("burn").Of("state")));
    }

    [InteropFact]
    public async Task A_page_that_comes_back_is_asked_again_and_one_that_comes_later_sees_what_was_answered()
    {
        var send = new ScriptedTool("send", _ => "sent").Holds(out var gate);
        var provider = new ScriptedProvider(Script.Text("Shall I? ").Call("send"), Script.Text("Done."));
        await using var server = await StartAsync(provider, Asks(send));
        using (var left = ChatPage.Open(server)) await left.SendAsync("hello");
        using var page = ChatPage.Open(server);

        page.Do(new { @do = "resume" });
        await page.UntilAsync("idle");
        var waiting = Assert.Single(await page.MessagesAsync());
        page.Do(new { @do = "approve", id = Approval(waiting.Tool("send")), approved = true });
        await gate.ReachedAsync();
        using var other = ChatPage.Open(server);
        other.Do(new { @do = "resume" });
        await other.UntilChunkAsync("tool-approval-response");
        gate.Open();
        await page.UntilAsync("settled");
        await other.UntilAsync("idle");

        var (answer, same) = (Assert.Single(await page.MessagesAsync()), Assert.Single(await other.MessagesAsync()));
        Assert.Equal("Shall I? Done.", answer.Text());
        Assert.Equal(answer.Parts().Select(part => part.ToString()), same.Parts().Select(part => part.ToString()));
    }

    [InteropFact]
    public async Task A_message_in_place_of_an_answer_gives_the_waiting_call_up()
    {
        var send = new ScriptedTool("send");
        var provider = new ScriptedProvider(Script.Call("send"), Script.Text("As you like."));
        await using var server = await StartAsync(provider, Asks(send));
        using var page = ChatPage.Open(server);

        await page.SendAsync("hello");
        await page.SendAsync("never mind");

        Assert.Equal("As you like.", (await page.MessagesAsync())[3].Text());
        Assert.Empty(send.Calls);
        Assert.Equal(new Probe(0, 1, 1, 0), await Probe.OfAsync(server));
    }

    [InteropFact]
    public async Task An_answer_that_comes_after_its_turn_is_refused()
    {
        var provider = new ScriptedProvider(Script.Call("send"));
        await using var server = await StartAsync(provider, Asks(new ScriptedTool("send")));
        using var page = ChatPage.Open(server);
        await page.SendAsync("hello");
        var waiting = (await page.MessagesAsync())[1];
        page.Do(new { @do = "ask", method = "POST", path = "api/chat/ann/stop" });
        Assert.Equal(204, (await page.UntilAsync("answered")).GetInt32());

        page.Do(new { @do = "approve", id = Approval(waiting.Tool("send")), approved = true });

        Assert.Equal("error", (await page.UntilAsync("settled")).GetString());
        Assert.Equal("404", page.Error().Of("status"));
    }

    [InteropFact]
    public async Task A_page_has_the_whole_call_of_its_own_tool_beside_one_that_waits_for_an_approval_and_runs_it_once()
    {
        var weather = AIFunctionFactory.CreateDeclaration("get_weather", "The temperature.", JsonDocument.Parse("""{"type":"object"}""").RootElement);
        var send = new ScriptedTool("send", _ => "sent");
        var provider = new ScriptedProvider(Script.CallInPieces("get_weather", """{"city":"Riga"}""", callId: "c1").Call("send", callId: "c2"), Script.Text("Done."));
        await using var server = await StartAsync(provider, weather, Asks(send));
        using var page = ChatPage.Open(server);

        page.Do(new { @do = "send", text = "hello" });
        Assert.Equal("Riga", (await page.UntilAsync("call")).GetProperty("arguments").Of("city"));
        await page.UntilAsync("idle");
        page.Do(new { @do = "approve", id = Approval((await page.MessagesAsync())[1].Tool("send")), approved = true });
        while ((await page.MessagesAsync())[1].Text() != "Done.") await page.UntilAsync("settled");

        var answer = (await page.MessagesAsync())[1];
        Assert.Equal(("output-available", "output-available"), (answer.Tool("get_weather").Of("state"), answer.Tool("send").Of("state")));
        Assert.Single(page.Said, said => said.TryGetProperty("call", out _));
        Assert.Single(send.Calls);
        Assert.Equal(["sent", "18"], provider.Requests[1].Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Select(result => result.Result?.ToString()));
    }

    [InteropTheory, InlineData("ask.", "Shall I? I ask. Now.Done."), InlineData("Now.", "Shall I? I ask. Now.Done.")]
    public async Task What_a_page_lost_after_it_was_asked_comes_with_what_follows_from_its_answer(string cut, string text)
    {
        var send = new ScriptedTool("send", _ => "sent");
        var provider = new ScriptedProvider(Script.Text("Shall I? ").Call("send").Text("I ", "ask. ", "Now."), Script.Text("Done."));
        await using var server = await StartAsync(provider, Asks(send));
        await using var proxy = new MarkedProxy(server.Address, new Mark(cut, Cuts: true));
        using var page = ChatPage.Open(proxy.Address);

        Assert.Equal("error", await page.SendAsync("hello"));
        page.Do(new { @do = "approve", id = Approval((await page.MessagesAsync())[1].Tool("send")), approved = true });
        await page.UntilAsync("settled");

        var answer = (await page.MessagesAsync())[1];
        Assert.Equal((text, "output-available"), (answer.Text(), answer.Tool("send").Of("state")));
    }

    [InteropFact]
    public async Task A_result_that_a_page_lost_between_two_answers_comes_after_the_second()
    {
        var (send, burn) = (new ScriptedTool("send", _ => "sent"), new ScriptedTool("burn", _ => "burnt"));
        var provider = new ScriptedProvider(Script.Text("Both? ").Call("send").Call("burn"), Script.Text("Done."));
        await using var server = await StartAsync(provider, Asks(send), Asks(burn));
        await using var proxy = new MarkedProxy(server.Address, new Mark("burnt", Cuts: true));
        using var page = ChatPage.Open(proxy.Address, waits: true);

        await page.SendAsync("hello");
        var waiting = (await page.MessagesAsync())[1];
        page.Do(new { @do = "approve", id = Approval(waiting.Tool("burn")), approved = true });
        page.Do(new { @do = "again" });
        Assert.Equal("error", (await page.UntilAsync("idle")).GetString());
        page.Do(new { @do = "approve", id = Approval(waiting.Tool("send")), approved = true });
        page.Do(new { @do = "again" });
        await page.UntilAsync("idle");

        var answer = (await page.MessagesAsync())[1];
        Assert.Equal(("Both? Done.", "sent", "burnt"), (answer.Text(), answer.Tool("send").Of("output"), answer.Tool("burn").Of("output")));
    }
}
