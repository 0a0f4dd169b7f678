using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.Tests.Tools;

public sealed class CallPiecesTests
{
    private readonly ScriptedTool _add = new("add", call => call.Argument<int>("a") + call.Argument<int>("b"), "a", "b");

    [Theory, EveryWayOut, Trait("Behaviour", "T59")]
    public async Task Pieces_of_which_only_the_first_has_the_id_join_to_one_call(WayOut way)
    {
        var provider = new ScriptedProvider(Script.CallInPieces("add", """{"a":1,"b":2}""", pieces: 4, callId: "c1", close: false), "3.");
        await using var one = await OneAgent.StartAsync(way, provider, _add);

        var events = await one.ReadAllAsync("1 + 2?");

        Assert.Equal("""{"a":1,"b":2}""", string.Concat(events.OfType<ToolCallDelta>().Select(e => e.Piece)));
        Assert.All(events.OfType<ToolCallDelta>(), delta => Assert.Equal(("c1", "add", 0), (delta.CallId, delta.Name, delta.Index)));
        Assert.Equal("3", events.Finished("c1").Result);
        Assert.Equal(1, _add.Started);
        Assert.Single((await one.Agent.GetMessagesAsync()).Calls());
    }

    [Theory, InlineData(""), InlineData(null)]
    public async Task A_whole_call_closes_its_pieces_by_name_where_they_have_no_id(string? id)
    {
        var whole = new FunctionCallContent(id ?? "c1", "add", new Dictionary<string, object?> { ["a"] = 1, ["b"] = 2 });
        var provider = new ScriptedProvider(Script.Piece(id, "add", 0, """{"a":1,"b":2}""").Content(whole), "3.");
        await using var one = await OneAgent.StartAsync(WayOut.AwaitForeach, provider, _add);

        var events = await one.ReadAllAsync("1 + 2?");

        Assert.Single(events.OfType<ToolStarted>());
        Assert.Equal("3.", events.End<TurnCompleted>().Text);
    }

    [Theory, EveryWayOut]
    public async Task Pieces_of_an_answer_that_was_cut_are_not_run(WayOut way)
    {
        var provider = new ScriptedProvider(Script.CallInPieces("add", """{"a":1,"b":2}""", callId: "c1", close: false).WithoutFinish());
        await using var one = await OneAgent.StartAsync(way, provider, _add);

        var events = await one.ReadAllAsync("1 + 2?");

        Assert.Equal(TurnErrorKind.Truncated, events.End<TurnFailed>().Error.Kind);
        Assert.DoesNotContain(events, next => next is ToolStarted);
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T59")]
    public async Task A_whole_call_closes_its_pieces_and_runs_once(WayOut way)
    {
        var provider = new ScriptedProvider(Script.CallInPieces("add", """{"a":1,"b":2}""", pieces: 2, callId: "c1", close: true), "3.");
        await using var one = await OneAgent.StartAsync(way, provider, _add);

        var events = await one.ReadAllAsync("1 + 2?");

        Assert.Equal("3", events.Finished("c1").Result);
        Assert.Equal(1, _add.Started);
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T60")]
    public async Task Calls_interleaved_by_index_are_told_apart_and_answered_in_order(WayOut way)
    {
        var provider = new ScriptedProvider(
            Script.Piece("c2", "add", 1, """{"a":3,""").Piece("c1", "add", 0, """{"a":1,""").Piece(null, null, 0, "\"b\":2}").Piece(null, null, 1, "\"b\":4}"), "3, 7.");
        await using var one = await OneAgent.StartAsync(way, provider, _add);

        var events = await one.ReadAllAsync("Add.");

        Assert.Equal(("3", "7"), (events.Finished("c1").Result, events.Finished("c2").Result));
        Assert.Equal(["c1", "c2"], provider.Requests[1].Messages[^1].Contents.Cast<Microsoft.Extensions.AI.FunctionResultContent>().Select(r => r.CallId));
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T61")]
    public async Task Empty_argument_text_is_an_empty_object(WayOut way)
    {
        var ping = new ScriptedTool("ping", _ => "pong");
        var provider = new ScriptedProvider(Script.Piece("c1", "ping", 0, ""), "Done.");
        await using var one = await OneAgent.StartAsync(way, provider, ping);

        Assert.Equal("pong", (await one.ReadAllAsync("Ping.")).Finished("c1").Result);
        Assert.Empty(Assert.Single(ping.Calls).Arguments);
        Assert.NotNull((await one.Agent.GetMessagesAsync()).Calls()[0].Arguments);
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T62")]
    public async Task Pieces_that_never_become_JSON_give_an_error_result(WayOut way)
    {
        var provider = new ScriptedProvider(
            Script.CallInPieces("add", """{"a":""", pieces: 2, callId: "c1", close: false).CallInPieces("add", """{"a":3,"b":4}""", callId: "c2", index: 1, close: false), "7.");
        await using var one = await OneAgent.StartAsync(way, provider, _add);

        var events = await one.ReadAllAsync("Add.");

        Assert.StartsWith("Error: the arguments of add are not valid JSON", provider.Requests[1].Messages.ResultOf("c1"));
        Assert.Equal("7", provider.Requests[1].Messages.ResultOf("c2"));
        Assert.Equal(ToolOutcome.Failed, events.Finished("c1").Outcome);
        Assert.Equal("7.", events.End<TurnCompleted>().Text);
        Assert.Equal(1, _add.Started);
    }

    [Theory, EveryWayOut, Trait("Behaviour", "M12")]
    public async Task A_call_that_was_cut_in_its_pieces_leaves_no_trace_in_history(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Text("Let me see. ").Piece("c1", "add", 0, """{"a":1""").Stall(out var silent), "Bye.");
        await using var one = await OneAgent.StartAsync(way, provider, _add);

        await using var probe = one.Probe("1 + 2?");
        await probe.UntilAsync<ToolCallDelta>();
        probe.Pull();
        await silent.ReachedAsync();
        await one.InterruptAsync();
        await probe.EndAsync<TurnInterrupted>();

        Assert.Empty((await one.Agent.GetMessagesAsync()).Calls());
        Assert.Equal(0, _add.Started);
    }
}
