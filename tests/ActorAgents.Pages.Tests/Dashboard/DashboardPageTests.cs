using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.Pages.Tests;

public sealed class DashboardPageTests
{
    [Fact]
    public async Task Shows_what_the_turns_of_each_kind_wait_for()
    {
        await using var runtime = await AgentRuntime.StartAsync(agents =>
        {
            agents.AddProvider("stalls", ScriptedProvider.Always(Script.Text("a").Stall()));
            agents.AddProvider("talks", ScriptedProvider.Always(Script.Text("a", "b", "c", "d", "e")));
            agents.AddProvider("away", ScriptedProvider.Always(Script.Empty.Fails(503, "Away.")));
            agents.AddProvider("calls", ScriptedProvider.Always(Script.Call("work")));
            agents.AddProvider("asks", ScriptedProvider.Always(Script.Call("send")));
            agents.AddTool("work", AIFunctionFactory.Create(async (CancellationToken stop) => await Task.Delay(Timeout.Infinite, stop), "work"));
            agents.AddTool("send", new ApprovalRequiredAIFunction(AIFunctionFactory.Create(() => "sent", "send")));
            agents.AddAgent("writer", a => a.WithProvider("stalls"));
            agents.AddAgent("talker", a => a.WithProvider("talks"));
            agents.AddAgent("retrier", a => a.WithProvider("away").WithLimits(l => l with { Retries = 1_000_000 }));
            agents.AddAgent("worker", a => a.WithProvider("calls").WithTool("work"));
            agents.AddAgent("mailer", a => a.WithProvider("asks").WithTool("send"));
        });
        foreach (var kind in (string[])["writer", "writer", "retrier", "worker", "mailer"]) await runtime.Agents[kind, "1"].StartAsync("go");
        await runtime.Agents["talker", "1"].StartAsync("go", new TurnOptions { Pace = Pace.ByReader(2) });
        await using var browser = new DashboardBrowser(runtime.Agents);

        await browser.SeesAsync(".aa-kindrow", "writer 2 turns Halt… the provider 1 its busy agent 1");
        await browser.SeesAsync(".aa-kindrow", "talker 1 turn Halt… its reader 1");
        await browser.SeesAsync(".aa-kindrow", "retrier 1 turn Halt… a retry 1");
        await browser.SeesAsync(".aa-kindrow", "worker 1 turn Halt… a tool 1");
        await browser.SeesAsync(".aa-kindrow", "mailer 1 turn Halt… an approval 1");
        Assert.Contains("Live turns 5 5 agents in memory", browser.Texts(".aa-figure"));
        Assert.Contains("Waiting to begin 1 1 for their busy agent · 0 for a free place", browser.Texts(".aa-figure"));
    }

    [Fact]
    public async Task Interrupts_the_turn_whose_button_is_pressed()
    {
        await using var runtime = await StartAsync();
        var first = await runtime.Agents["writer", "1"].StartAsync("go");
        var second = await runtime.Agents["writer", "2"].StartAsync("go");
        await using var browser = new DashboardBrowser(runtime.Agents);

        browser.Click("[aria-label='Interrupt the turn of writer / 2']");

        Assert.Equal(InterruptReason.User, Assert.IsType<TurnInterrupted>(await EndOfAsync(second)).Reason);
        await browser.SeesAsync("[role=status]", "The turn of writer / 2 is interrupted.");
        await browser.SeesAsync(".aa-kindrow", "writer 1 turn");
        Assert.Equal(["writer / 1"], browser.Texts(".aa-longest tbody th"));
        await runtime.Agents["writer", "1"].InterruptAsync(first.Id);
        await browser.SeesAsync(".aa-panel", "No turn runs or waits.");
    }

    [Fact]
    public async Task Shows_calls_that_ignore_their_cancellation_and_why_turns_were_interrupted()
    {
        await using var runtime = await ChatTests.StartAsync(ScriptedProvider.Always(Script.Text("a").Stall(out var gate).IgnoreCancellation()));
        var turn = await runtime.Agents["assistant", "1"].StartAsync("go");
        await using var browser = new DashboardBrowser(runtime.Agents);
        await browser.SeesAsync(".aa-waits", "the provider 1");
        Assert.False(browser.Has(".aa-abandoned"));

        browser.Click("[aria-label='Interrupt the turn of assistant / 1']");
        await EndOfAsync(turn);

        await browser.SeesAsync(".aa-abandoned", "1 provider call and 0 tool calls ignored their cancellation");
        await browser.SeesAsync(".aa-facts-list", "interrupted: by a person");
        gate.Release();
    }

