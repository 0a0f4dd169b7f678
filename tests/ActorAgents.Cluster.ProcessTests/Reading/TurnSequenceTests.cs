namespace ActorAgents.Cluster.ProcessTests.Reading;

/// <summary>What judges the others must itself see what is wrong.</summary>
public sealed class TurnSequenceTests
{
    private const string Text = """{"text":"a"}""";
    private readonly TurnSequence _seen = new();

    [Fact]
    public void A_turn_that_was_withdrawn_in_part_is_whole()
    {
        Take("1:1", "started", """{"turn":"t"}""");
        Take("1:2", "text", Text);
        Take("1:3", "text", Text);
        Take("3:3", "reset", """{"fromSeq":2}""");
        Take("3:4", "text", """{"text":"b"}""");
        Take("3:5", "completed", """{"text":"ab"}""");

        Assert.Equal(("ab", 1, "completed", "t:3:5"), (_seen.Text, _seen.Resets, _seen.End, _seen.LastId));
    }

    [Theory]
    [InlineData(nameof(Fault.Gap), "1:4", "text", Text)]
    [InlineData(nameof(Fault.Duplicate), "1:2", "text", Text)]
    [InlineData(nameof(Fault.Duplicate), "1:1", "text", Text)]
    [InlineData(nameof(Fault.Gap), "2:3", "text", Text)]
    [InlineData(nameof(Fault.Reorder), "1:3", "reset", """{"fromSeq":2}""")]
    [InlineData(nameof(Fault.Gap), "2:6", "reset", """{"fromSeq":5}""")]
    [InlineData(nameof(Fault.Gap), "2:3", "reset", """{"fromSeq":1}""")]
    [InlineData(nameof(Fault.Malformed), "", "text", Text)]
    public void What_may_not_come_is_told(string fault, string place, string name, string data)
    {
        Take("1:1", "started", """{"turn":"t"}""");
        Take("1:2", "text", Text);

        Assert.Equal(fault, Assert.Throws<SequenceException>(() => Take(place, name, data)).Fault.ToString());
    }

    [Fact]
    public void A_turn_that_does_not_begin_at_its_beginning_has_a_gap() =>
        Assert.Equal(Fault.Gap, Assert.Throws<SequenceException>(() => Take("1:2", "text", Text)).Fault);

    [Fact]
    public void Nothing_comes_after_the_end()
    {
        Take("1:1", "failed", "{}");

        Assert.Throws<SequenceException>(() => Take("1:2", "text", Text));
    }

    private void Take(string place, string name, string data) => _seen.Take(place.Length == 0 ? "" : $"t:{place}", name, data);
}
