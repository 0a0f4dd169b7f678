namespace ActorAgents.Testing;

/// <summary>
/// A place in a script, tool or provider where calls stop until the test lets them on. Thread-safe. Whoever is let on continues on the thread pool,
/// never inside <see cref="Open"/> or <see cref="Release"/>.
/// </summary>
public sealed class Gate
{
    private readonly Lock _lock = new();
    private readonly LinkedList<TaskCompletionSource> _waiting = [];
    private readonly Tally _arrivals = new("arrivals at the gate");
    private int _passes;
    private bool _open;

    /// <summary>How many have come here in all, those let straight through included.</summary>
    public long Arrivals => _arrivals.Value;

    /// <summary>How many wait here now.</summary>
    public int Waiting
    {
        get { lock (_lock) return _waiting.Count; }
    }

    /// <summary>Completes once so many have come here in all. Fails with <see cref="TimeoutException"/> after 30 s of real time.</summary>
    public Task ReachedAsync(int arrivals = 1) => _arrivals.ReachesAsync(arrivals);

    /// <summary>Lets everybody on who waits here, and everybody who comes later.</summary>
    public void Open()
    {
        List<TaskCompletionSource> released;
        lock (_lock)
        {
            _open = true;
            released = [.. _waiting];
            _waiting.Clear();
        }
        foreach (var waiter in released) waiter.TrySetResult();
    }

    /// <summary>Lets one on: the one who waits longest, or else the next to come.</summary>
    public void Release()
    {
        TaskCompletionSource? first;
        lock (_lock)
        {
            first = _waiting.First?.Value;
            if (first is null) _passes++;
            else _waiting.RemoveFirst();
        }
        first?.TrySetResult();
    }

    /// <summary>Waits here until let on, for scripts and tools of your own.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled first; the wait is given up and takes nobody's place.</exception>
    public Task WaitAsync(CancellationToken cancellationToken = default)
    {
        LinkedListNode<TaskCompletionSource>? place = null;
        lock (_lock)
        {
            if (!_open && _passes == 0)
                place = _waiting.AddLast(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            else if (!_open)
                _passes--;
        }
        _arrivals.Add();
        if (place is null) return Task.CompletedTask;
        return cancellationToken.CanBeCanceled ? GiveUpAsync(place, cancellationToken) : place.Value.Task;
    }

    private async Task GiveUpAsync(LinkedListNode<TaskCompletionSource> place, CancellationToken cancellationToken)
    {
        await using var _ = cancellationToken.UnsafeRegister(static (state, token) =>
        {
            var (gate, place) = ((Gate, LinkedListNode<TaskCompletionSource>))state!;
            lock (gate._lock)
            {
                if (place.List is null) return;
                gate._waiting.Remove(place);
            }
            place.Value.TrySetCanceled(token);
        }, (this, place)).ConfigureAwait(false);
        await place.Value.Task.ConfigureAwait(false);
    }
}
