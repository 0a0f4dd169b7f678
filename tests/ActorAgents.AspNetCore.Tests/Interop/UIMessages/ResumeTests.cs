using System.Text.Json;
using ActorAgents.AspNetCore.Tests.Interop.Proxies;
using ActorAgents.Providers.Tests.Interop;
using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore.Tests.Interop.UIMessages;

public sealed class ResumeTests
{
    [InteropFact]
    public async Task A_page_that_is_opened_in_mid_answer_gets_all_of_it_once()
    {
        var provider = new ScriptedProvider(Script.Reason("Hm.").Text("Once ", "upon ").Stall(out var gate).Text("a ", "time").Usage(3, 4));
        await using var server = await AgentServer.StartAsync(provider);
        using var first = ChatPage.Open(server);
        first.Do(new { @do = "send", text = "hello" });
        await first.UntilChunkAsync("text-delta");
        await gate.ReachedAsync();
        using var second = ChatPage.Open(server);
        second.Do(new { @do = "open", messages = await first.MessagesAsync() });

        second.Do(new { @do = "resume" });
        await second.UntilChunkAsync("text-delta");
        gate.Open();
        await first.UntilAsync("idle");
        await second.UntilAsync("idle");

        var (one, other) = (await first.MessagesAsync(), await second.MessagesAsync());
        Assert.Equal("Once upon a time", one[1].Text());
        Assert.Equal(one.Select(message => message.ToString()), other.Select(message => message.ToString()));
        Assert.Equal(first.Types(), second.Types());
        Assert.Equal(1, provider.CallsStarted);
    }

    [InteropFact]
    public async Task A_page_that_loses_its_connection_in_mid_answer_resumes_without_gap_or_duplicate()
    {
        var provider = new ScriptedProvider(Script.Text("Once ", "upon ").Stall(out var gate).Text("a ", "time"));
        await using var server = await AgentServer.StartAsync(provider);
        Mark[] cuts = [new("upon", Cuts: true)];
        await using var proxy = new MarkedProxy(server.Address, cuts);
        using var page = ChatPage.Open(proxy.Address);

        page.Do(new { @do = "send", text = "hello" });
        Assert.Equal("error", (await page.UntilAsync("idle")).GetString());
        page.Do(new { @do = "resume" });
        await page.UntilChunkAsync("text-delta");
        gate.Open();
        Assert.Equal("ready", (await page.UntilAsync("idle")).GetString());

        var messages = await page.MessagesAsync();
        Assert.Equal(2, messages.Count);
        Assert.Equal("Once upon a time", messages[1].Text());
    }

    [InteropFact]
    public async Task A_message_that_goes_on_after_the_clients_tool_is_resumed_as_a_whole()
    {
        var weather = AIFunctionFactory.CreateDeclaration("get_weather", "The temperature.", JsonDocument.Parse("""{"type":"object"}""").RootElement);
        var provider = new ScriptedProvider(
            Script.Text("Let me look.").Call("get_weather", new { city = "Riga" }, "c1"), Script.Call("get_weather", new { city = "Oslo" }, "c2"), Script.Text("18 ").Stall(out var gate).Text("in both."));
        await using var server = await AgentServer.StartAsync(agents => agents
            .AddProvider("default", provider).AddTool("get_weather", weather).AddAgent("assistant", a => a.WithTool("get_weather")));
        using var first = ChatPage.Open(server);
        first.Do(new { @do = "send", text = "hello" });
        await first.UntilChunkAsync("text-delta");
        await first.UntilChunkAsync("text-delta");
        await gate.ReachedAsync();
        using var second = ChatPage.Open(server);
        second.Do(new { @do = "open", messages = await first.MessagesAsync() });

        second.Do(new { @do = "resume" });
        await second.UntilChunkAsync("text-delta");
        gate.Open();
        await first.UntilAsync("idle");
        await second.UntilAsync("idle");

        var (one, other) = (await first.MessagesAsync(), await second.MessagesAsync());
        Assert.Equal("Let me look.18 in both.", one[1].Text());
        Assert.Equal(one[1].Parts().Select(part => part.ToString()), other[1].Parts().Select(part => part.ToString()));
        Assert.Equal((2, 2), (one.Count, other.Count));
    }

    [InteropFact]
    public async Task A_message_of_its_own_that_follows_the_clients_tool_is_resumed_alone()
    {
        var weather = AIFunctionFactory.CreateDeclaration("get_weather", "The temperature.", JsonDocument.Parse("""{"type":"object"}""").RootElement);
        var provider = new ScriptedProvider(Script.Text("Let me look.").Call("get_weather", new { city = "Riga" }, "c1"), Script.Text("18 ").Stall(out var gate).Text("degrees."));
        await using var server = await AgentServer.StartAsync(agents => agents
            .AddProvider("default", provider).AddTool("get_weather", weather).AddAgent("assistant", a => a.WithTool("get_weather")));
        using var first = ChatPage.Open(server, waits: true);
        await first.SendAsync("hello");
        first.Do(new { @do = "send", text = "and?" });
        await first.UntilChunkAsync("text-delta");
        await gate.ReachedAsync();
        using var second = ChatPage.Open(server);
        second.Do(new { @do = "open", messages = await first.MessagesAsync() });

        second.Do(new { @do = "resume" });
        await second.UntilChunkAsync("text-delta");
        gate.Open();
        await first.UntilAsync("idle");
        await second.UntilAsync("idle");

        var (one, other) = (await first.MessagesAsync(), await second.MessagesAsync());
        Assert.Equal((4, "18 degrees."), (one.Count, one[3].Text()));
        Assert.Equal(one.Select(message => message.ToString()), other.Select(message => message.ToString()));
    }

    [InteropFact]
    public async Task A_page_that_is_opened_when_nothing_runs_is_at_rest()
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider("Hi."));
        await server.Agents["assistant", "ann"].RunAsync("hello");
        using var page = ChatPage.Open(server);

        page.Do(new { @do = "resume" });

        Assert.Equal("ready", (await page.UntilAsync("idle")).GetString());
        Assert.Empty(await page.MessagesAsync());
    }
}
