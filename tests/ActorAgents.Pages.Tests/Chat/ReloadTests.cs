using ActorAgents.Testing;

namespace ActorAgents.Pages.Tests;

public sealed class ReloadTests
{
    [Fact]
    public async Task Goes_on_reading_a_running_turn_without_a_gap_or_a_duplicate()
    {
        await using var runtime = await ChatTests.StartAsync("Before.", Script.Text("one ", "two ").Stall(out var gate).Text("three ", "four"));
        string address;
        await using (var first = new Browser(runtime.Agents))
        {
            await first.SayAsync("first");
            first.SeesText(".aa-text", "Before.");
            first.SeesNot("[data-aa-stop]");
            await first.SayAsync("second");
            first.SeesText(".aa-text", "one two");
            address = first.Address;
        }

        await using var second = new Browser(runtime.Agents, address);
        second.Until(() => Assert.Equal(["Before.", "one two"], second.Texts()));
        gate.Release();

        second.Until(() => Assert.Equal(["Before.", "one two three four"], second.Texts()));
        Assert.Equal(["first", "second"], second.Prompts());
    }

    [Fact]
    public async Task Shows_the_same_in_two_pages_at_once()
    {
        await using var runtime = await ChatTests.StartAsync(Script.Text("one ").Stall(out var gate).Text("two"));
        await using var first = new Browser(runtime.Agents);
        await first.SayAsync("hi");
        first.SeesText(".aa-text", "one");
        await using var second = new Browser(runtime.Agents, first.Address);
        second.SeesText(".aa-text", "one");

        gate.Release();

        first.Until(() => Assert.Equal(["one two"], first.Texts()));
        second.Until(() => Assert.Equal(["one two"], second.Texts()));
    }

    [Fact]
    public async Task Knows_messages_that_wait_for_their_turn()
    {
        await using var runtime = await ChatTests.StartAsync(Script.Text("one").Stall(out var gate), "two");
        string address, shelf = "";
        await using (var first = new Browser(runtime.Agents))
        {
            await first.SayAsync("first");
            first.SeesText(".aa-text", "one");
            await first.SayAsync("second");
            first.Until(() => Assert.Contains("second", shelf = first.Shelved.Last()));
            address = first.Address;
        }

        await using var second = new Browser(runtime.Agents, address, $"[{shelf}]");
        second.Until(() => Assert.Equal(["first", "second"], second.Prompts()));
        gate.Release();

        second.Until(() => Assert.Equal(["one", "two"], second.Texts()));
    }

    [Fact]
    public async Task Says_so_when_a_waiting_message_is_no_longer_known()
    {
        await using var runtime = await ChatTests.StartAsync("never");
        await using var browser = new Browser(runtime.Agents, "c/assistant/1",
            """[{"kind":"assistant","key":"1","title":"lost","waiting":[{"turn":"t1","prompt":"lost"}]}]""");

        browser.SeesText(".aa-failed", "no longer known");
        Assert.Equal(["lost"], browser.Prompts());
    }

    [Fact]
    public async Task Shows_turns_whose_events_are_gone_from_the_messages()
    {
        await using var runtime = await ChatTests.StartAsync("Hello.", Script.Reason("hm").Text("Bye."));
        await runtime.Agents["assistant", "1"].RunAsync("first"); // Attached: no log of it is kept.
        await runtime.Agents["assistant", "1"].RunAsync("second");

        await using var browser = new Browser(runtime.Agents, "c/assistant/1");

        browser.Until(() => Assert.Equal(["Hello.", "Bye."], browser.Texts()));
        Assert.Equal(["first", "second"], browser.Prompts());
        browser.SeesText(".aa-reasoning", "hm");
    }

    [Fact]
    public async Task Shows_the_messages_of_a_turn_that_something_else_reads_until_it_ends()
    {
        await using var runtime = await ChatTests.StartAsync(Script.Text("Hello.").Stall(out var gate));
        var attached = runtime.Agents["assistant", "1"].RunAsync("first");
        await gate.ReachedAsync();
        await using var browser = new Browser(runtime.Agents, "c/assistant/1");
        browser.Until(() => Assert.Equal(["first"], browser.Prompts()));

        gate.Release();
        await attached;

        browser.Until(() => Assert.Equal(["Hello."], browser.Texts()));
    }

    [Fact]
    public async Task Does_not_stop_a_turn_when_the_page_goes()
    {
        await using var runtime = await ChatTests.StartAsync(Script.Text("one ").Stall(out var gate).Text("two"));
        string address;
        await using (var browser = new Browser(runtime.Agents))
        {
            await browser.SayAsync("hi");
            browser.SeesText(".aa-text", "one");
            address = browser.Address;
        }
        var agent = runtime.Agents["assistant", address[(address.LastIndexOf('/') + 1)..]];
        var turn = new TurnId((string)(await agent.GetMessagesAsync())[0].AdditionalProperties!["actoragents.turn"]!);

        gate.Release();

        TurnEvent? last = null;
        await foreach (var next in agent.Turn(turn).ReadAsync()) last = next;
        Assert.Equal("one two", Assert.IsType<TurnCompleted>(last).Text);
    }
}