    [Fact]
    public async Task Shows_the_times_of_tools()
    {
        var tool = AIFunctionFactory.Create(() => "18", "thermometer-of-the-dashboard");
        await using var runtime = await ChatTests.StartAsync(new ScriptedProvider(Script.Call(tool.Name), "Warm."), tool: tool);
        await using var browser = new DashboardBrowser(runtime.Agents);

        await runtime.Agents["assistant", "1"].RunAsync("how warm is it?");

        await browser.SeesAsync(".aa-table tr", "tool thermometer-of-the-dashboard");
        Assert.EndsWith(" 1 0", browser.Texts(".aa-table tr").Single(t => t.Contains(tool.Name)));
    }

    [Fact]
    public async Task Shows_why_turns_failed()
    {
        await using var runtime = await ChatTests.StartAsync(ScriptedProvider.Always(Script.Empty.Fails(400, "No.")));
        await using var browser = new DashboardBrowser(runtime.Agents);

        await Assert.ThrowsAnyAsync<TurnException>(() => runtime.Agents["assistant", "1"].RunAsync("go"));

        await browser.SeesAsync(".aa-facts-list", "failed: the provider refused the request");
        await browser.SeesAsync(".aa-facts-list", "Failed or refused 1");
    }

    [Fact]
    public async Task Holds_still_when_asked_to()
    {
        var agents = new FakeAgents { Snapshot = FakeAgents.Turns(new() { [TurnWait.Tool] = 1 }) };
        await using var browser = new DashboardBrowser(agents);
        browser.Click("[aria-pressed=false]");

        agents.Snapshot = FakeAgents.Turns(new() { [TurnWait.Tool] = 2 });
        browser.PassFrame();
        Assert.Contains("a tool 1", browser.Texts(".aa-waits"));

        browser.Click("[aria-pressed=true]");
        await browser.SeesAsync(".aa-waits", "a tool 2");
    }

    [Fact]
    public async Task Rows_do_not_move_while_turns_are_interrupted_on_a_page_that_is_held_still()
    {
        await using var runtime = await StartAsync();
        var turns = new[] { await runtime.Agents["writer", "1"].StartAsync("go"), await runtime.Agents["writer", "2"].StartAsync("go") };
        await using var browser = new DashboardBrowser(runtime.Agents);
        browser.Click("[aria-pressed=false]");

        browser.Click("[aria-label='Interrupt the turn of writer / 1']");
        await EndOfAsync(turns[0]);
        await browser.SeesAsync("[role=status]", "writer / 1 is interrupted");
        browser.Click("[aria-label='Interrupt the turn of writer / 2']");
        await EndOfAsync(turns[1]);

        Assert.Equal(["writer / 1", "writer / 2"], browser.Texts(".aa-longest tbody th"));
    }

    [Fact]
    public async Task Measures_only_while_the_page_is_open()
    {
        await using var browser = new DashboardBrowser(new FakeAgents());
        Assert.True(browser.Sampler().IsRunning);

        await browser.LeaveAsync();

        Assert.False(browser.Sampler().IsRunning);
    }

    [Fact]
    public async Task Ten_thousand_live_turns_need_no_more_of_the_page_than_thirty()
    {
        await using var runtime = await StartAsync();
        await StartManyAsync(0, 30);
        await using var browser = new DashboardBrowser(runtime.Agents);
        await browser.SeesAsync(".aa-waits", "the provider 30");
        var nodes = browser.NodesOfTurns;

        await StartManyAsync(30, 10_000);

        await browser.SeesAsync(".aa-waits", "the provider 10,000");
        Assert.Equal(nodes, browser.NodesOfTurns);
        Assert.Equal(20, browser.Texts(".aa-longest tbody tr").Length);

        Task StartManyAsync(int from, int to) => Parallel.ForEachAsync(
            Enumerable.Range(from, to - from), async (i, stop) => await runtime.Agents["writer", $"{i}"].StartAsync("go", null, stop));
    }

    internal static Task<AgentRuntime> StartAsync() => AgentRuntime.StartAsync(agents =>
    {
        agents.AddProvider("default", ScriptedProvider.Always(Script.Text("a").Stall(), keepRequests: false));
        agents.AddAgent("reader", _ => { });
        agents.AddAgent("writer", _ => { });
    });

    internal static async Task<TerminalEvent> EndOfAsync(TurnHandle turn)
    {
        await foreach (var e in turn.ReadAsync())
            if (e is TerminalEvent end) return end;
        throw new InvalidOperationException("The log ended before its turn.");
    }
}
