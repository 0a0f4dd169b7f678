using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.Tests.Tools;

public sealed class ToolTurnTests
{
    private readonly ScriptedTool _add = new("add", call => call.Argument<int>("a") + call.Argument<int>("b"), "a", "b");

    [Theory, EveryWayOut, Trait("Behaviour", "T58")]
    public async Task A_call_runs_once_with_its_arguments_between_the_texts(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Text("Let me see. ").Call("add", new { a = 1, b = 2 }, "c1"), "It is 3.");
        await using var one = await OneAgent.StartAsync(way, provider, _add);

        var events = await one.ReadAllAsync("1 + 2?");

        Assert.Equal(["TurnStarted", "TextDelta", "ToolStarted", "ToolFinished", "TextDelta", "TurnCompleted"], events.Names());
        Assert.Equal(("3", ToolOutcome.Succeeded, "add"), (events.Finished("c1").Result, events.Finished("c1").Outcome, events.Finished("c1").Tool));
        Assert.Equal("Let me see. It is 3.", events.End<TurnCompleted>().Text);
        var call = Assert.Single(_add.Calls);
        Assert.Equal((1, 2), (call.Argument<int>("a"), call.Argument<int>("b")));
        Assert.Equal(Enumerable.Range(1, events.Count).Select(i => (long)i), events.Select(e => e.Seq));
    }

    [Fact, Trait("Behaviour", "T58")]
    public async Task The_text_view_has_the_texts_of_all_steps_and_one_final_chunk()
    {
        var provider = new ScriptedProvider(Script.Text("Let me see. ").Call("add", new { a = 1, b = 2 }), "It is 3.");
        await using var one = await OneAgent.StartAsync(WayOut.AwaitForeach, provider, _add);

        var chunks = new List<StreamChunk>();
        await foreach (var chunk in one.Agent.StreamAsync("1 + 2?")) chunks.Add(chunk);

        Assert.Equal(["Let me see. ", "It is 3.", ""], chunks.Select(c => c.Content));
        Assert.Equal([false, false, true], chunks.Select(c => c.IsFinal));
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T67")]
    public async Task Calls_of_every_round_run_and_every_request_offers_the_tools(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Call("add", new { a = 1, b = 2 }), Script.Call("add", new { a = 3, b = 4 }), "10");
        await using var one = await OneAgent.StartAsync(way, provider, _add);

        var events = await one.ReadAllAsync("1 + 2 + 3 + 4?");

        Assert.Equal(["3", "7"], events.OfType<ToolFinished>().Select(e => e.Result));
        Assert.Null(events.End<TurnCompleted>().LimitReached);
        Assert.All(provider.Requests, request => Assert.Equal(["add"], request.Tools));
        Assert.Equal(3, provider.Requests.Count);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Calls_whose_ids_an_earlier_step_used_get_ids_of_their_own(bool inPieces)
    {
        ChatScript Call(int a) => inPieces ? Script.CallInPieces("add", $$"""{"a":{{a}},"b":1}""", callId: "call_0", close: false) : Script.Call("add", new { a, b = 1 }, "call_0");
        var provider = new ScriptedProvider(Call(1), Call(2), "2 and 3.");
        await using var one = await OneAgent.StartAsync(WayOut.AwaitForeach, provider, _add);

        var events = await one.ReadAllAsync("Add.");

        var (starts, ends) = (events.OfType<ToolStarted>().Select(e => e.CallId).ToList(), events.OfType<ToolFinished>().Select(e => (e.CallId, e.Result)).ToList());
        Assert.Equal(["call_0", "call_0_2"], starts);
        Assert.Equal([(starts[0], "2"), (starts[1], "3")], ends);
        if (inPieces) Assert.Equal(starts, events.OfType<ToolCallDelta>().Select(e => e.CallId).Distinct());
        Assert.Equal(ends, provider.Requests[2].Messages.SelectMany(m => m.Contents).OfType<FunctionResultContent>().Select(r => (r.CallId, $"{r.Result}")));
        Assert.Equal(starts, provider.Requests[2].Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>().Select(c => c.CallId));
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T69")]
    public async Task History_and_the_next_request_pair_each_call_with_its_result(WayOut way)
    {
        var provider = new ScriptedProvider(
            Script.Text("Let me see. ").Call("add", new { a = 1, b = 2 }, "c1").Call("add", new { a = 3, b = 4 }, "c2"), "3 and 7.", "Bye.");
        await using var one = await OneAgent.StartAsync(way, provider, _add);

        await one.ReadAllAsync("Add.");
        await one.ReadAllAsync("Thanks.");

        var history = await one.Agent.GetMessagesAsync();
        Assert.Equal(["user", "assistant", "tool", "assistant", "user", "assistant"], history.Roles());
        Assert.Equal(["c1", "c2"], history[1].Contents.OfType<FunctionCallContent>().Select(c => c.CallId));
        Assert.Equal([("c1", "3"), ("c2", "7")], history[2].Contents.Cast<FunctionResultContent>().Select(r => (r.CallId, (string)r.Result!)));
        Assert.Equal(["user", "assistant", "tool", "assistant", "user"], provider.Requests[2].Messages.Roles());
        Pairing.AssertValid(provider.Requests[1].Messages);
        Pairing.AssertValid(provider.Requests[2].Messages);
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T70")]
    public async Task A_parameter_called_name_arrives(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Call("greet", new { name = "Ada" }, "c1"), "Done.");
        await using var one = await OneAgent.StartAsync(way, provider, AIFunctionFactory.Create((string name) => $"Hello {name}", "greet"));

        Assert.Equal("Hello Ada", (await one.ReadAllAsync("Greet Ada.")).Finished("c1").Result);
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T72")]
    public async Task A_call_that_is_not_in_the_last_chunk_runs(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Call("add", new { a = 1, b = 2 }, "c1").Text("One ", "moment. ").Usage(1, 1), "3.");
        await using var one = await OneAgent.StartAsync(way, provider, _add);

        var events = await one.ReadAllAsync("1 + 2?");

        Assert.Equal("3", events.Finished("c1").Result);
        Assert.Equal("One moment. 3.", events.End<TurnCompleted>().Text);
    }
}
