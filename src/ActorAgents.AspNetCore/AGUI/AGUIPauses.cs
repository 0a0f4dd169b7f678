namespace ActorAgents.AspNetCore;

/// <summary>The turns that wait for a person between two runs, at most one per agent. One that nobody goes on with in time is interrupted, and one that is ended by other means is let go.</summary>
internal sealed class AGUIPauses(HttpSettings settings)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<AgentId, (AGUITurn Turn, CancellationTokenSource Taken)> _turns = [];

    public DateTimeOffset Now => settings.Time.GetUtcNow();

    public int Count
    {
        get { lock (_lock) return _turns.Count; }
    }

    public void Add(AGUITurn turn, DateTimeOffset expiry)
    {
        var left = expiry - Now;
        var taken = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, settings.Time);
        lock (_lock) _turns[turn.Agent.Id] = (turn, taken);
        _ = WatchAsync(turn, taken);
    }

    public AGUITurn? Find(AgentId agent)
    {
        lock (_lock) return _turns.GetValueOrDefault(agent).Turn;
    }

    /// <summary>Whoever takes it goes on with it. False when somebody did, or it is over.</summary>
    public bool TryTake(AGUITurn turn)
    {
        lock (_lock)
        {
            if (!_turns.TryGetValue(turn.Agent.Id, out var paused) || paused.Turn != turn) return false;
            _turns.Remove(turn.Agent.Id);
            paused.Taken.Cancel(); // Within the lock: the watch comes through here before it lets go of it.
            return true;
        }
    }

    private async Task WatchAsync(AGUITurn turn, CancellationTokenSource taken)
    {
        await turn.Agent.WhenEndedAsync(turn.Id, taken.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        if (TryTake(turn)) await turn.DisposeAsync();
        taken.Dispose();
    }
}
