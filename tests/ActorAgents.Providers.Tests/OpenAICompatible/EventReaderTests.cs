using System.Text;
using FsCheck.Xunit;

namespace ActorAgents.Providers.Tests.OpenAICompatible;

[Trait("Behaviour", "T80")]
public sealed class EventReaderTests
{
    [Theory]
    [InlineData("data: a\n\ndata: b\n\n", "a|b")]
    [InlineData("data: a\r\n\r\ndata: b\r\n\r\n", "a|b")]
    [InlineData("data: a\r\rdata: b\r\r", "a|b")]
    [InlineData("data: a\r\ndata: b\r\n\r\n", "a\nb")]
    [InlineData("data: a\r\n\ndata: b\n\r\n", "a|b")]
    [InlineData("\uFEFFdata: a\n\n", "a")]
    [InlineData(": keep-alive\n\n:\n\ndata: a\n: in between\n\n", "a")]
    [InlineData("data: a\ndata: b\ndata:\ndata\ndata: c\n\n", "a\nb\n\n\nc")]
    [InlineData("data:a\n\ndata:  b\n\n", "a| b")]
    [InlineData("event: error\nid: 1\nretry: 5\ndatum: x\ndata: a\n\n", "a")]
    [InlineData("error: {}\n\n", "{}")]
    [InlineData("data\n\n", "")]
    [InlineData("data: a\n\ndata: never ended\n", "a")]
    [InlineData("\n\n\nevent: nothing\n\n", null)]
    public void Events_are_cut_as_the_standard_says(string stream, string? events)
    {
        Assert.Equal(events, Joined([Encoding.UTF8.GetBytes(stream)]));
    }

    [Property(MaxTest = 300)]
    public bool However_the_bytes_arrive_the_events_are_the_same(byte[] lines, byte[] cuts)
    {
        var bytes = Encoding.UTF8.GetBytes("\uFEFF" + string.Concat(lines.Select(LineOf)) + "data: the end 🌍\r\n\r\n");

        return Joined(Split(bytes, cuts)) == Joined([bytes]) && Joined(bytes.Select(b => new[] { b })) == Joined([bytes]);
    }

    [Fact]
    public void An_event_whose_lines_end_in_CR_is_there_with_its_last_byte()
    {
        using var reader = new EventReader(1024);
        Give(reader, "data: a\r\r"u8.ToArray());

        Assert.True(reader.TryRead(out var data));
        Assert.Equal("a", Encoding.UTF8.GetString(data));
    }

    [Fact]
    public void An_event_larger_than_the_bound_is_refused_and_many_small_ones_are_not()
    {
        using var reader = new EventReader(10_000);
        for (var i = 0; i < 10_000; i++)
        {
            Give(reader, "data: a\n: comment\n\n"u8.ToArray());
            Assert.True(reader.TryRead(out _));
        }

        Assert.Throws<InvalidDataException>(() =>
        {
            for (var i = 0; i < 20; i++)
            {
                Give(reader, Encoding.UTF8.GetBytes($"data: {new string('x', 1000)}\n"));
                Assert.False(reader.TryRead(out _));
            }
        });
    }

    [Fact]
    public void A_huge_event_arrives_whole()
    {
        var huge = new string('x', 5_000_000);

        Assert.Equal($"a|{huge}|b", Joined(Split(Encoding.UTF8.GetBytes($"data: a\n\ndata: {huge}\n\ndata: b\n\n"), [250, 250])));
    }

    private static string LineOf(byte choice) => (choice % 9) switch
    {
        0 => "data: ä€🌍\n",
        1 => "data: b\r",
        2 => "data\r\n",
        3 or 4 => "\n",
        5 => "\r\n",
        6 => "\r",
        7 => ": a comment\n",
        _ => "event: e\r\n",
    };

    private static IEnumerable<byte[]> Split(byte[] bytes, byte[] cuts)
    {
        for (int at = 0, i = 0; at < bytes.Length; i++)
        {
            var count = Math.Min(bytes.Length - at, cuts.Length == 0 ? bytes.Length : 1 + cuts[i % cuts.Length] * (bytes.Length > 10_000 ? 1000 : 1) % 4000);
            yield return bytes[at..(at + count)];
            at += count;
        }
    }

    private static string? Joined(IEnumerable<byte[]> pieces)
    {
        using var reader = new EventReader(16 * 1024 * 1024);
        var events = new List<string>();
        foreach (var piece in pieces)
        {
            Give(reader, piece, () =>
            {
                while (reader.TryRead(out var data)) events.Add(Encoding.UTF8.GetString(data));
            });
        }
        return events.Count == 0 ? null : string.Join("|", events);
    }

    /// <summary>As much at a time as there is space for.</summary>
    private static void Give(EventReader reader, ReadOnlySpan<byte> bytes, Action? read = null)
    {
        while (bytes.Length > 0)
        {
            var space = reader.Space().Span;
            var count = Math.Min(space.Length, bytes.Length);
            bytes[..count].CopyTo(space);
            reader.Advance(count);
            bytes = bytes[count..];
            read?.Invoke();
        }
    }
}
