namespace ActorAgents;

/// <summary>What a reader was given last: an event, or a piece of text without one, of which a chunk can be made.</summary>
internal struct Shown
{
    private TurnEvent? _event;
    private string? _piece;
    private DateTimeOffset _arrived; // When the last wait was over. Pieces that come without one share it, however long they take: the clock would cost more than the rest of a chunk.

    public readonly bool IsThere => _piece is not null || _event is not null;
    public readonly TurnEvent Event => _event ?? throw new InvalidOperationException("Call MoveNextAsync first.");

    /// <summary>Whether a view of chunks throws in place of it.</summary>
    public readonly bool IsThrown => _event is TurnInterrupted or TurnFailed;

    public readonly Exception Exception(CancellationToken caller) => TextView.Exception((TerminalEvent)Event, caller);

    public void Show(TurnEvent? next) => (_event, _piece) = (next, null);

    public void Show(string piece) => (_event, _piece) = (null, piece);

    /// <summary>The reader waited for what it is shown next.</summary>
    public void Waited() => _arrived = default;

    public StreamChunk Chunk(TurnId turn)
    {
        if (_arrived == default) _arrived = TimeProvider.System.GetUtcNow();
        return _piece is { } piece ? new(piece, Timestamp: _arrived, TurnId: turn) : TextView.Chunk(Event, _arrived);
    }
}
