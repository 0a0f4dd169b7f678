using ActorAgents.Providers.Tests.Interop;
using ActorAgents.Testing;

namespace ActorAgents.AspNetCore.Tests.Interop.AGUI;

public sealed class HistoryTests
{
    private static readonly ScriptedTool Look = new("look", _ => "seen");

    [InteropFact]
    public async Task A_client_that_has_lost_the_conversation_gets_it_and_its_new_message_stays_last()
    {
        var provider = new ScriptedProvider(Script.Reason("Hm.").Text("Let me look. ").Call("look", callId: "c1"), Script.Text("Done."), Script.Text("Hi again."));
        await using var server = await AgentServer.StartAsync(provider, agent: a => a.WithTool(Look));

        using var client = Client.Start(server, new Run("hello"), new Run("and now?", Forgets: true), new Run("still there?", Tools: false));
        var shown = await client.RestAsync();

        Assert.Equal(
            ["user: hello", "assistant: Let me look.  [look {}]", "tool: seen <c1>", "assistant: Done.", "user: and now?", "assistant: Hi again.", "user: still there?"], shown.Conversation());
        Assert.Equal(2, shown.Of("MESSAGES_SNAPSHOT").Count); // Of the run after the loss alone.
    }

    [InteropFact]
    public async Task What_another_client_said_meanwhile_is_told_before_the_answer()
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider("one", "two", "three"));
        using (var client = Client.Start(server, new Run("a"))) await client.CleanRestAsync();
        await AgentServer.JsonAsync(server.PostAsync("/agents/assistant/t1/turns", new { input = "b" }));

        using var other = Client.Start(server, new Run("c"));
        var shown = await other.CleanRestAsync();

        Assert.Equal(["user: a", "assistant: one", "user: b", "assistant: two", "user: c", "assistant: three"], shown.Conversation());
    }

    [InteropFact]
    public async Task A_message_that_was_sent_before_and_not_answered_is_no_new_one()
    {
        var provider = new ScriptedProvider(Script.Text("Once ").Fails(503), Script.Text("Hi."), Script.Text("Hello."));
        await using var server = await AgentServer.StartAsync(provider);
        var first = new { threadId = "t1", runId = "r", messages = new object[] { new { id = "u1", role = "user", content = "a" } } };
        await using (var broken = await server.StreamAsync("/ag-ui/assistant", first)) await broken.RestAsync();

        await using (var again = await server.StreamAsync("/ag-ui/assistant", new { first.threadId, first.runId, messages = new object[] { first.messages[0], new { id = "u2", role = "user", content = "b" } } })) await again.RestAsync();

        Assert.Equal(["a", "Once ", "b"], provider.Requests[1].Messages.Select(message => message.Text));
    }
}
