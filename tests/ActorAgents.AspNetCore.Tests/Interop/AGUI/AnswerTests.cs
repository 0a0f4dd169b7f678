using ActorAgents.Providers.Tests.Interop;
using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore.Tests.Interop.AGUI;

public sealed class AnswerTests
{
    [InteropFact]
    public async Task An_answer_is_a_message_in_the_providers_pieces_within_a_step_of_a_run()
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(Script.Text("Once ", "upon\n", "", "a zażółć 😀").Usage(3, 4)));

        using var client = Client.Start(server, new Run("hello", RunId: "run-1"));
        var shown = await client.CleanRestAsync();

        Assert.Equal(["RUN_STARTED", "STEP_STARTED", "TEXT_MESSAGE_START", "TEXT_MESSAGE_CONTENT", "TEXT_MESSAGE_CONTENT", "TEXT_MESSAGE_CONTENT", "TEXT_MESSAGE_END", "STEP_FINISHED", "RUN_FINISHED"], shown.Types());
        Assert.Equal(["Once ", "upon\n", "a zażółć 😀"], shown.Of("TEXT_MESSAGE_CONTENT").Select(e => e.Text("delta")));
        Assert.All(shown.Of("RUN_STARTED").Concat(shown.Of("RUN_FINISHED")), e => Assert.Equal(("t1", "run-1"), (e.Text("threadId"), e.Text("runId"))));
        Assert.Equal("1.0", shown.Of("RUN_STARTED")[0].Text("protocolVersion"));
        var usage = shown.Of("RUN_FINISHED")[0].GetProperty("usage")[0];
        Assert.Equal((3, 4, 7), (usage.GetProperty("inputTokens").GetInt32(), usage.GetProperty("outputTokens").GetInt32(), usage.GetProperty("totalTokens").GetInt32()));
        Assert.Equal(["success"], shown.Outcomes());
        Assert.Equal(["user: hello", "assistant: Once upon\na zażółć 😀"], shown.Conversation());
    }

    [InteropFact]
    public async Task Thoughts_are_messages_of_their_own_before_and_between_the_text()
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(Script.Reason("Let me ", "think.").Text("Well, ").Reason("Hm.").Text("done.")));

        using var client = Client.Start(server, new Run("hello"));
        var shown = await client.CleanRestAsync();

        Assert.Equal(["reasoning: Let me think.", "assistant: Well, done.", "reasoning: Hm."], shown.Conversation()[1..]);
        Assert.Equal(2, shown.Of("REASONING_START").Count);
        Assert.Equal("Let me think.Hm.", shown.Joined("REASONING_MESSAGE_CONTENT"));
    }

    [InteropFact]
    public async Task Tools_of_the_agents_own_are_shown_with_their_results_and_each_request_is_a_step()
    {
        var look = new ScriptedTool("look", _ => "seen"); // The limit keeps the results of a step in order.
        var provider = new ScriptedProvider(
            Script.Text("Let me look. ").CallInPieces("look", """{"at":"a"}""", callId: "c1").Call("look", new { at = "b" }, "c2"), Script.Call("look", new { at = "c" }, "c3"), Script.Text("Done."));
        await using var server = await AgentServer.StartAsync(provider, agent: a => a.WithTool(look).WithLimits(l => l with { MaxParallelTools = 1 }));

        using var client = Client.Start(server, new Run("hello"));
        var shown = await client.CleanRestAsync();

        Assert.Equal(
            ["user: hello", """assistant: Let me look.  [look {"at":"a"}] [look {"at":"b"}]""", "tool: seen <c1>", "tool: seen <c2>", """assistant: [look {"at":"c"}]""", "tool: seen <c3>", "assistant: Done."],
            shown.Conversation());
        Assert.Equal(["step-1", "step-2", "step-3"], shown.Of("STEP_STARTED").Select(e => e.Text("stepName")));
        Assert.Equal(["step-1", "step-2", "step-3"], shown.Of("STEP_FINISHED").Select(e => e.Text("stepName")));
        Assert.Equal(["success"], shown.Outcomes());
    }

    [InteropFact]
    public async Task A_tool_that_fails_says_so_and_reports_of_a_tool_and_content_that_is_no_text_come_as_they_are()
    {
        var broken = new ScriptedTool("broken").Throws(new InvalidOperationException("No."));
        await using var server = await AgentServer.StartAsync(
            new ScriptedProvider(Script.Call("broken", callId: "c1"), Script.Text("Sorry.").Content(new DataContent(new byte[] { 1, 2, 3 }, "image/png"))), agent: a => a.WithTool(broken));

        using var client = Client.Start(server, new Run("hello"));
        var shown = await client.CleanRestAsync();

        Assert.Equal("failed", Assert.Single(shown.Of("TOOL_CALL_RESULT")).GetProperty("metadata").Text("outcome"));
        var content = Assert.Single(shown.Of("CUSTOM"));
        Assert.Equal(("content", "image/png", "AQID"), (content.Text("name"), content.GetProperty("value").Text("mediaType"), content.GetProperty("value").Text("data")));
    }

    [InteropFact]
    public async Task What_the_application_gives_as_context_reaches_the_model()
    {
        var provider = new ScriptedProvider("Hi.");
        await using var server = await AgentServer.StartAsync(provider, agent: a => a.WithInstructions("Be brief."));

        using var client = Client.Start(server, new Run("hello", Context: [new { description = "The user's name", value = "Ann" }]));
        await client.CleanRestAsync();

        Assert.Equal("Be brief.\nThe user's name: Ann", provider.Requests[0].Messages[0].Text.ReplaceLineEndings("\n").Replace("\n\n", "\n"));
    }

    [InteropFact]
    public async Task Threads_are_conversations_of_their_own_that_the_agent_keeps()
    {
        var provider = new ScriptedProvider("one", "two", "three");
        await using var server = await AgentServer.StartAsync(provider);

        using var client = Client.Start(server, new Run("a"), new Run("b", Thread: "t2"), new Run("c"));
        var shown = await client.CleanRestAsync();

        Assert.Equal(["user: a", "assistant: one", "user: c", "assistant: three"], shown.Conversation());
        Assert.Equal([["a"], ["b"], ["a", "one", "c"]], provider.Requests.Select(request => request.Messages.Select(message => message.Text)));
        Assert.Equal(["a", "one", "c", "three"], (await server.Agents["assistant", "t1"].GetMessagesAsync()).Select(message => message.Text));
        Assert.Empty(shown.Of("MESSAGES_SNAPSHOT"));
    }

    [InteropFact]
    public async Task A_key_of_the_server_is_the_clients_key()
    {
        var secret = ApiKey.NewSecret();
        await using var server = await AgentServer.StartAsync(new ScriptedProvider("Hi."), http => http.Keys.Add(new ApiKey("ann", ApiKey.Hash(secret), [ActorAgentsScopes.Chat])));

        using var stranger = Client.Start(server.Address, ApiKey.NewSecret(), new Run("hello"));
        Assert.Equal(401, (await stranger.RestAsync()).Single(shown => shown.Error is not null).Error!.Status);
        using var ann = Client.Start(server.Address, secret, new Run("hello"));

        Assert.Equal("Hi.", (await ann.CleanRestAsync()).Joined("TEXT_MESSAGE_CONTENT"));
    }

    [InteropFact]
    public async Task Keep_alives_before_and_within_an_answer_are_no_part_of_it()
    {
        var provider = new ScriptedProvider(Script.Stall(out var start).Text("Once ").Stall(out var middle).Text("upon"));
        await using var server = await AgentServer.StartAsync(provider, http => http.KeepAlive = TimeSpan.FromMilliseconds(20));
        Proxies.Mark[] marks = [new(": keep"), new("Once"), new(": keep")];
        await using var proxy = new Proxies.MarkedProxy(server.Address, marks);
        using var client = Client.Start(proxy.Address, null, new Run("hello"));

        await marks[0].ReachedAsync();
        start.Open();
        await marks[2].ReachedAsync();
        middle.Open();

        Assert.Equal("Once upon", (await client.CleanRestAsync()).Joined("TEXT_MESSAGE_CONTENT"));
    }
}
