using System.Runtime.CompilerServices;
using System.Text;

namespace ActorAgents.Testing;

/// <summary>Streams of chunks without an agent, for testing what reads them.</summary>
public static class MockStream
{
    /// <summary>
    /// A text in slices. Slices count Unicode scalar values, so no character is split; the last slice is final and none is empty, but that empty text is one
    /// empty final chunk. Each chunk's metadata has its <c>index</c>, from 0. May be enumerated any number of times.
    /// </summary>
    /// <param name="chunkSize">Runes per slice.</param>
    /// <param name="delay">The wait between slices; 100 ms unless given. None before the first or after the last.</param>
    /// <param name="time">The clock of the delay and of the chunks' timestamps; the system's unless given.</param>
    /// <exception cref="ArgumentOutOfRangeException">Size below 1 or negative delay; thrown now, not by the first read.</exception>
    public static IAsyncEnumerable<StreamChunk> Create(string text, int chunkSize = 10, TimeSpan? delay = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(chunkSize, 1);
        var pause = delay ?? TimeSpan.FromMilliseconds(100);
        ArgumentOutOfRangeException.ThrowIfLessThan(pause, TimeSpan.Zero, nameof(delay));
        return Stream(text, chunkSize, pause, time ?? TimeProvider.System);
    }

    private static async IAsyncEnumerable<StreamChunk> Stream(
        string text, int size, TimeSpan pause, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var (start, index) = (0, 0);
        do
        {
            if (index > 0) await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            var end = EndOfSlice(text, start, size);
            yield return new StreamChunk(text[start..end], Metadata: new Dictionary<string, object?> { ["index"] = index },
                IsFinal: end == text.Length, Timestamp: time.GetUtcNow());
            (start, index) = (end, index + 1);
        }
        while (start < text.Length);
    }

    private static int EndOfSlice(string text, int start, int size)
    {
        var end = start;
        for (var runes = 0; runes < size && end < text.Length; runes++)
        {
            Rune.DecodeFromUtf16(text.AsSpan(end), out _, out var length);
            end += length;
        }
        return end;
    }
}
