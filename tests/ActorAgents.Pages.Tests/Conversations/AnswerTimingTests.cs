using Microsoft.Extensions.Time.Testing;

namespace ActorAgents.Pages.Tests;

public sealed class AnswerTimingTests
{
    [Fact]
    public void Counts_the_time_that_the_model_wrote_and_not_that_of_tools()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        var timing = new AnswerTiming(time);
        After(5, new TurnStarted());
        After(1, new TextDelta("a"));
        After(2, new TextDelta("b"));
        After(1, new ToolStarted("c", "t", new Dictionary<string, object?>()));
        After(60, new ToolFinished("c", "t", "", ToolOutcome.Succeeded, TimeSpan.Zero));
        After(1, new TextDelta("c"));
        After(2, new TextDelta("d"));

        Assert.Equal(TimeSpan.FromSeconds(1), timing.FirstToken);
        Assert.Equal(TimeSpan.FromSeconds(4), timing.Writing);
        Assert.Equal(10, timing.TokensPerSecond(new TokenUsage(OutputTokens: 40)));
        Assert.Null(timing.TokensPerSecond(TokenUsage.None));

        void After(int seconds, TurnEvent next)
        {
            time.Advance(TimeSpan.FromSeconds(seconds));
            timing.Observe(next);
        }
    }
}
