using ActorAgents.Testing;

namespace ActorAgents.Pages.Tests;

public sealed class ConversationsTests
{
    [Fact]
    public async Task Stream_side_by_side_and_lose_nothing_when_one_goes_from_one_to_the_other()
    {
        var first = Script.Text("lamp ").Stall(out var firstGate).Text("lit");
        var second = Script.Text("fox ").Stall(out var secondGate).Text("ran");
        await using var runtime = await ChatTests.StartAsync(first, second);
        await using var browser = new Browser(runtime.Agents);

        await browser.SayAsync("lighthouse");
        browser.SeesText(".aa-text", "lamp");
        var address = browser.Address;
        await browser.GoAsync("");
        browser.Sees(".aa-kinds");
        await browser.SayAsync("fox");
        browser.SeesText(".aa-text", "fox");
        Assert.Equal(2, runtime.Agents.Status.LiveTurns);

        firstGate.Release();
        secondGate.Release();
        browser.Until(() => Assert.Equal(["fox ran"], browser.Texts()));
        await browser.GoAsync(address);

        browser.Until(() => Assert.Equal(["lamp lit"], browser.Texts()));
        Assert.Equal(["lighthouse"], browser.Prompts());
    }

    [Fact]
    public async Task Are_those_of_the_tenant_that_the_user_belongs_to()
    {
        await using var runtime = await ChatTests.StartAsync("Hello.");
        await using var browser = new Browser(runtime.Agents, tenant: "acme");
        await browser.SayAsync("hi");
        browser.SeesText(".aa-text", "Hello.");
        var key = browser.Address[(browser.Address.LastIndexOf('/') + 1)..];

        Assert.NotEmpty(await runtime.Agents.For("acme")["assistant", key].GetMessagesAsync());
        Assert.Empty(await runtime.Agents["assistant", key].GetMessagesAsync());
    }

    [Fact]
    public async Task Can_be_taken_off_the_list()
    {
        await using var runtime = await ChatTests.StartAsync("never");
        await using var browser = new Browser(runtime.Agents, shelf: """[{"kind":"assistant","key":"1","title":"old","waiting":[]}]""");
        browser.SeesText(".aa-entry", "old");

        await browser.ClickAsync(".aa-entry button");

        browser.SeesNot(".aa-entry");
    }
}
