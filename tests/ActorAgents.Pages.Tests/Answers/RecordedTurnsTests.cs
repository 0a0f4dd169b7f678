using Microsoft.Extensions.AI;

namespace ActorAgents.Pages.Tests;

public sealed class RecordedTurnsTests
{
    [Fact]
    public void Tell_inputs_from_answers_turn_by_turn()
    {
        var turns = RecordedTurns.From([
            Message("t1", null, ChatRole.User, new TextContent("hi")), Message("t1", null, ChatRole.Assistant, new TextReasoningContent("hm"), new TextContent("hello")),
            Message("t2", "running", ChatRole.User, new TextContent("and")), Message("t2", "running", ChatRole.User, new TextContent("then?")),
        ]);

        Assert.Equal([("t1", "hi", false), ("t2", "and\n\nthen?", true)], turns.Select(t => (t.Turn.Value, t.Prompt, t.IsRunning)));
        Assert.Equal([typeof(ReasoningPart), typeof(TextPart)], turns[0].Answer.Parts.Select(p => p.GetType()));
        Assert.Equal([AnswerState.Completed, AnswerState.Running], turns.Select(t => t.Answer.State));
    }

    [Fact]
    public void Pair_calls_with_their_results()
    {
        var turn = Assert.Single(RecordedTurns.From([
            Message("t1", null, ChatRole.User, new TextContent("hi")),
            Message("t1", null, ChatRole.Assistant, new FunctionCallContent("c1", "weather", new Dictionary<string, object?> { ["city"] = "Riga" }), new FunctionCallContent("c2", "clock")),
            Message("t1", null, ChatRole.Tool, new FunctionResultContent("c2", "noon"), new FunctionResultContent("c1", "18 °C")),
            Message("t1", null, ChatRole.Assistant, new TextContent("Warm.")),
        ]));

        Assert.Equal([("weather", "city: Riga", "18 °C"), ("clock", "", "noon")], turn.Answer.Parts.OfType<ToolPart>().Select(c => (c.Tool, c.Arguments, c.Result!)));
    }

    [Theory]
    [InlineData("interrupted", AnswerState.Interrupted)]
    [InlineData("failed", AnswerState.Failed)]
    public void Say_how_a_turn_ended(string state, object expected)
    {
        var turn = Assert.Single(RecordedTurns.From([
            Message("t1", state, ChatRole.User, new TextContent("hi")), Message("t1", state, ChatRole.Assistant, new FunctionCallContent("c1", "weather"))]));

        Assert.Equal(expected, turn.Answer.State);
        Assert.Equal(ToolOutcome.Cancelled, Assert.IsType<ToolPart>(Assert.Single(turn.Answer.Parts)).Outcome);
    }

    [Fact]
    public void Show_an_input_that_a_running_turn_took_in_where_it_came() =>
        Assert.Equal([typeof(TextPart), typeof(InputPart), typeof(TextPart)], Assert.Single(RecordedTurns.From([
            Message("t1", null, ChatRole.User, new TextContent("hi")), Message("t1", null, ChatRole.Assistant, new TextContent("one")),
            Message("t1", null, ChatRole.User, new TextContent("also")), Message("t1", null, ChatRole.Assistant, new TextContent("two"))])).Answer.Parts.Select(p => p.GetType()));

    private static ChatMessage Message(string turn, string? state, ChatRole role, params AIContent[] contents)
    {
        var message = new ChatMessage(role, contents) { AdditionalProperties = new() { ["actoragents.turn"] = turn } };
        if (state is not null) message.AdditionalProperties["actoragents.state"] = state;
        return message;
    }
}
