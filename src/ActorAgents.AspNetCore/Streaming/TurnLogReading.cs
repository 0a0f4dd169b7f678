namespace ActorAgents.AspNetCore;

/// <summary>Reading of a detached turn's log as far as it will do, for answers that tell how a turn stands.</summary>
internal static class TurnLogReading
{
    /// <summary>Takes in each event from the beginning to the end of the turn, or until enough is taken. A turn whose log is full goes on by being read.</summary>
    /// <param name="leaves">Asked whenever nothing more is at hand: whether what there is will do.</param>
    /// <exception cref="TurnGoneException">There is no log (any more).</exception>
    public static async Task TakeInAsync(this TurnHandle turn, Action<TurnEvent> take, Func<bool> leaves, CancellationToken cancellationToken)
    {
        TurnEvent? last = null;
        while (true)
        {
            foreach (var next in await turn.GetEventsAsync(last?.Cursor ?? default, cancellationToken)) take(last = next);
            if (last is TerminalEvent || leaves()) return;
            await foreach (var next in turn.ReadAsync(last?.Cursor ?? default, cancellationToken))
            {
                take(last = next);
                break; // More may be at hand.
            }
            if (last is TerminalEvent) return;
        }
    }
}
