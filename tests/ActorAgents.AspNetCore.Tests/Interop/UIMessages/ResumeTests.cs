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
        Assert.DoesNotContain(second.Said, said => said.TryGetProperty("call", out _)); // They ran at the first.
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

    [InteropFact]
    public async Task A_message_whose_beginning_is_no_longer_in_a_log_is_resumed_as_a_whole_too()
    {
        const int rounds = 6;
        var weather = AIFunctionFactory.CreateDeclaration("get_weather", "The temperature.", JsonDocument.Parse("""{"type":"object"}""").RootElement);
        var look = new ScriptedTool("look", _ => "seen");
        var gate = new Gate();
        var provider = new ScriptedProvider(request => request.Index > rounds ? Script.Text("All ").Stall(gate).Text("done.")
            : request.Index == 0 ? Script.Text("Let me look. ").Call("look", callId: "own") : Script.Text($"{request.Index}. ").Call("get_weather", new { city = "Riga" }, $"c{request.Index}"));
        await using var server = await AgentServer.StartAsync(agents => agents
            .AddProvider("default", provider).AddTool("get_weather", weather).AddTool("look", look).AddAgent("assistant", a => a.WithTool("get_weather").WithTool("look")));
        using var first = ChatPage.Open(server);
        first.Do(new { @do = "send", text = "hello" });
        await gate.ReachedAsync();
        using var second = ChatPage.Open(server);
        while ((await first.MessagesAsync())[1] is var said && !said.Text().EndsWith("All ", StringComparison.Ordinal)) await first.NextAsync();
        second.Do(new { @do = "open", messages = await first.MessagesAsync() });

        second.Do(new { @do = "resume" });
        await second.UntilChunkAsync("start");
        gate.Open();
        await first.UntilAsync("idle");
        await second.UntilAsync("idle");

        var (one, other) = ((await first.MessagesAsync())[1], (await second.MessagesAsync())[1]);
        Assert.Equal(one.Of("id"), other.Of("id"));
        Assert.Equal("Let me look. 1. 2. 3. 4. 5. 6. All done.", other.Text());
        Assert.Equal(one.Parts().Select(part => (part.Of("type"), part.Of("text"), part.Of("state"), part.Of("input"), part.Of("output"))),
            other.Parts().Select(part => (part.Of("type"), part.Of("text"), part.Of("state"), part.Of("input"), part.Of("output"))));
        Assert.DoesNotContain(second.Said, line => line.TryGetProperty("call", out _));
    }
}
