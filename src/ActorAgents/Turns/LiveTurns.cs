namespace ActorAgents;

/// <summary>
/// Every turn of this node from its first pull to its end, running or waiting. It is the one place to stop many turns at once, to check their
/// deadlines (four times a second, so that no timer is armed per chunk) and to bound how many run.
/// </summary>
internal sealed class LiveTurns : IDisposable
{
    /// <summary>How late a deadline may be noticed.</summary>
    public static readonly TimeSpan SweepPeriod = TimeSpan.FromMilliseconds(250);

    private const int EndsAtOnce = 32; // About a millisecond's work.

    private readonly TurnStripe[] _stripes = [.. Enumerable.Range(0, 8).Select(_ => new TurnStripe())];
    private readonly TimeProvider _time;
    private readonly ITimer _sweep;
    private readonly int? _bound;
    private readonly LinkedList<Turn> _waiting = [];
    private long _running;
    private long _waitingCount;
    private TaskCompletionSource? _emptied;
    private int _sweeping;
    private int _known;

    public LiveTurns(TimeProvider time, int? bound)
    {
        (_time, _bound) = (time, bound);
        _sweep = time.CreateTimer(static state => ((LiveTurns)state!).Sweep(), this, SweepPeriod, SweepPeriod);
    }

    /// <summary>Turns that left their queue and have not ended.</summary>
    public long Running => Interlocked.Read(ref _running);

    /// <summary>Turns that wait for the bound.</summary>
    public long Waiting => Interlocked.Read(ref _waitingCount);

    /// <summary>Turns that were pulled and have not ended.</summary>
    public int Known => Volatile.Read(ref _known);

    public void Add(Turn turn)
    {
        Interlocked.Increment(ref _known);
        turn.Stripe = Environment.CurrentManagedThreadId % _stripes.Length;
        var stripe = _stripes[turn.Stripe];
        lock (stripe.Lock) stripe.Add(turn);
    }

    /// <summary>The turn has ended.</summary>
    public void Remove(Turn turn, TurnState how)
    {
        var stripe = _stripes[turn.Stripe];
        lock (stripe.Lock) stripe.Remove(turn, how);
        if (Interlocked.Decrement(ref _known) == 0) Volatile.Read(ref _emptied)?.TrySetResult();
    }

    /// <summary>Takes one of the places to run, or a place in the line for one; <see cref="TurnLoop.Enter"/> follows when it comes up.</summary>
    public bool TryEnter(Turn turn)
    {
        if (_bound is { } bound)
        {
            lock (_waiting)
            {
                if (_running >= bound)
                {
                    turn.PlaceInLine = _waiting.AddLast(turn);
                    _waitingCount = _waiting.Count;
                    return false;
                }
                Interlocked.Increment(ref _running);
                return true;
            }
        }
        Interlocked.Increment(ref _running);
        return true;
    }

    /// <summary>Gives the place, or the place in the line, back.</summary>
    public void Leave(Turn turn, bool entered)
    {
        if (_bound is null)
        {
            if (entered) Interlocked.Decrement(ref _running);
            return;
        }
        Turn? next = null;
        lock (_waiting)
        {
            // A turn that ends while its place comes up was taken off the line already and holds the place.
            if (!entered && turn.PlaceInLine is { List: not null } place)
            {
                _waiting.Remove(place);
                _waitingCount = _waiting.Count;
                return;
            }
            if (_waiting.First is { } first)
            {
                next = first.Value;
                _waiting.RemoveFirst();
                _waitingCount = _waiting.Count;
            }
            else Interlocked.Decrement(ref _running);
        }
        Chaos.Point();
        next?.Loop.Enter();
    }

    /// <summary>Stops every turn of the scope (at a shutdown those that are stored go on when the agent is started again), whether it runs or waits. Turns added meanwhile may be missed: refuse them before calling.</summary>
    /// <returns>How many this call stopped: none of them gives anything more. And their ends, which fails with what loggers and listeners threw there (<see cref="AggregateException"/>), once every turn is ended all the same.</returns>
    public (int Count, Task Ends) Stop(HaltScope scope, InterruptReason reason)
    {
        var stopped = new List<Turn>();
        ForEach(turn =>
        {
            if (!scope.Covers(turn.AgentId)) return;
            var goesOn = reason == InterruptReason.Shutdown && turn.Loop.Log is { IsKept: true };
            if (goesOn ? turn.MarkLeft() : turn.MarkStopped(reason)) stopped.Add(turn);
        });
        Interlocked.MemoryBarrierProcessWide(); // One for all that are running: see Turn.Stop.
        Chaos.Point();
        return (stopped.Count, EndAsync(stopped));
    }

    /// <summary>On the thread pool, a few at a time: what others wait for there, such as a message to the next node, comes between.</summary>
    private static async Task EndAsync(List<Turn> marked)
    {
        List<Exception>? thrown = null;
        for (var i = 0; i < marked.Count; i++)
        {
            if (i % EndsAtOnce == 0) await Task.Yield();
            try { marked[i].EndMarked(); }
            catch (Exception exception) { (thrown ??= []).Add(exception); }
        }
        if (thrown is not null) throw new AggregateException(thrown);
    }

    /// <summary>Completes when no turn is known.</summary>
    public async Task WhenEmptyAsync(CancellationToken cancellationToken)
    {
        while (Volatile.Read(ref _known) > 0)
        {
            var emptied = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Interlocked.Exchange(ref _emptied, emptied);
            if (Volatile.Read(ref _known) == 0) break;
            await emptied.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The turns that have ended since the start.</summary>
    public EndedTurns Ended => Look(null);

    /// <summary>Shows every turn that has not ended, and returns the totals of those that have: each turn is in one of the two. The look must be quick and must not end a turn.</summary>
    public EndedTurns Look(Action<Turn>? look)
    {
        var ended = default(EndedTurns);
        foreach (var stripe in _stripes)
        {
            lock (stripe.Lock)
            {
                ended = ended.Plus(stripe.Ended);
                if (look is null) continue;
                for (var turn = stripe.First; turn is not null; turn = turn.Next) look(turn);
            }
        }
        return ended;
    }

    public void Dispose() => _sweep.Dispose();

    private void Sweep()
    {
        if (Interlocked.Exchange(ref _sweeping, 1) == 1) return; // A slow sweep is not overtaken by the next.
        try
        {
            var now = _time.GetTimestamp();
            ForEach(turn =>
            {
                try { turn.Loop.CheckDeadlines(now); }
                catch (Exception exception) { turn.Loop.LogBroken(exception); } // Of a logger or listener: a timer has nobody to tell, and the others are to be checked.
            });
        }
        finally { Volatile.Write(ref _sweeping, 0); }
    }

    /// <summary>Works on copies of the lists, so that a turn may end inside the action.</summary>
    private void ForEach(Action<Turn> action)
    {
        var turns = new List<Turn>();
        foreach (var stripe in _stripes)
        {
            turns.Clear();
            lock (stripe.Lock)
                for (var turn = stripe.First; turn is not null; turn = turn.Next) turns.Add(turn);
            foreach (var turn in turns) action(turn);
        }
    }
}
