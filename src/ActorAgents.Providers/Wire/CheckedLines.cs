using System.Text;

namespace ActorAgents.Providers;

/// <summary>
/// A stream of server-sent events or JSON lines, passed on line by line. A line that reports an error throws it, with the provider's words: the SDKs of
/// OpenAI and Ollama skip such a line and simply end. Blank lines are left out of JSON lines, where OllamaSharp would try to parse them.
/// </summary>
internal sealed class CheckedLines(Stream inner, bool events, IReadOnlyList<string> secrets) : Stream
{
    /// <summary>In characters: as much as the client for compatible servers allows an event in bytes.</summary>
    public const int LongestLine = 16 * 1024 * 1024;

    private readonly BoundedLines _lines = new(inner, LongestLine);
    private ReadOnlyMemory<byte> _line;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_line.IsEmpty)
        {
            if (await _lines.ReadAsync(cancellationToken).ConfigureAwait(false) is not { } line) return 0;
            if (line.Length == 0 && !events) continue;
            if (WireErrors.OfFrame(events ? DataOf(line) : line) is { } error) throw new ProviderException(error with { Message = Secret.Hide(error.Message, secrets) });
            _line = Encoding.UTF8.GetBytes(line + "\n");
        }
        var length = Math.Min(buffer.Length, _line.Length);
        _line[..length].CopyTo(buffer);
        _line = _line[length..];
        return length;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>What follows <c>data:</c>; nothing on other lines.</summary>
    private static string DataOf(string line) => line.StartsWith("data:", StringComparison.Ordinal) ? line[5..] : "";

    protected override void Dispose(bool disposing)
    {
        if (disposing) _lines.Dispose();
        base.Dispose(disposing);
    }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override void Flush() { }
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("It is read asynchronously.");
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
