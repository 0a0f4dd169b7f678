namespace ActorAgents;

/// <summary>
/// Threads of the runtime's own on which tools begin, so that one that blocks holds one of these and never a thread that streams need. They are started
/// as they are needed. When all are held, further tools wait; their timeout runs meanwhile. Akka's fork-join pool will not do: of a burst it starts about as
/// many as there are cores and leaves the rest until one of those returns.
/// </summary>
/// <remarks>
/// Waking a thread is the dear part, so at most one is being woken at a time. Before it runs a tool it has another woken for what is left: quick tools are run
/// by the few threads that are awake, and behind one that blocks somebody always comes.
/// </remarks>
internal sealed class ToolThreads(int count) : IDisposable
{
    private readonly LinkedList<Action> _ready = []; // Also the lock of all that follows.
    private int _started;
    private int _idle; // Those that wait and were not told to wake up.
    private bool _waking; // One was, and has not looked at the queue yet.
    private bool _disposed;

    /// <summary>The action must not throw.</summary>
    /// <returns>Its place in the line; see <see cref="TryCancel"/>.</returns>
    /// <exception cref="ObjectDisposedException">The runtime has stopped.</exception>
    public LinkedListNode<Action> Run(Action action)
    {
        lock (_ready)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var place = _ready.AddLast(action);
            WakeOne();
            return place;
        }
    }

    /// <summary>Takes an action out of the line. False when it has begun.</summary>
    public bool TryCancel(LinkedListNode<Action> place)
    {
        lock (_ready)
        {
            if (place.List is null) return false;
            _ready.Remove(place);
            return true;
        }
    }

    /// <summary>Nothing further is taken; what waits is still run.</summary>
    public void Dispose()
    {
        lock (_ready)
        {
            _disposed = true;
            Monitor.PulseAll(_ready);
        }
    }

    private void WakeOne()
    {
        if (_waking) return;
        if (_idle > 0)
        {
            _idle--;
            Monitor.Pulse(_ready);
        }
        else if (_started < count)
        {
            new Thread(Work) { Name = "tools", IsBackground = true }.UnsafeStart();
            _started++;
        }
        else return; // All hold a tool; whichever returns first looks at the queue.
        _waking = true;
    }

    private void Work()
    {
        for (var awake = false; TakeNext(awake) is { } action; awake = true) action();
    }

    private Action? TakeNext(bool wasAwake)
    {
        lock (_ready)
        {
            if (!wasAwake) _waking = false;
            while (_ready.Count == 0)
            {
                if (_disposed) return null;
                _idle++;
                Monitor.Wait(_ready);
                _waking = false;
            }
            var next = _ready.First!.Value;
            _ready.RemoveFirst();
            if (_ready.Count > 0) WakeOne();
            return next;
        }
    }
}
