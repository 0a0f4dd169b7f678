using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.Pages.Tests;

public sealed class ChatTests
{
    [Fact]
    public async Task Shows_text_while_it_is_written_and_then_the_tokens()
    {
        await using var runtime = await StartAsync(Script.Text("Hello ", "wor").Stall(out var gate).Text("ld").Usage(7, 11));
        await using var browser = new Browser(runtime.Agents);

        await browser.SayAsync("hi");
        browser.SeesText(".aa-text", "Hello wor");
        Assert.Equal(["hi"], browser.Prompts());

        gate.Release();
        browser.SeesText(".aa-text", "Hello world");
        browser.SeesText(".aa-facts", "11 written");
        browser.SeesText(".aa-facts", "first token after");
    }

    [Fact]
    public async Task Puts_a_new_conversation_into_the_address_and_on_the_list()
    {
        await using var runtime = await StartAsync("Hello.");
        await using var browser = new Browser(runtime.Agents);

        await browser.SayAsync("a question to remember");

        browser.SeesText(".aa-entry-title", "a question to remember");
        Assert.Matches("/c/assistant/[a-z0-9]{20}$", browser.Address);
        browser.Until(() => Assert.Contains("a question to remember", browser.Shelved.Last()));
    }

    [Fact]
    public async Task Stops_a_turn_and_keeps_what_was_written_with_the_reason()
    {
        await using var runtime = await StartAsync(Script.Text("so far").Stall());
        await using var browser = new Browser(runtime.Agents);
        await browser.SayAsync("hi");
        browser.SeesText(".aa-text", "so far");

        await browser.ClickAsync("[data-aa-stop]");

        browser.SeesText(".aa-stopped", "Stopped by you.");
        Assert.Equal(["so far"], browser.Texts());
        browser.SeesNot("[data-aa-stop]");
    }

    [Fact]
    public async Task Folds_reasoning_away_from_the_answer()
    {
        await using var runtime = await StartAsync(Script.Reason("let me ", "think").Text("42"));
        await using var browser = new Browser(runtime.Agents);

        await browser.SayAsync("hi");

        browser.SeesText("details.aa-reasoning:not([open])", "let me think");
        browser.SeesText(".aa-text", "42");
    }

    [Fact]
    public async Task Shows_an_error_and_the_text_before_it()
    {
        await using var runtime = await StartAsync(Script.Text("so far").Fails(400, "The model is not amused."));
        await using var browser = new Browser(runtime.Agents);

        await browser.SayAsync("hi");

        browser.SeesText(".aa-failed", "The model is not amused.");
        Assert.Equal(["so far"], browser.Texts());
    }

    [Fact]
    public async Task Shows_that_the_provider_is_asked_again()
    {
        await using var runtime = await StartAsync(Script.Empty.Fails(503, "Away."), "Back.");
        await using var browser = new Browser(runtime.Agents);

        await browser.SayAsync("hi");

        browser.SeesText(".aa-note", "Away.");
        browser.SeesText(".aa-text", "Back.");
    }

    [Fact]
    public async Task Queues_a_message_that_is_sent_while_a_turn_runs()
    {
        await using var runtime = await StartAsync(Script.Text("one").Stall(out var gate), "two");
        await using var browser = new Browser(runtime.Agents);
        await browser.SayAsync("first");
        browser.SeesText(".aa-text", "one");

        await browser.SayAsync("second");
        browser.SeesText(".aa-note", "Waiting for its turn");

        gate.Release();
        browser.Until(() => Assert.Equal(["one", "two"], browser.Texts()));
        Assert.Equal(["first", "second"], browser.Prompts());
    }

    [Fact]
    public async Task Shows_a_message_that_a_busy_agent_refused_and_sends_it_again()
    {
        var provider = new ScriptedProvider(Script.Text("one").Stall(out var gate), "two");
        await using var runtime = await StartAsync(provider, a => a.OnBusy(BusyPolicy.Reject));
        await using var browser = new Browser(runtime.Agents);
        await browser.SayAsync("first");
        browser.SeesText(".aa-text", "one");

        await browser.SayAsync("second");
        browser.SeesText(".aa-failed", "The agent is busy");
        Assert.Equal(["first", "second"], browser.Prompts());

        gate.Release();
        browser.SeesNot("[data-aa-stop]");
        await browser.ClickAsync(".aa-failed button");
        browser.Until(() => Assert.Equal(["one", "two"], browser.Texts()));
    }

    [Fact]
    public async Task Shows_a_message_that_a_halt_refused()
    {
        await using var runtime = await StartAsync("never");
        await runtime.Agents.HaltAsync(HaltScope.Kind("assistant"), "maintenance");
        await using var browser = new Browser(runtime.Agents);

        await browser.SayAsync("hi");

        browser.SeesText(".aa-failed", "The agent is halted");
    }

    [Fact]
    public async Task Sends_nothing_when_there_is_nothing_but_blanks()
    {
        await using var runtime = await StartAsync("never");
        await using var browser = new Browser(runtime.Agents);

        await browser.SayAsync("  \n ");

        browser.Sees(".aa-kinds");
    }

    [Fact]
    public async Task Says_why_a_conversation_cannot_be_opened()
    {
        await using var runtime = await StartAsync("never");
        await using var browser = new Browser(runtime.Agents, "c/nobody/1");

        browser.SeesText("[role=alert]", "nobody");
    }

    internal static Task<AgentRuntime> StartAsync(params ChatScript[] scripts) => StartAsync(new ScriptedProvider(scripts));

    internal static Task<AgentRuntime> StartAsync(IChatClient provider, Action<AgentBuilder>? agent = null, AITool? tool = null) => AgentRuntime.StartAsync(agents =>
    {
        agents.AddProvider("default", provider);
        if (tool is not null) agents.AddTool(tool.Name, tool);
        agents.AddAgent("assistant", a =>
        {
            if (tool is not null) a.WithTool(tool.Name);
            agent?.Invoke(a);
        });
    });
}
