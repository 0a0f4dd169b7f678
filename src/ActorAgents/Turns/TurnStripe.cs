namespace ActorAgents;

/// <summary>A part of the list of live turns and the totals of those that left it, under one lock: no turn is in both, and none in neither.</summary>
internal sealed class TurnStripe
{
    public readonly Lock Lock = new();
    public Turn? First, Last;
    public EndedTurns Ended;

    /// <summary>At the end: whoever looks sees the oldest first.</summary>
    public void Add(Turn turn)
    {
        turn.Previous = Last;
        if (Last is not null) Last.Next = turn; else First = turn;
        Last = turn;
    }

    public void Remove(Turn turn, TurnState how)
    {
        if (turn.Previous is { } previous) previous.Next = turn.Next; else First = turn.Next;
        if (turn.Next is { } next) next.Previous = turn.Previous; else Last = turn.Previous;
        turn.Previous = turn.Next = null;
        Ended = Ended.Plus(EndedTurns.Of(how, turn.Chunks));
    }
}

/// <summary>Totals of ended turns.</summary>
internal readonly record struct EndedTurns(long Completed, long Interrupted, long Failed, long Chunks)
{
    public static EndedTurns Of(TurnState how, int chunks) =>
        new(how == TurnState.Completed ? 1 : 0, how == TurnState.Interrupted ? 1 : 0, how == TurnState.Failed ? 1 : 0, chunks);

    public EndedTurns Plus(in EndedTurns more) =>
        new(Completed + more.Completed, Interrupted + more.Interrupted, Failed + more.Failed, Chunks + more.Chunks);
}
