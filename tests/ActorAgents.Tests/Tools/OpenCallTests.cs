using System.Text.Json;
using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.Tests.Tools;

public sealed class OpenCallTests
{
    private readonly AIFunctionDeclaration _ask = AIFunctionFactory.CreateDeclaration("ask", "Asks the user.", JsonElement.Parse("""{"type":"object"}"""));
    private readonly ScriptedTool _add = new("add", _ => "3");

    [Theory, EveryWayOut, Trait("Behaviour", "M06")]
    public async Task A_call_of_a_declared_tool_is_handed_back_and_the_others_run(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Text("A question. ").Call("ask", new { about = "colour" }, "c1").Call("add", callId: "c2"));
        await using var one = await OneAgent.StartAsync(way, provider, _ask, _add);

        var events = await one.ReadAllAsync("go");

        var completed = events.End<TurnCompleted>();
        Assert.Equal(("A question. ", ChatFinishReason.ToolCalls), (completed.Text, completed.FinishReason));
        var open = Assert.Single(completed.OpenCalls!);
        Assert.Equal(("c1", "ask", "colour"), (open.CallId, open.Tool, open.Arguments["about"]?.ToString()));
        Assert.Equal("3", events.Finished("c2").Result);
        Assert.DoesNotContain(events, e => e is ToolStarted { CallId: "c1" } or ToolFinished { CallId: "c1" });
        Pairing.AssertComplete(await one.Agent.GetMessagesAsync(), open: "c1");
    }

    [Theory, EveryWayOut, Trait("Behaviour", "M06")]
    public async Task The_next_input_may_bring_the_result(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Call("ask", callId: "c1").Call("add", callId: "c2"), "Blue, then.");
        await using var one = await OneAgent.StartAsync(way, provider, _ask, _add);
        await one.ReadAllAsync("go");

        var events = await one.ReadAllAsync(new ChatMessage(ChatRole.Tool, [new FunctionResultContent("c1", "blue")]));

        Assert.Equal("Blue, then.", events.End<TurnCompleted>().Text);
        Pairing.AssertValid(provider.Requests[1].Messages);
        Assert.Equal("blue", provider.Requests[1].Messages.ResultOf("c1"));
        Assert.Equal("3", provider.Requests[1].Messages.ResultOf("c2"));
        Pairing.AssertComplete(await one.Agent.GetMessagesAsync());
    }

    [Theory, EveryWayOut, Trait("Behaviour", "M06"), Trait("Behaviour", "M12")]
    public async Task An_input_that_brings_no_result_has_the_model_told_so(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Call("ask", callId: "c1"), "Never mind.", "Bye.");
        await using var one = await OneAgent.StartAsync(way, provider, _ask);
        await one.ReadAllAsync("go");

        await one.ReadAllAsync("Forget it.");
        await one.ReadAllAsync(new[] { new ChatMessage(ChatRole.Tool, [new FunctionResultContent("c1", "too late")]), new ChatMessage(ChatRole.User, "Bye.") });

        foreach (var request in provider.Requests.Skip(1))
        {
            Pairing.AssertValid(request.Messages);
            Assert.Equal("Error: no result was given.", request.Messages.ResultOf("c1"));
        }
    }

    [Theory, EveryWayOut, Trait("Behaviour", "M02")]
    public async Task An_unknown_tool_ends_the_turn_with_its_call_open_when_asked_for(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Call("nobody", callId: "c1").Call("add", callId: "c2"));
        await using var one = await OneAgent.StartAsync(way, provider, agent => agent.WithTool(_add).EndOnUnknownTool());

        var completed = (await one.ReadAllAsync("go")).End<TurnCompleted>();

        Assert.Equal("nobody", Assert.Single(completed.OpenCalls!).Tool);
        Assert.Equal(1, _add.Started);
        Assert.Single(provider.Requests);
    }

    [Theory, EveryWayOut, Trait("Behaviour", "M12")]
    public async Task A_turn_interrupted_before_it_hands_its_calls_back_records_them_as_cancelled(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Call("ask", callId: "c1").Text("a").Stall(out var silent), "Bye.");
        await using var one = await OneAgent.StartAsync(way, provider, _ask);

        await using var probe = one.Probe("go");
        await probe.UntilAsync<TextDelta>();
        probe.Pull();
        await silent.ReachedAsync();
        await one.InterruptAsync();
        await probe.EndAsync<TurnInterrupted>();

        Assert.StartsWith("Error: cancelled", (await one.Agent.GetMessagesAsync()).ResultOf("c1"));
    }

    [Fact, Trait("Behaviour", "M06")]
    public async Task A_whole_answer_names_the_open_calls()
    {
        await using var one = await OneAgent.StartAsync(WayOut.AwaitForeach, new ScriptedProvider(Script.Call("ask", callId: "c1")), _ask);

        var response = await one.Agent.RunAsync("go");

        Assert.Equal(ChatFinishReason.ToolCalls, response.FinishReason);
        Assert.Equal("c1", Assert.Single(response.Messages.Calls()).CallId);
    }
}
