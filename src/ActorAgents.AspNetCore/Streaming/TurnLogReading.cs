namespace ActorAgents.AspNetCore;

/// <summary>Reading of a detached turn's log as far as it will do, for answers that tell how a turn stands.</summary>
internal static class TurnLogReading
{
    /// <summary>Takes in each event from the beginning to the end of the turn, or until enough is taken. A turn whose log is full goes on by being read.</summary>
    /// <param name="leaves">Asked whenever nothing more is at hand: whether what there is will do.</param>
    /// <exception cref="TurnGoneException">There is no log (any more).</exception>
    public static async Task TakeInAsync(this TurnHandle turn, Action<TurnEvent> take, Func<bool> leaves, CancellationToken cancellationToken)
    {
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var events = turn.ReadAsync(default, leave.Token).GetAsyncEnumerator(CancellationToken.None);
        try
        {
            while (true)
            {
                var pull = events.MoveNextAsync();
                if (!pull.IsCompleted && leaves()) await leave.CancelAsync(); // An event that comes all the same is taken.
                if (!await pull) return;
                take(events.Current);
                if (events.Current is TerminalEvent) return;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested) { }
    }
}
