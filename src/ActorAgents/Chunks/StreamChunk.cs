using System.Collections.ObjectModel;

namespace ActorAgents;

/// <summary>
/// A piece of streamed text: the simple view of a turn. Every stream ends with exactly one final chunk. <c>default(StreamChunk)</c> is an empty
/// piece without a timestamp.
/// </summary>
/// <param name="Content">The text; empty in the final chunk of an agent's stream. Never null when read.</param>
/// <param name="Token">The token behind it, where a provider tells.</param>
/// <param name="Metadata">Facts about the chunk; the final one has <c>finish_reason</c>, <c>total_tokens</c>, <c>input_tokens</c> and <c>output_tokens</c> where known. Never null when read.</param>
/// <param name="IsFinal">Whether the stream ends with it.</param>
/// <param name="Timestamp">When it arrived; pieces for which nobody had to wait have the time of the one before. The time it was constructed unless given.</param>
/// <param name="TurnId">The turn it belongs to, by which that can be interrupted; absent in mock streams.</param>
public readonly record struct StreamChunk(
    string Content, string? Token = null, IReadOnlyDictionary<string, object?>? Metadata = null, bool IsFinal = false, DateTimeOffset Timestamp = default, TurnId? TurnId = null)
{
    /// <summary>The text.</summary>
    public string Content { get => field ?? ""; init; } = Content;

    /// <summary>Facts about the chunk.</summary>
    public IReadOnlyDictionary<string, object?> Metadata
    {
        get => field ?? ReadOnlyDictionary<string, object?>.Empty;
        init;
    } = Metadata!;

    /// <summary>When it arrived.</summary>
    public DateTimeOffset Timestamp { get; init; } = Timestamp == default ? TimeProvider.System.GetUtcNow() : Timestamp;

    /// <summary>The text, so that printing a chunk prints the answer.</summary>
    public override string ToString() => Content;
}
