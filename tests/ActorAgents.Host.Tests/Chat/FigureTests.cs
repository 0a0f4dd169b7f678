using ActorAgents.Host.Chat;
using ActorAgents.Host.Chat.Views;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;

namespace ActorAgents.Host.Tests.Chat;

public sealed class FigureTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void The_pace_counts_only_the_time_in_which_the_model_wrote()
    {
        var meter = new TurnMeter(_time);
        After(0.5, new TextDelta("a"));
        After(1, new StepFinished(TokenUsage.None, ChatFinishReason.ToolCalls));
        After(10, new ToolFinished("1", "t", "r", ToolOutcome.Succeeded, TimeSpan.FromSeconds(10)));
        After(0.25, new ReasoningDelta("b"));
        After(1, new TurnCompleted("", null, TokenUsage.None));

        var figures = meter.Figures(new(InputTokens: 10, OutputTokens: 80));

        Assert.Equal((12.75, 0.5, 2.0), (figures.Elapsed.TotalSeconds, figures.FirstToken!.Value.TotalSeconds, figures.Writing.TotalSeconds));
        Assert.Equal("90 tokens (10 in, 80 out) · 40 tokens/s · first token after 0.50 s · 12.75 s", StatusLine.For(figures));

        void After(double seconds, TurnEvent e)
        {
            _time.Advance(TimeSpan.FromSeconds(seconds));
            meter.Observe(e);
        }
    }

    [Theory]
    [InlineData(null, null, 7L, "7 tokens · 1.00 s")]
    [InlineData(null, 5L, null, "5 tokens · 1.00 s")]
    [InlineData(null, null, null, "1.00 s")]
    public void What_was_not_reported_is_left_out(long? input, long? output, long? total, string line) =>
        Assert.Equal(line, StatusLine.For(new(new(input, output, total), TimeSpan.FromSeconds(1), null, TimeSpan.Zero)));

    [Theory]
    [InlineData("a\r\nb\tc", "a\nb\tc")]
    [InlineData("\u001b]0;title\u0007", "\uFFFD]0;title\uFFFD")]
    [InlineData("\u009b31m", "\uFFFD31m")]
    [InlineData("abc\u202Etxt", "abc\uFFFDtxt")]
    [InlineData("😀 漢字", "😀 漢字")]
    public void Text_is_made_safe_for_a_terminal(string text, string expected) => Assert.Equal(expected, Printable.Text(text));

    [Theory]
    [InlineData("short", "short")]
    [InlineData("two\nlines", "two lin…")]
    [InlineData("1234567", "1234567")]
    [InlineData("123456😀", "123456…")]
    public void A_line_is_short_and_splits_no_character(string text, string expected) => Assert.Equal(expected, Printable.Line(text, 7));

    [Theory]
    [InlineData(ToolOutcome.TimedOut, "t timed out: r (0 ms)")]
    [InlineData(ToolOutcome.Cancelled, "t cancelled: r (0 ms)")]
    [InlineData(ToolOutcome.Rejected, "t rejected: r (0 ms)")]
    [InlineData(ToolOutcome.Succeeded, "t = r (0 ms)")]
    public void A_result_names_its_outcome_also_when_its_start_was_not_seen(ToolOutcome outcome, string line) =>
        Assert.Equal(line, new ToolLines().Finished(new ToolFinished("1", "t", "r", outcome, TimeSpan.Zero)));

    [Fact]
    public void Every_reason_of_an_interruption_has_words()
    {
        var agent = new AgentDefinition { Kind = "helper" };

        var words = Enum.GetValues<InterruptReason>().Select(r => Endings.For(new TurnInterrupted("", r, TokenUsage.None), agent)).ToList();

        Assert.All(words, w => Assert.StartsWith("Interrupted: ", w));
        Assert.Equal(9, words.Distinct().Count());
    }
}
