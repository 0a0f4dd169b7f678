namespace ActorAgents.Tests.Chunks;

/// <summary>Readers that cannot take text back.</summary>
public sealed class GivenTextTests
{
    private readonly GivenText _given = new();

    public GivenTextTests()
    {
        _given.Add(new TextDelta("Hel") { Turn = new("t"), Epoch = 1, Seq = 2 });
        _given.Add(new TextDelta("lo") { Turn = new("t"), Epoch = 1, Seq = 3 });
    }

    [Theory, InlineData(1), InlineData(2)]
    public void What_was_given_and_is_withdrawn_interrupts_the_reader_with_what_it_has(long fromSeq)
    {
        var interrupted = Assert.Throws<StreamInterruptedException>(() => _given.Check(new Reset(fromSeq) { Turn = new("t"), Epoch = 2, Seq = fromSeq + 1 }));

        Assert.Equal((InterruptReason.NodeLost, "Hello", new TurnId("t")), (interrupted.Reason, interrupted.PartialResponse, interrupted.TurnId));
    }

    [Theory, InlineData(3), InlineData(4)]
    public void What_it_was_not_given_is_withdrawn_without_its_notice(long fromSeq) => _given.Check(new Reset(fromSeq) { Turn = new("t"), Epoch = 2, Seq = fromSeq + 1 });

    [Fact]
    public void Nothing_else_interrupts_it() => _given.Check(new TextDelta("!") { Turn = new("t"), Epoch = 1, Seq = 4 });
}
