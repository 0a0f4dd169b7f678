namespace ActorAgents;

/// <summary>What the reader of a turn is given.</summary>
internal enum TurnView : byte
{
    /// <summary>Every event, to keep.</summary>
    Events,
    /// <summary>Every event; a piece of text is in the same event each time, for readers that take the text and drop the event.</summary>
    ReusedDeltas,
    /// <summary>Chunks: the text and the end alone, and an end that is a failure thrown. Needs no object per piece.</summary>
    Text,
}

/// <summary>A turn as its only reader has it: one event per demand.</summary>
internal interface IReadTurn : IAsyncEnumerator<TurnEvent>, IAsyncEnumerator<StreamChunk>
{
    TurnId Id { get; }

    /// <summary>Interrupts it, from any thread. True when this is what ends it, as far as one can tell from here.</summary>
    bool Stop(InterruptReason reason);

    /// <summary>No further request after the running step. False when that was asked before or the turn is over.</summary>
    bool StopAfterStep();

    /// <summary>Told once the end is recorded, on the thread that recorded it; set before the first read.</summary>
    Action? Ended { set; }

    new ValueTask<bool> MoveNextAsync();
    new TurnEvent Current { get; }
    new ValueTask DisposeAsync();
}
