namespace ActorAgents.Pages.Tests;

public sealed class AnswerTests
{
    private static readonly Dictionary<string, object?> City = new() { ["city"] = "Riga" };
    private static readonly TurnError Broken = new(TurnErrorKind.Transient, "The server is away.");

    [Fact]
    public void Waits_until_its_turn_begins()
    {
        Assert.Equal(AnswerState.Waiting, new Answer().State);
        Assert.Equal(AnswerState.Running, Of(new TurnStarted()).State);
    }

    [Theory]
    [InlineData(TurnErrorKind.Authentication)]
    [InlineData(TurnErrorKind.Unknown)]
    public void Shows_no_error_that_only_the_log_may_tell(TurnErrorKind kind)
    {
        var error = new TurnError(kind, "The key sk-part was refused.");

        var answer = Of(new TurnStarted(), new Retrying(1, TimeSpan.FromSeconds(1), error), new TurnFailed(error, "", TokenUsage.None));

        Assert.All([answer.Note, Assert.IsType<RetryPart>(Assert.Single(answer.Parts)).Message, Wording.OfRefusal(error)], shown =>
        {
            Assert.Contains("server's log", shown);
            Assert.DoesNotContain("sk-part", shown);
        });
    }

    [Fact]
    public void Joins_pieces_of_text_until_something_else_comes()
    {
        var answer = Of(new TurnStarted(), new TextDelta("a"), new TextDelta("b"), new ReasoningDelta("hm"), new ReasoningDelta("m"), new TextDelta("c"));

        Assert.Collection(answer.Parts,
            part => Assert.Equal("ab", TextOf(part)),
            part => Assert.Equal("hmm", Assert.IsType<ReasoningPart>(part).Text.ToString()),
            part => Assert.Equal("c", TextOf(part)));
    }

    [Fact]
    public void Shows_a_call_as_it_is_written_and_then_run()
    {
        var answer = Of(new ToolCallDelta("c1", "weather", 0, """{"city":"""), new ToolCallDelta(null, null, 0, "\"Riga\"}"));
        var call = Assert.IsType<ToolPart>(Assert.Single(answer.Parts));
        Assert.Equal(("weather", """{"city":"Riga"}""", ToolPartState.Written), (call.Tool, call.Arguments, call.State));

        answer.Apply(new ToolStarted("c1", "weather", City));
        Assert.Equal(("city: Riga", ToolPartState.Running), (call.Arguments, call.State));

        answer.Apply(new ToolProgress("c1", "weather", "50 %"));
        Assert.Equal("50 %", call.Progress);

        answer.Apply(new ToolFinished("c1", "weather", "18 °C", ToolOutcome.Succeeded, TimeSpan.FromSeconds(2)));
        Assert.Equal(("18 °C", ToolOutcome.Succeeded, TimeSpan.FromSeconds(2), ToolPartState.Ended), (call.Result, call.Outcome!.Value, call.Duration!.Value, call.State));
        Assert.Single(answer.Parts);
    }

    [Fact]
    public void Tells_calls_that_are_written_at_once_apart()
    {
        var answer = Of(
            new ToolCallDelta("c1", "a", 0, "1"), new ToolCallDelta("c2", "b", 1, "2"), new ToolCallDelta(null, null, 0, "1"), new ToolCallDelta(null, null, 1, "2"));

        Assert.Equal(["11", "22"], answer.Parts.Cast<ToolPart>().Select(c => c.Arguments));
    }

    [Fact]
    public void Gives_a_call_without_an_id_the_id_that_it_is_started_with()
    {
        var answer = Of(new ToolCallDelta(null, "weather", 0, "{}"), new ToolStarted("made-up", "weather", City));

        Assert.Equal("made-up", Assert.IsType<ToolPart>(Assert.Single(answer.Parts)).CallId);
    }

    [Fact]
    public void Asks_for_an_approval_until_the_turn_says_what_came_of_it()
    {
        var answer = Of(new ApprovalRequested("c1", "r1", "send", City));
        var call = Assert.IsType<ToolPart>(Assert.Single(answer.Parts));
        Assert.Equal((ToolPartState.AwaitsApproval, "r1"), (call.State, call.RequestId));

        answer.Answered(call);
        Assert.Equal(ToolPartState.Answered, call.State);

        answer.Apply(new ToolFinished("c1", "send", "no", ToolOutcome.Rejected, TimeSpan.Zero));
        Assert.Equal(ToolOutcome.Rejected, call.Outcome);
    }

    [Fact]
    public void Shows_the_newest_retry_only()
    {
        var answer = Of(new Retrying(1, TimeSpan.FromSeconds(1), Broken), new Retrying(2, TimeSpan.FromSeconds(2), Broken));

        var retry = Assert.IsType<RetryPart>(Assert.Single(answer.Parts));
        Assert.Equal((2, "The server is away."), (retry.Attempt, retry.Message));
    }

    [Fact]
    public void Keeps_content_that_is_not_text()
    {
        var content = Assert.IsType<ContentPart>(Assert.Single(Of(new ContentAdded("image/png", new byte[] { 1, 2 })).Parts));

        Assert.Equal(("image/png", 2), (content.MediaType, content.Data.Length));
    }

