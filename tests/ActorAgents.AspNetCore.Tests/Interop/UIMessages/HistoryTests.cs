using ActorAgents.Providers.Tests.Interop;
using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore.Tests.Interop.UIMessages;

/// <summary>Where what the page shows and what the agent keeps are not the same.</summary>
public sealed class HistoryTests
{
    [InteropFact]
    public async Task An_answer_that_is_given_again_takes_the_place_of_the_one_before()
    {
        var provider = new ScriptedProvider("One.", "Two.", "Three.", "Four.");
        await using var server = await AgentServer.StartAsync(provider);
        using var page = ChatPage.Open(server);
        await page.SendAsync("hello");
        await page.SendAsync("and?");

        page.Do(new { @do = "regenerate" });
        await page.UntilAsync("idle");

        Assert.Equal(["hello", "One.", "and?"], provider.Requests[2].Messages.Select(message => message.Text));
        Assert.Equal("Three.", (await page.MessagesAsync())[3].Text());
        await page.SendAsync("more");
        Assert.Equal(["hello", "One.", "and?", "Three.", "more"], provider.Requests[3].Messages.Select(message => message.Text));
    }

    [InteropFact]
    public async Task An_answer_that_still_comes_can_be_given_again()
    {
        var provider = new ScriptedProvider(Script.Text("One").Stall(out var gate), "Two.");
        await using var server = await AgentServer.StartAsync(provider, Probe.Serve);
        using var page = ChatPage.Open(server);
        page.Do(new { @do = "send", text = "hello" });
        await page.UntilChunkAsync("text-delta");
        await gate.ReachedAsync();
        page.Do(new { @do = "stop" });
        await page.UntilAsync("stopped");

        page.Do(new { @do = "regenerate" });
        await page.UntilAsync("idle");

        Assert.Equal("Two.", (await page.MessagesAsync())[1].Text());
        Assert.Equal(["hello", "Two."], (await server.Agents["assistant", "ann"].GetMessagesAsync()).Select(message => message.Text));
    }

    [InteropFact]
    public async Task A_message_that_is_edited_takes_back_what_came_after_it()
    {
        var provider = new ScriptedProvider("One.", "Two.", "Three.");
        await using var server = await AgentServer.StartAsync(provider);
        using var page = ChatPage.Open(server);
        await page.SendAsync("hello");
        await page.SendAsync("and?");

        page.Do(new { @do = "edit", text = "what?" });
        await page.UntilAsync("idle");

        Assert.Equal(["hello", "One.", "what?"], provider.Requests[2].Messages.Select(message => message.Text));
        Assert.Equal(4, (await page.MessagesAsync()).Count);
    }

    [InteropFact]
    public async Task An_agent_that_lost_the_conversation_has_it_from_the_page_with_its_calls()
    {
        var look = new ScriptedTool("look", _ => "seen");
        var provider = new ScriptedProvider(Script.Reason("Hm.").Text("Let me look. ").Call("look", new { at = "it" }, "c1"), "I saw it.", "As I said.");
        await using var server = await AgentServer.StartAsync(agents => agents
            .AddProvider("default", provider).AddTool("look", look).AddAgent("assistant", a => a.WithTool("look")));
        using var page = ChatPage.Open(server);
        await page.SendAsync("hello");
        await server.Agents.RemoveAsync(server.Agents["assistant", "ann"].Id);

        Assert.Equal("ready", await page.SendAsync("what?"));

        var sent = provider.Requests[2].Messages;
        Assert.Equal(["user", "assistant", "tool", "assistant", "user"], sent.Select(message => message.Role.Value));
        Assert.Equal(["hello", "Let me look. ", "", "I saw it.", "what?"], sent.Select(message => message.Text));
        var (call, result) = (Assert.Single(sent[1].Contents.OfType<FunctionCallContent>()), Assert.Single(sent[2].Contents.OfType<FunctionResultContent>()));
        Assert.Equal(("c1", "look", "it"), (call.CallId, call.Name, call.Arguments!["at"]?.ToString()));
        Assert.Equal(("c1", "seen"), (result.CallId, result.Result?.ToString()));
        Assert.Single(look.Calls);
    }

    [Fact]
    public async Task A_page_that_sends_its_last_message_alone_is_understood()
    {
        var provider = new ScriptedProvider("One.", "Two.");
        await using var server = await AgentServer.StartAsync(provider);

        foreach (var text in new[] { "hello", "and?" })
            await using (var stream = await server.StreamAsync("/api/chat", new { id = "ann", message = new { id = text, role = "user", parts = new[] { new { type = "text", text } } } })) await stream.RestAsync();

        Assert.Equal(["hello", "One.", "and?"], provider.Requests[1].Messages.Select(message => message.Text));
    }

    [InteropFact]
    public async Task A_request_with_nothing_new_is_refused()
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider("One."));
        using var page = ChatPage.Open(server);
        await page.SendAsync("hello");

        page.Do(new { @do = "again" });

        Assert.Equal("error", (await page.UntilAsync("idle")).GetString());
        Assert.Equal("400", page.Error().Of("status"));
    }
}
