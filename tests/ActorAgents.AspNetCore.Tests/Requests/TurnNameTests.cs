using System.Text;

namespace ActorAgents.AspNetCore.Tests.Requests;

/// <summary>Ids of tasks and of responses.</summary>
public sealed class TurnNameTests
{
    [Theory]
    [InlineData(".")]
    [InlineData("t.YW5u")]
    [InlineData("resp_YQp0")]
    public void An_id_that_is_longer_than_any_is_not_even_read(string head)
    {
        var text = head.PadRight(1 << 20, '.');
        Assert.Null(A2ATaskId.Parse("."));
        Assert.Null(ResponseId.Parse("."));
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Null(A2ATaskId.Parse(text));
        Assert.Null(ResponseId.Parse(text));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000);
    }

    [Theory]
    [InlineData("ann")]
    [InlineData("a/b c.ü\u4e2d\U0001F600")]
    [InlineData(null)]
    public void The_longest_names_are_read_as_every_other(string? key)
    {
        key ??= new string('\u4e2d', 256);
        var (kind, turn) = ("k" + new string('i', 63), new TurnId(new string('t', 64)));

        Assert.Equal(new(key, turn), A2ATaskId.Parse(new A2ATaskId(key, turn).ToString()));
        Assert.Equal(new(kind, key, turn), ResponseId.Parse(new ResponseId(kind, key, turn).ToString()));
        Assert.Equal(ResponseId.Own(kind, turn), ResponseId.Parse(ResponseId.Own(kind, turn).ToString()));
    }

    [Theory]
    [InlineData("assistant\nt1\n")]
    [InlineData("assistant\nt1\nann\nbob")]
    [InlineData("assistant\nt1\nresp-t1")]
    [InlineData("assistant\nt 1")]
    [InlineData("Assistant\nt1")]
    [InlineData("assistant")]
    public void What_no_response_is_called_names_none(string place) =>
        Assert.Null(ResponseId.Parse("resp_" + Convert.ToBase64String(Encoding.UTF8.GetBytes(place)).TrimEnd('=').Replace('+', '-').Replace('/', '_')));
}
