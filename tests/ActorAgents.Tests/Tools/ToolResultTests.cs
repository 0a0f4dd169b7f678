using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.Tests.Tools;

public sealed class ToolResultTests
{
    [Theory, EveryWayOut, Trait("Behaviour", "M04")]
    public async Task No_result_is_told_as_success(WayOut way) =>
        Assert.Equal("Success: Function completed.", await ResultAsync(way, new ScriptedTool("tool").Returns(null)));

    [Theory, EveryWayOut, Trait("Behaviour", "M04")]
    public async Task A_function_without_a_return_value_is_told_as_success(WayOut way) =>
        Assert.Equal("Success: Function completed.", await ResultAsync(way, AIFunctionFactory.Create(() => { }, "tool")));

    [Theory, EveryWayOut, Trait("Behaviour", "M04")]
    public async Task An_object_is_told_as_JSON_without_blanks(WayOut way) =>
        Assert.Equal("""{"degrees":18}""", await ResultAsync(way, AIFunctionFactory.Create(() => new Dictionary<string, int> { ["degrees"] = 18 }, "tool")));

    [Theory, EveryWayOut, Trait("Behaviour", "M04")]
    public async Task A_text_is_told_without_quotes(WayOut way) => Assert.Equal("18 °C", await ResultAsync(way, AIFunctionFactory.Create(() => "18 °C", "tool")));

    [Theory, EveryWayOut, Trait("Behaviour", "M04")]
    public async Task A_result_content_with_the_id_of_the_call_is_used_as_it_is(WayOut way)
    {
        FunctionResultContent? own = null;
        var tool = new ScriptedTool("tool", call => own = new FunctionResultContent(call.Context!.CallId, "mine"));
        var provider = new ScriptedProvider(Script.Call("tool", callId: "c1"), "Done.");
        await using var one = await OneAgent.StartAsync(way, provider, tool);

        Assert.Equal("mine", (await one.ReadAllAsync("go")).Finished("c1").Result);
        Assert.Same(own, Assert.Single(provider.Requests[1].Messages.Results()));
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T70")]
    public async Task A_result_that_cannot_be_written_gives_an_error_result(WayOut way) =>
        Assert.Equal("Error: the result of type CancellationTokenSource cannot be written as JSON.",
            await ResultAsync(way, new ScriptedTool("tool").Returns(new CancellationTokenSource())));

    [Theory, EveryWayOut]
    public async Task A_result_over_the_bound_gives_an_error_result_that_says_so(WayOut way)
    {
        Assert.Equal("0123456789", await ResultAsync(way, new ScriptedTool("tool").Returns("0123456789"), maxChars: 10));
        Assert.Equal("Error: the result has 11 characters; at most 10 are allowed. Ask for less.",
            await ResultAsync(way, new ScriptedTool("tool").Returns("0123456789A"), maxChars: 10));
    }

    private static async Task<string?> ResultAsync(WayOut way, AIFunction tool, int maxChars = 100_000)
    {
        var provider = new ScriptedProvider(Script.Call("tool", callId: "c1"), "Done.");
        await using var one = await OneAgent.StartAsync(way, provider, agent => agent.WithTool(tool).WithLimits(l => l with { MaxToolResultChars = maxChars }));

        var events = await one.ReadAllAsync("go");

        Assert.Equal("Done.", events.End<TurnCompleted>().Text);
        Assert.Equal(events.Finished("c1").Result, provider.Requests[1].Messages.ResultOf("c1"));
        return events.Finished("c1").Result;
    }
}
