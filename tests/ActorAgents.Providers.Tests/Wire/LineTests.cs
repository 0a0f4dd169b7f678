using System.Text;

namespace ActorAgents.Providers.Tests.Wires;

public sealed class LineTests
{
    [Theory]
    [InlineData("")]
    [InlineData("a\nb\r\nc\rd")]
    [InlineData("\n\r\n\r\r\n")]
    [InlineData("last\n")]
    public async Task Lines_end_as_a_stream_readers_do(string text)
    {
        using var reader = new StringReader(text);
        using var lines = new BoundedLines(new OneByOne(Encoding.UTF8.GetBytes(text)), longest: 100);

        for (var line = reader.ReadLine(); ; line = reader.ReadLine())
        {
            Assert.Equal(line, await lines.ReadAsync(default));
            if (line is null) return;
        }
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_line_without_an_end_is_refused(bool events)
    {
        using var lines = new CheckedLines(new Endless(), events, []);

        var error = await Assert.ThrowsAsync<ProviderException>(() => lines.CopyToAsync(Stream.Null));

        Assert.Equal((TurnErrorKind.Transient, "A line of the provider's answer is longer than 16,777,216 characters."), (error.Kind, error.Message));
    }

    private sealed class OneByOne(byte[] bytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => base.ReadAsync(buffer[..Math.Min(1, buffer.Length)], cancellationToken);
    }

    /// <summary>Ends after more than any line may have, so that a reader without a bound fails and does not fill the memory.</summary>
    private sealed class Endless : MemoryStream
    {
        private int _left = CheckedLines.LongestLine * 2;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = Math.Min(buffer.Length, _left);
            _left -= count;
            buffer.Span[..count].Fill((byte)'x');
            return new(count);
        }
    }
}
