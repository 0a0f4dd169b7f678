using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.Tests.Tools;

public sealed class ToolErrorTests
{
    private readonly ScriptedTool _bad = new ScriptedTool("bad").Throws(new IOException("disk"));
    private readonly ScriptedTool _good = new("good", _ => "fine");

    [Theory, EveryWayOut, Trait("Behaviour", "T62")]
    public async Task Malformed_arguments_give_an_error_result_for_that_call(WayOut way)
    {
        var provider = new ScriptedProvider(Script.MalformedCall("good", """{"a":""", "c1").Call("good", callId: "c2"), "Done.");
        await using var one = await OneAgent.StartAsync(way, provider, _good);

        var events = await one.ReadAllAsync("go");

        Assert.StartsWith("Error: the arguments of good are not valid JSON", provider.Requests[1].Messages.ResultOf("c1"));
        Assert.Equal("fine", provider.Requests[1].Messages.ResultOf("c2"));
        Assert.Equal("Done.", events.End<TurnCompleted>().Text);
        Assert.Equal(1, _good.Started);
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T63"), Trait("Behaviour", "M03")]
    public async Task A_tool_that_throws_gives_an_error_result_without_its_message(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Call("bad", callId: "c1"), "Sorry.", "Still here.");
        await using var one = await OneAgent.StartAsync(way, provider, _bad);

        var events = await one.ReadAllAsync("go");

        Assert.Equal(("Error: Function failed.", ToolOutcome.Failed), (events.Finished("c1").Result, events.Finished("c1").Outcome));
        Assert.Equal("Error: Function failed.", provider.Requests[1].Messages.ResultOf("c1"));
        Assert.Equal("Sorry.", events.End<TurnCompleted>().Text);
        Assert.Equal("Still here.", (await one.ReadAllAsync("again")).End<TurnCompleted>().Text);
        Assert.Equal(6, (await one.Agent.GetMessagesAsync()).Count);
    }

    [Theory, EveryWayOut, Trait("Behaviour", "M03")]
    public async Task The_message_of_an_exception_is_shown_when_asked_for(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Call("bad", callId: "c1"), "Sorry.");
        await using var one = await OneAgent.StartAsync(way, provider, agent => agent.WithTool(_bad).WithDetailedToolErrors());

        Assert.Equal("Error: Function failed. Exception: disk", (await one.ReadAllAsync("go")).Finished("c1").Result);
    }

    [Theory, EveryWayOut]
    public async Task A_tool_may_say_in_its_own_words_that_it_failed_as_often_as_it_likes(WayOut way)
    {
        var refusing = new ScriptedTool("refusing").Throws(new ToolFailedException("There is no such city."));
        var provider = new ScriptedProvider([.. Enumerable.Range(1, 5).Select(i => Script.Call("refusing", callId: $"c{i}")), "Sorry."]);
        await using var one = await OneAgent.StartAsync(way, provider, refusing);

        var events = await one.ReadAllAsync("go");

        Assert.Equal(("Error: There is no such city.", ToolOutcome.Failed), (events.Finished("c5").Result, events.Finished("c5").Outcome));
        Assert.Equal("Error: There is no such city.", provider.Requests[1].Messages.ResultOf("c1"));
        Assert.Equal("Sorry.", events.End<TurnCompleted>().Text);
    }

    [Theory, EveryWayOut, Trait("Behaviour", "M03")]
    public async Task Three_failing_rounds_in_a_row_are_borne_and_the_fourth_ends_the_turn(WayOut way)
    {
        var provider = ScriptedProvider.Always(Script.Text("Try. ").Call("bad"));
        await using var one = await OneAgent.StartAsync(way, provider, _bad);

        var failed = (await one.ReadAllAsync("go")).End<TurnFailed>();

        Assert.Equal((TurnErrorKind.ToolsFailed, "Try. Try. Try. Try. "), (failed.Error.Kind, failed.Partial));
        Assert.IsType<IOException>(failed.Error.Cause);
        Assert.Equal("Tools failed in 4 rounds in a row, the last one 'bad'.", failed.Error.Message);
        Assert.Equal(4, provider.Requests.Count);
        Pairing.AssertComplete(await one.Agent.GetMessagesAsync());
    }

    [Theory, EveryWayOut, Trait("Behaviour", "M03")]
    public async Task The_error_of_a_turn_that_tools_ended_says_why_when_asked_for(WayOut way)
    {
        await using var one = await OneAgent.StartAsync(way, ScriptedProvider.Always(Script.Call("bad")),
            agent => agent.WithTool(_bad).WithDetailedToolErrors().WithLimits(l => l with { MaxConsecutiveFailingRounds = 0 }));

        Assert.EndsWith("'bad': disk", (await one.ReadAllAsync("go")).End<TurnFailed>().Error.Message);
    }

    [Theory, EveryWayOut, Trait("Behaviour", "M03")]
    public async Task A_round_without_exception_starts_the_count_again(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Call("bad"), Script.Call("good"), Script.Call("bad").Call("good"), "Done.");
        await using var one = await OneAgent.StartAsync(way, provider,
            agent => agent.WithTool(_bad).WithTool(_good).WithLimits(l => l with { MaxConsecutiveFailingRounds = 1 }));

        Assert.Equal("Done.", (await one.ReadAllAsync("go")).End<TurnCompleted>().Text);
    }

    [Theory, EveryWayOut, Trait("Behaviour", "M03")]
    public async Task Errors_that_are_no_exceptions_of_a_tool_do_not_count_as_failing_rounds(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Call("nobody"), Script.MalformedCall("good", "{"), "Done.");
        await using var one = await OneAgent.StartAsync(way, provider, agent => agent.WithTool(_good).WithLimits(l => l with { MaxConsecutiveFailingRounds = 0 }));

        Assert.Equal("Done.", (await one.ReadAllAsync("go")).End<TurnCompleted>().Text);
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T64"), Trait("Behaviour", "M02")]
    public async Task An_unknown_tool_gives_an_error_result_that_names_it(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Call("nobody", callId: "c1").Call("good", callId: "c2"), "Done.");
        await using var one = await OneAgent.StartAsync(way, provider, _good);

        var events = await one.ReadAllAsync("go");

        Assert.Equal("Error: Requested function \"nobody\" not found.", provider.Requests[1].Messages.ResultOf("c1"));
        Assert.Equal("fine", provider.Requests[1].Messages.ResultOf("c2"));
        Assert.Equal("Done.", events.End<TurnCompleted>().Text);
    }

    [Theory, EveryWayOut, Trait("Behaviour", "M03")]
    public async Task A_failing_last_round_leaves_no_open_call_without_a_result(WayOut way)
    {
        var ask = AIFunctionFactory.CreateDeclaration("ask", "Asks the user.", _good.JsonSchema);
        var provider = new ScriptedProvider(Script.Call("ask", callId: "c1").Call("bad", callId: "c2"));
        await using var one = await OneAgent.StartAsync(way, provider,
            agent => agent.WithTool(_bad).WithTool(ask).WithLimits(l => l with { MaxConsecutiveFailingRounds = 0 }));

        (await one.ReadAllAsync("go")).End<TurnFailed>();

        Pairing.AssertComplete(await one.Agent.GetMessagesAsync());
    }
}