    [Fact]
    public void Sums_the_usage_of_steps_and_takes_that_of_the_end()
    {
        var answer = Of(new StepFinished(new TokenUsage(OutputTokens: 3), null), new StepFinished(new TokenUsage(OutputTokens: 4), null));
        Assert.Equal(7, answer.Usage.OutputTokens);

        answer.Apply(new TurnCompleted("", null, new TokenUsage(OutputTokens: 8)));
        Assert.Equal(8, answer.Usage.OutputTokens);
    }

    [Fact]
    public void Withdraws_what_came_after_the_place_of_a_reset()
    {
        var answer = new Answer();
        TurnEvent[] events =
        [
            new TurnStarted(), new TextDelta("kept "), new ToolStarted("c1", "weather", City), new TextDelta("lost"),
            new ToolFinished("c1", "weather", "lost", ToolOutcome.Succeeded, TimeSpan.Zero), new StepFinished(new TokenUsage(OutputTokens: 9), null),
        ];
        for (var i = 0; i < events.Length; i++) answer.Apply(events[i] with { Seq = i + 1 });

        answer.Apply(new Reset(3) { Seq = 7 });
        answer.Apply(new TextDelta("new") { Seq = 8 });

        Assert.Collection(answer.Parts,
            part => Assert.Equal("kept", TextOf(part)),
            part => Assert.Equal((ToolPartState.Running, null), (Assert.IsType<ToolPart>(part).State, ((ToolPart)part).Result)),
            part => Assert.Equal("new", TextOf(part)));
        Assert.Null(answer.Usage.OutputTokens);
    }

    [Fact]
    public void Is_withdrawn_as_a_whole_by_a_reset_to_its_beginning()
    {
        var answer = new Answer();
        answer.Apply(new TextDelta("lost") { Seq = 1 });
        answer.Apply(new Reset(0) { Epoch = 2, Seq = 1 });

        Assert.Empty(answer.Parts);
    }

    [Theory]
    [InlineData(InterruptReason.User, "Stopped by you.")]
    [InlineData(InterruptReason.Halted, "Stopped by a halt.")]
    public void Keeps_the_text_of_an_interrupted_turn_and_says_why(InterruptReason reason, string note)
    {
        var answer = Of(new TextDelta("so far"), new TurnInterrupted("so far", reason, TokenUsage.None));

        Assert.Equal((AnswerState.Interrupted, note, "so far"), (answer.State, answer.Note, TextOf(answer.Parts[0])));
    }

    [Fact]
    public void Says_something_for_every_reason_limit_and_outcome()
    {
        Assert.All(Enum.GetValues<InterruptReason>(), reason => Assert.DoesNotContain(reason.ToString(), Words(Wording.Of(reason))));
        Assert.All(Enum.GetValues<TurnLimit>(), limit => Assert.DoesNotContain(limit.ToString(), Words(Wording.Of(limit))));
        Assert.All(Enum.GetValues<ToolOutcome>(), outcome => Assert.NotEqual(outcome.ToString(), Wording.Of(outcome)));

        static string[] Words(string text) => text.Split(' ', '(', ')', '.');
    }

    [Fact]
    public void Keeps_the_text_of_a_failed_turn_and_shows_the_error()
    {
        var answer = Of(new TextDelta("so far"), new TurnFailed(Broken, "so far", TokenUsage.None));

        Assert.Equal((AnswerState.Failed, "The server is away.", "so far"), (answer.State, answer.Note, TextOf(answer.Parts[0])));
    }

    [Fact]
    public void Ends_the_calls_that_its_turn_left_behind()
    {
        var answer = Of(new ToolStarted("c1", "weather", City), new TurnInterrupted("", InterruptReason.User, TokenUsage.None));

        Assert.Equal(ToolOutcome.Cancelled, Assert.IsType<ToolPart>(Assert.Single(answer.Parts)).Outcome);
    }

    [Fact]
    public void Shows_the_calls_that_are_left_to_the_caller()
    {
        var answer = Of(new TurnCompleted("", null, TokenUsage.None, OpenCalls: [new("c1", "pick", City)]));

        var call = Assert.IsType<ToolPart>(Assert.Single(answer.Parts));
        Assert.Equal((ToolPartState.Open, "city: Riga"), (call.State, call.Arguments));
    }

    [Fact]
    public void Names_the_limit_that_ended_it_and_the_turn_that_took_it_in()
    {
        Assert.Equal(Wording.Of(TurnLimit.ToolRounds), Of(new TurnCompleted("", null, TokenUsage.None, TurnLimit.ToolRounds)).Note);
        Assert.Equal(Wording.Steered, Of(new TurnCompleted("", null, TokenUsage.None, SteeredInto: new TurnId("t2"))).Note);
        Assert.Null(Of(new TurnCompleted("", null, TokenUsage.None)).Note);
    }

    private static Answer Of(params TurnEvent[] events)
    {
        var answer = new Answer();
        for (var i = 0; i < events.Length; i++) answer.Apply(events[i] with { Seq = i + 1 });
        return answer;
    }

    private static string TextOf(AnswerPart part)
    {
        var blocks = Assert.IsType<TextPart>(part).Blocks;
        return string.Concat(blocks.Settled.Append(blocks.Tail).Select(b => b.Value)).Replace("<p>", "").Replace("</p>", "").Trim();
    }
}
