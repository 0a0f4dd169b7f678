using Microsoft.AspNetCore.Http;

namespace ActorAgents.AspNetCore;

/// <summary>
/// The turns that wait for a person between two runs, at most one per agent. One that nobody goes on with in time is interrupted, and one that is ended by
/// other means is let go. Runs that wait for their agent meanwhile are refused: nothing would come of them before the answer.
/// </summary>
internal sealed class AGUIPauses(HttpSettings settings)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<AgentId, AGUIPause> _pauses = [];
    private readonly HashSet<AGUITurn> _coming = [];
    private long _count;

    public DateTimeOffset Now => settings.Time.GetUtcNow();

    public int Count
    {
        get { lock (_lock) return _pauses.Count; }
    }

    /// <summary>Of what its tenant may have, a pause too many ends the oldest: it holds no request, so that nothing else bounds it.</summary>
    public AGUIPause Add(AGUITurn turn, TurnId id, IReadOnlyList<string> open, DateTimeOffset expiry)
    {
        var left = expiry - Now;
        AGUIPause pause;
        AGUIPause? former, oldest = null;
        List<AGUITurn> refused;
        lock (_lock)
        {
            pause = new(turn, id, open, ++_count, new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, settings.Time));
            if (_pauses.TryGetValue(turn.Agent.Id, out former)) Remove(former); // Its turn is over, and nobody has noticed yet.
            var most = settings.Options.PerTenant.Concurrent;
            var others = _pauses.Values.Where(other => other.Turn.Agent.Id.Tenant == turn.Agent.Id.Tenant);
            if (most > 0 && others.Count() >= most) Remove(oldest = others.MinBy(other => other.Number)!);
            _pauses[turn.Agent.Id] = pause;
            refused = [.. _coming.Where(other => other.Agent.Id == turn.Agent.Id)];
        }
        foreach (var other in refused) other.Refuse(AGUIPause.Unanswered(pause.Open));
        if (former is not null) _ = former.Turn.DisposeAsync().AsTask();
        if (oldest is not null) _ = oldest.Turn.DisposeAsync().AsTask();
        _ = WatchAsync(pause);
        return pause;
    }

    public AGUIPause? Find(AgentId agent)
    {
        lock (_lock) return _pauses.GetValueOrDefault(agent);
    }

    /// <summary>Whoever takes it goes on with its turn. False when somebody did, or it is over.</summary>
    public bool TryTake(AGUIPause pause)
    {
        lock (_lock)
        {
            if (_pauses.GetValueOrDefault(pause.Turn.Agent.Id) != pause) return false;
            Remove(pause);
            return true;
        }
    }

    /// <summary>The turn is about to be sent to its agent.</summary>
    /// <exception cref="HttpErrorException">The agent's turn was paused meanwhile.</exception>
    public void Expect(AGUITurn turn)
    {
        lock (_lock)
        {
            if (_pauses.GetValueOrDefault(turn.Agent.Id) is { } pause) throw new HttpErrorException(AGUIPause.Unanswered(pause.Open));
            _coming.Add(turn);
        }
    }

    /// <summary>The turn begins or will not.</summary>
    public void Came(AGUITurn turn)
    {
        lock (_lock) _coming.Remove(turn);
    }

    private void Remove(AGUIPause pause)
    {
        _pauses.Remove(pause.Turn.Agent.Id);
        pause.Taken.Cancel(); // Within the lock: the watch comes through here before it lets go of it.
    }

    private async Task WatchAsync(AGUIPause pause)
    {
        await pause.Turn.Agent.WhenEndedAsync(pause.Id, pause.Taken.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        if (TryTake(pause)) await pause.Turn.DisposeAsync();
        pause.Taken.Dispose();
    }
}

/// <summary>One wait of a turn, which may come to several.</summary>
/// <param name="open">The interrupts that wait for their answers.</param>
/// <param name="number">Higher than those of all before.</param>
/// <param name="taken">Cancelled when the wait is over.</param>
internal sealed class AGUIPause(AGUITurn turn, TurnId id, IReadOnlyList<string> open, long number, CancellationTokenSource taken)
{
    public AGUITurn Turn => turn;
    public TurnId Id => id;
    public IReadOnlyList<string> Open => open;
    public long Number => number;
    public CancellationTokenSource Taken => taken;

    public static HttpError Unanswered(IEnumerable<string> left) => new(StatusCodes.Status409Conflict, "open_interrupt",
        $"This thread waits for an answer: say in 'resume' what becomes of {string.Join(", ", left.Select(interrupt => $"'{interrupt}'"))}, with status 'resolved' or 'cancelled'.", "resume");
}
