using ActorAgents.Testing;
using Microsoft.Extensions.AI;
using Akka.Streams;
using Akka.Streams.Dsl;

namespace ActorAgents.Tests.Turns;

public sealed class SmokeTests
{
    [Fact]
    public async Task Text_and_tools_and_history()
    {
        var weather = new ScriptedTool("weather", call => $"18 °C in {call.Argument<string>("city")}", "city");
        var provider = new ScriptedProvider(
            Script.Text("Let me look. ").Call("weather", new { city = "Riga" }),
            Script.Text("It is ").Text("18 °C."),
            Script.Text("Hello ", "world!"), Script.Text("Hello ", "world!"), Script.Text("Hello ", "world!"));
        await using var runtime = await AgentRuntime.StartAsync(agents => agents
            .AddProvider("default", provider).AddTool("weather", weather).AddAgent("writer", a => a.WithInstructions("Be brief.").WithTool("weather")));
        var agent = runtime.Agents["writer", "1"];
        var events = new List<TurnEvent>();
        await foreach (var e in agent.EventsAsync("How warm?")) events.Add(e);
        Assert.Equal("TurnStarted,TextDelta,ToolStarted,StepFinished,ToolFinished,TextDelta,TextDelta,StepFinished,TurnCompleted".Split(',').Order(), events.Select(e => e.GetType().Name).Order());
        Assert.Equal(Enumerable.Range(1, events.Count).Select(i => (long)i), events.Select(e => e.Seq));
        var messages = await agent.GetMessagesAsync();
        Assert.Equal(["user", "assistant", "tool", "assistant"], messages.Select(m => m.Role.Value));
        Assert.Equal("Hello world!", (await agent.RunAsync("again")).Content);
        var collected = await agent.StreamAsync("again").CollectAsync();
        Assert.Equal("Hello world!", collected.CompleteText);
        var list = await agent.Source("again").RunWith(Sink.Seq<TurnEvent>(), runtime.System.Materializer());
        Assert.Equal("Hello world!", ((TerminalEvent)list[^1]).TextSoFar);
        Assert.Empty(provider.Violations);
        Assert.Equal(0, runtime.Agents.Status.LiveTurns);
    }

    [Fact]
    public async Task Interrupted_while_silent()
    {
        var provider = new ScriptedProvider(Script.Text("It is ").Stall(out var gate).IgnoreCancellation().Text("18 °C."));
        await using var runtime = await AgentRuntime.StartAsync(agents => agents.AddProvider("default", provider).AddAgent("writer"));
        var agent = runtime.Agents["writer", "1"];
        await using var probe = agent.StreamAsync("How warm is it?", new TurnOptions { TurnId = new TurnId("t1") }).Probe();
        await probe.NextAsync();
        probe.Pull();
        await gate.ReachedAsync();
        Assert.True(await agent.InterruptAsync(new TurnId("t1")));
        var stopped = await probe.ExpectFailureAsync<StreamInterruptedException>();
        Assert.Equal("It is ", stopped.PartialResponse);
        Assert.Equal(1, runtime.Agents.Status.AbandonedCalls);
        gate.Open();
        await provider.ReleasedAsync();
        Assert.Empty(provider.Violations);
    }

    [Fact]
    public async Task Detached()
    {
        var provider = ScriptedProvider.Always(Script.Text("a", "b", "c"));
        await using var runtime = await AgentRuntime.StartAsync(agents => agents.AddProvider("default", provider).AddAgent("writer"));
        var agent = runtime.Agents["writer", "1"];
        var turn = await agent.StartAsync("go");
        for (var i = 0; i < 2; i++)
        {
            var text = "";
            await foreach (var e in turn.ReadAsync()) if (e is TextDelta t) text += t.Text;
            Assert.Equal("abc", text);
        }
    }
}
