using ActorAgents.Testing;
using Microsoft.Extensions.AI;
using static ActorAgents.Tests.TurnProbes;

namespace ActorAgents.Tests.Stops;

/// <summary>Whatever ended a turn, the next request is one that every provider takes.</summary>
public sealed class HistoryAfterStopsTests
{
    [Theory, EveryWayOut, Trait("Behaviour", "T50"), Trait("Behaviour", "P01")]
    public async Task After_a_partial_answer_the_next_request_carries_it(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Text("A").Stall(out var silent), Script.Text("B"));
        await using var runtime = await WaysOut.StartAsync(provider, a => a.WithInstructions("Be brief."));
        var agent = runtime.Agents["writer", "1"];
        await using var probe = runtime.Read(way, agent, "go", Called("t1")).Probe();
        await probe.ReadUpToAsync("A", silent);
        await agent.InterruptAsync(new TurnId("t1"));
        await probe.ReadInterruptedAsync(InterruptReason.User, "A");

        await runtime.ReadAllAsync(way, agent, "and?");

        Assert.Equal(["system: Be brief.", "user: go", "assistant: A", "user: and?"], provider.Requests[1].Lines());
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T50"), Trait("Behaviour", "T48")]
    public async Task After_an_interrupted_tool_every_call_has_its_one_result(WayOut way)
    {
        var tool = new ScriptedTool("look").Holds(out _).IgnoresCancellation();
        var provider = new ScriptedProvider(Script.Text("Wait. ").Call("look").Call("look"), Script.Text("B"));
        await using var runtime = await WaysOut.StartAsync(provider, a => a.WithTool(tool).WithLimits(l => l with { MaxParallelTools = 1 }));
        var agent = runtime.Agents["writer", "1"];
        await using var probe = runtime.Read(way, agent, "go", Called("t1")).Probe();
        while (await probe.NextAsync() is not StepFinished) { }
        await tool.StartedAsync();
        await agent.InterruptAsync(new TurnId("t1"));
        await probe.ReadInterruptedAsync(InterruptReason.User, "Wait. ");

        await runtime.ReadAllAsync(way, agent, "and?");

        var sent = provider.Requests[1].Messages;
        Assert.Equal(["user", "assistant", "tool", "user"], sent.Select(message => message.Role.Value));
        var calls = sent.SelectMany(message => message.Contents).OfType<FunctionCallContent>().Select(call => call.CallId);
        var results = sent.SelectMany(message => message.Contents).OfType<FunctionResultContent>().ToArray();
        Assert.Equal(calls, results.Select(result => result.CallId));
        Assert.All(results, result => Assert.Contains("cancelled", result.Result?.ToString()));
    }

    [Theory, EveryWayOut, Trait("Behaviour", "P01")]
    public async Task After_a_provider_error_question_and_partial_answer_stay(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Text("Hel").Fails(503), Script.Text("B"));
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];

        var events = await runtime.ReadAllAsync(way, agent, "go");
        await runtime.ReadAllAsync(way, agent, "and?");

        Assert.Equal("Hel", Assert.IsType<TurnFailed>(events[^1]).Partial);
        Assert.Equal(["user: go (failed)", "assistant: Hel (failed)", "user: and?", "assistant: B"], await agent.HistoryAsync());
        Assert.Equal(["user: go", "assistant: Hel", "user: and?"], provider.Requests[1].Lines());
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T77")]
    public async Task Every_message_of_a_stopped_turn_names_the_turn_and_how_it_ended(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Text("A").Stall(out var silent));
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        await using var probe = runtime.Read(way, agent, "go", Called("t1")).Probe();
        await probe.ReadUpToAsync("A", silent);
        await agent.InterruptAsync(new TurnId("t1"));
        await probe.ReadInterruptedAsync(InterruptReason.User, "A");

        Assert.All(await agent.GetMessagesAsync(), message =>
        {
            Assert.Equal("t1", message.AdditionalProperties!["actoragents.turn"]);
            Assert.Equal("interrupted", message.AdditionalProperties["actoragents.state"]);
        });
    }
}
