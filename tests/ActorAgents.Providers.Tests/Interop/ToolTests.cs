using Microsoft.Extensions.AI;

namespace ActorAgents.Providers.Tests.Interop;

public sealed class ToolTests(MockServer server) : InteropTest(server)
{
    [InteropTheory, MemberData(nameof(Kinds)), Trait("Behaviour", "T81"), Trait("Behaviour", "T82")]
    public async Task A_tool_is_called_and_its_result_goes_back(string kind)
    {
        var asked = new List<string>();
        await using var runtime = await StartAsync(kind, a => a.WithTool(Weather(asked)));

        var events = await ReadAsync(runtime.Agents["writer", "1"], "weather in Paris");

        Assert.Equal("Paris has 18 degrees.", End<TurnCompleted>(events).Text);
        Assert.Equal(["Paris"], asked);
        Assert.Equal(("18", ToolOutcome.Succeeded), events.OfType<ToolFinished>().Select(f => (f.Result, f.Outcome)).Single());
        var requests = await JournalAsync();
        Assert.Equal(2, requests.Length);
        Assert.All(requests, request => Assert.Equal(1, request.GetProperty("body").GetProperty("tools").GetArrayLength()));
    }

    [InteropTheory, MemberData(nameof(Kinds)), Trait("Behaviour", "T81")]
    public async Task A_call_is_seen_while_it_is_written(string kind)
    {
        await using var runtime = await StartAsync(kind, a => a.WithTool(Weather()));

        var deltas = (await ReadAsync(runtime.Agents["writer", "1"], "weather in Paris")).OfType<ToolCallDelta>().ToList();

        if (kind == "ollama") { Assert.Empty(deltas); return; } // Its wire has whole calls only.
        Assert.Equal("""{"city":"Paris"}""", string.Concat(deltas.Select(delta => delta.Piece)));
        Assert.True(deltas.Count > 2);
        Assert.All(deltas, delta => Assert.Equal(("call_paris", "get_weather"), (delta.CallId, delta.Name)));
    }

    [InteropTheory, MemberData(nameof(Kinds))]
    public async Task Two_calls_of_one_answer_both_run(string kind)
    {
        var asked = new List<string>();
        await using var runtime = await StartAsync(kind, a => a.WithTool(Weather(asked)));

        var events = await ReadAsync(runtime.Agents["writer", "1"], "weather in two cities");

        Assert.Equal("Let me look.Paris has 18 degrees, Rome 25.", End<TurnCompleted>(events).Text);
        Assert.Equal(["Paris", "Rome"], asked.Order());
        Assert.Equal(["18", "25"], events.OfType<ToolFinished>().Select(f => f.Result).Order());
    }

    [InteropTheory, MemberData(nameof(Kinds)), Trait("Behaviour", "T81")]
    public async Task No_tool_is_forced_when_none_may_be_called(string kind)
    {
        await using var runtime = await StartAsync(kind, a => a.WithTool(Weather()));

        await ReadAsync(runtime.Agents["writer", "1"], "say hello", new TurnOptions { Chat = new ChatOptions { ToolMode = ChatToolMode.None } });

        var body = (await JournalAsync())[0].GetProperty("body");
        if (body.TryGetProperty("tool_choice", out var choice)) Assert.DoesNotContain(choice.ToString(), new[] { "required", "any" });
    }
}
