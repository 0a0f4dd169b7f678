using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.Tests.Tools;

public sealed class ServerHandledCallTests
{
    private readonly Gate _gate = new();
    private readonly ScriptedTool _web;

    public ServerHandledCallTests() => _web = new ScriptedTool("web", _ => "ours").Holds(_gate);

    [Theory, EveryWayOut, Trait("Behaviour", "M08")]
    public async Task A_result_that_the_provider_brings_stands_and_our_run_is_cancelled(WayOut way)
    {
        var provider = new ScriptedProvider(
            Script.Content(Call("c1")).Stall(out var silent).Content(new FunctionResultContent("c1", "theirs")).Text("Found.").Finish(ChatFinishReason.Stop), "Bye.");
        await using var one = await OneAgent.StartAsync(way, provider, _web);

        var reading = one.ReadAllAsync("go");
        await _web.StartedAsync();
        await silent.ReachedAsync();
        silent.Open();
        var events = await reading;
        await _web.CancelledAsync();
        await one.ReadAllAsync("Bye.");

        Assert.Equal(("theirs", ToolOutcome.Succeeded), (events.Finished("c1").Result, events.Finished("c1").Outcome));
        Assert.Equal("theirs", provider.Requests[1].Messages.ResultOf("c1"));
        Pairing.AssertValid(provider.Requests[1].Messages);
    }

    [Theory, EveryWayOut, Trait("Behaviour", "M08")]
    public async Task A_response_that_brings_all_its_results_is_the_answer(WayOut way)
    {
        var provider = new ScriptedProvider(
            Script.Content(Call("c1"), new FunctionResultContent("c1", "theirs")).Text("Found.").Finish(ChatFinishReason.Stop));
        _gate.Open();
        await using var one = await OneAgent.StartAsync(way, provider, _web);

        var completed = (await one.ReadAllAsync("go")).End<TurnCompleted>();

        Assert.Equal(("Found.", ChatFinishReason.Stop), (completed.Text, completed.FinishReason));
        Assert.Single(provider.Requests);
        Pairing.AssertComplete(await one.Agent.GetMessagesAsync());
    }

    [Theory, EveryWayOut, Trait("Behaviour", "M08")]
    public async Task A_call_handled_by_the_provider_beside_one_of_ours_sends_only_our_result(WayOut way)
    {
        var add = new ScriptedTool("add", _ => "3");
        var provider = new ScriptedProvider(
            Script.Content(new FunctionCallContent("c1", "hosted"), new FunctionResultContent("c1", "theirs")).Call("add", callId: "c2"), "Done.");
        await using var one = await OneAgent.StartAsync(way, provider, add);

        await one.ReadAllAsync("go");

        Assert.Equal("c2", Assert.Single(provider.Requests[1].Messages[^1].Contents.Cast<FunctionResultContent>()).CallId);
        Assert.Equal("theirs", provider.Requests[1].Messages.ResultOf("c1"));
        Pairing.AssertValid(provider.Requests[1].Messages);
    }

    [Theory, EveryWayOut, Trait("Behaviour", "M08")]
    public async Task A_declared_call_with_a_result_in_the_same_response_is_not_open(WayOut way)
    {
        var ask = AIFunctionFactory.CreateDeclaration("ask", "Asks the user.", _web.JsonSchema);
        var provider = new ScriptedProvider(
            Script.Content(new FunctionCallContent("c1", "ask"), new FunctionResultContent("c1", "theirs")).Text("Found.").Finish(ChatFinishReason.Stop));
        await using var one = await OneAgent.StartAsync(way, provider, ask);

        var completed = (await one.ReadAllAsync("go")).End<TurnCompleted>();

        Assert.Equal(ChatFinishReason.Stop, completed.FinishReason);
        Assert.True(completed.OpenCalls is null or []);
        Pairing.AssertComplete(await one.Agent.GetMessagesAsync());
    }

    [Theory, EveryWayOut, Trait("Behaviour", "M08")]
    public async Task A_call_for_information_only_is_kept_and_never_run(WayOut way)
    {
        var provider = new ScriptedProvider(
            Script.Text("Found.").Content(new FunctionCallContent("c1", "web") { InformationalOnly = true }).Finish(ChatFinishReason.Stop), "Bye.");
        await using var one = await OneAgent.StartAsync(way, provider, _web);

        var events = await one.ReadAllAsync("go");
        await one.ReadAllAsync("Bye.");

        Assert.Equal("Found.", events.End<TurnCompleted>().Text);
        Assert.DoesNotContain(events, e => e is ToolStarted or ToolFinished);
        Assert.Equal(0, _web.Started);
        Assert.Single(provider.Requests[1].Messages.Calls());
        Assert.Empty(provider.Requests[1].Messages.Results());
    }

    private static FunctionCallContent Call(string id) => new(id, "web", new Dictionary<string, object?>());
}
