using System.Text.Json;
using ActorAgents.Providers.Tests.Interop;
using ActorAgents.Testing;

namespace ActorAgents.AspNetCore.Tests.Interop.UIMessages;

public sealed class FailureTests
{
    [InteropFact]
    public async Task A_failure_before_the_first_word_is_a_status_with_problem_details()
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(Script.RateLimited(TimeSpan.FromSeconds(2))), agent: a => a.WithLimits(l => l with { Retries = 0 }));
        using var page = ChatPage.Open(server);

        Assert.Equal("error", await page.SendAsync("hello"));

        Assert.Equal(("APICallError", "429"), (page.Error().Of("name"), page.Error().Of("status")));
        Assert.Equal("rate_limited", JsonDocument.Parse(page.Error().Of("message")!).RootElement.Of("code"));
        Assert.Equal("application/problem+json", page.Said[0].Of("type"));
    }

    [InteropFact]
    public async Task A_failure_in_mid_answer_is_an_error_after_what_was_said()
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(Script.Text("Once").Fails(503, "Overloaded."), "Hi."));
        using var page = ChatPage.Open(server);

        Assert.Equal("error", await page.SendAsync("hello"));

        Assert.Equal("Overloaded.", page.Error().Of("message"));
        Assert.Equal("Once", (await page.MessagesAsync())[1].Text());
        Assert.Equal("ready", await page.SendAsync("again"));
    }

    [InteropFact]
    public async Task A_halt_in_mid_answer_is_an_error_that_says_so_and_one_before_it_a_status()
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(Script.Text("Once").Stall(out var gate)));
        using var page = ChatPage.Open(server);
        page.Do(new { @do = "send", text = "hello" });
        await page.UntilChunkAsync("text-delta");
        await gate.ReachedAsync();

        await server.Agents.HaltAsync(HaltScope.Kind("assistant"), "a drill");

        Assert.Equal("error", (await page.UntilAsync("idle")).GetString());
        Assert.Contains("Halted", page.Error().Of("message"));
        using var next = ChatPage.Open(server, chat: "bob");
        Assert.Equal("error", await next.SendAsync("hello"));
        Assert.Equal("503", next.Error().Of("status"));
        Assert.Contains("a drill", next.Error().Of("message"));
    }

    [InteropTheory, InlineData("agent=nobody", "404"), InlineData("mode=later", "400")]
    public async Task A_request_that_names_what_is_not_there_is_refused(string query, string status)
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider());
        using var page = ChatPage.Open(server, query: query);

        Assert.Equal("error", await page.SendAsync("hello"));

        Assert.Equal(status, page.Error().Of("status"));
    }
}
