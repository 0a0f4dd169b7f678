using System.Globalization;
using System.Text;

namespace ActorAgents;

/// <summary>
/// An answer as it grows out of its chunks: add each as it arrives, ask for counts, text and times whenever you like. It keeps the chunks. For one
/// thread at a time.
/// </summary>
public sealed class StreamingResponse
{
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly List<StreamChunk> _chunks = [];
    private readonly StringBuilder _text = new();
    private bool _hasTurn;

    /// <param name="time">The clock of <see cref="StartTime"/> and <see cref="Duration"/>; the system's unless given.</param>
    public StreamingResponse(TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        _start = _time.GetTimestamp();
        StartTime = _time.GetUtcNow();
    }

    /// <summary>Names the stream: random, until the first chunk that belongs to a turn; then that turn's id, by which it can be interrupted.</summary>
    public string StreamId { get; private set; } = Guid.NewGuid().ToString("N");

    /// <summary>When this was constructed.</summary>
    public DateTimeOffset StartTime { get; }

    /// <summary><see cref="StartTime"/> plus <see cref="Duration"/>; absent until the final chunk.</summary>
    public DateTimeOffset? EndTime => StartTime + Duration;

    /// <summary>From construction to the final chunk; absent until then. Measured by a monotonic clock: setting the machine's time does not change it.</summary>
    public TimeSpan? Duration { get; private set; }

    /// <summary>Whether the final chunk was added.</summary>
    public bool IsComplete => Duration is not null;

    /// <summary>The chunks added, the empty ones included, in order.</summary>
    public IReadOnlyList<StreamChunk> Chunks => _chunks;

    /// <summary>How many chunks were added, the final one included.</summary>
    public int ChunkCount => _chunks.Count;

    /// <summary>The text so far.</summary>
    public string CompleteText => _text.ToString();

    /// <summary>What the last chunk that had <c>total_tokens</c> in its metadata said; absent when none had.</summary>
    public long? TotalTokens { get; private set; }

    /// <summary>Adds the next chunk.</summary>
    /// <exception cref="InvalidOperationException">The final chunk was added before; nothing was changed.</exception>
    public void AddChunk(StreamChunk chunk)
    {
        if (IsComplete)
            throw new InvalidOperationException($"Stream {StreamId} is complete: its final chunk, number {ChunkCount}, was added. Use a new StreamingResponse for another stream.");
        if (!_hasTurn && chunk.TurnId is { } turn) (_hasTurn, StreamId) = (true, turn.Value);
        _chunks.Add(chunk);
        _text.Append(chunk.Content);
        if (chunk.Metadata.TryGetValue("total_tokens", out var tokens) && Whole(tokens) is { } count) TotalTokens = count;
        if (chunk.IsFinal) Duration = _time.GetElapsedTime(_start);
    }

    /// <summary>A line for people: <c>3 chunks, 12 characters, 10 tokens in 0.52 s</c>, or <c>2 chunks, 11 characters so far</c>.</summary>
    public string Describe()
    {
        var tokens = TotalTokens is { } count ? $", {count} tokens" : "";
        var end = Duration is { } took ? string.Create(CultureInfo.InvariantCulture, $" in {took.TotalSeconds:0.00} s") : " so far";
        return $"{ChunkCount} chunks, {_text.Length} characters{tokens}{end}";
    }

    /// <summary>The text so far.</summary>
    public override string ToString() => CompleteText;

    private static long? Whole(object? value) => value switch
    {
        int n => n,
        long n => n,
        uint n => n,
        short n => n,
        _ => null,
    };
}
