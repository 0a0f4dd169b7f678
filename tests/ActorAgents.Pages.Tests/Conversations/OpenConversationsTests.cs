using ActorAgents.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace ActorAgents.Pages.Tests;

public sealed class OpenConversationsTests
{
    [Fact]
    public async Task Let_go_of_their_turns_with_the_circuit_and_stop_none()
    {
        await using var runtime = await ChatTests.StartAsync(Script.Text("one ").Stall(out var gate).Text("two"));
        OpenConversation open;
        await using (var browser = new Browser(runtime.Agents))
        {
            await browser.SayAsync("hi");
            browser.SeesText(".aa-text", "one");
            var key = browser.Address[(browser.Address.LastIndexOf('/') + 1)..];
            open = await browser.Services.GetRequiredService<OpenConversations>().OpenAsync("assistant", key);
        }
        var exchange = Assert.Single(open.Exchanges);

        gate.Release();
        await foreach (var _ in runtime.Agents["assistant", open.Key].Turn(exchange.Turn).ReadAsync()) { }

        Assert.Equal(AnswerState.Running, exchange.Answer.State);
    }

    [Fact]
    public async Task Keep_a_dozen_quiet_ones_and_all_that_are_busy()
    {
        await using var runtime = await ChatTests.StartAsync(Script.Text("one").Stall());
        await using var browser = new Browser(runtime.Agents);
        await browser.SayAsync("hi");
        browser.SeesText(".aa-text", "one");
        var key = browser.Address[(browser.Address.LastIndexOf('/') + 1)..];
        var conversations = browser.Services.GetRequiredService<OpenConversations>();
        var first = await conversations.OpenAsync("assistant", "0");

        for (var i = 1; i <= 12; i++) await conversations.OpenAsync("assistant", $"{i}");

        Assert.True(conversations.IsBusy("assistant", key));
        Assert.NotSame(first, await conversations.OpenAsync("assistant", "0"));
        var last = await conversations.OpenAsync("assistant", "12");
        Assert.Same(last, await conversations.OpenAsync("assistant", "12"));
    }
}
