using System.Diagnostics;
using System.Threading.Tasks.Sources;

namespace ActorAgents;

/// <summary>One reader of a log, at its own pace. It is woken through the thread pool, never inside the pump's call.</summary>
internal sealed class TurnLogReader : IAsyncEnumerator<TurnEvent>, IAsyncEnumerator<StreamChunk>, IValueTaskSource<bool>, IThreadPoolWorkItem, ILogWaiter
{
    private readonly TurnLog _log;
    private readonly EitherToken _cancellation;
    private ManualResetValueTaskSourceCore<bool> _wait;
    private CancellationTokenRegistration _registration;
    private TurnLog.Segment _segment;
    private Shown _shown;
    private int _position;
    private int _index;
    private int _parked;

    /// <param name="cancellation">The reader's own from here on.</param>
    public TurnLogReader(TurnLog log, TurnCursor after, EitherToken cancellation)
    {
        (_log, _cancellation, _segment) = (log, cancellation, log.First);
        for (var place = log.PlaceAfter(after); _position < place;) NextEntry();
        log.Opened(this);
        if (_position > 0) log.Reached(_position); // What it has seen elsewhere it need not see here for the turn to go on.
    }

    /// <summary>How many events it has taken.</summary>
    public int Position => Volatile.Read(ref _position);

    /// <summary>It gives chunks: the text and the end alone, and an end that is a failure thrown.</summary>
    public bool AsText { get; init; }

    public TurnEvent Current => _shown.Event;
    StreamChunk IAsyncEnumerator<StreamChunk>.Current => _shown.Chunk(_log.TurnId);

    public ValueTask<bool> MoveNextAsync()
    {
        if (_cancellation.Token.IsCancellationRequested) return ValueTask.FromCanceled<bool>(_cancellation.Token);
        var (fresh, taken) = (true, false);
        while (!(taken = TryTake()) && !IsAtEnd)
        {
            Chaos.Point();
            if (fresh) { _wait.Reset(); fresh = false; }
            if (TryPark()) return new(this, _wait.Version);
        }
        return taken && IsThrown ? ValueTask.FromException<bool>(_shown.Exception(default)) : new(taken);
    }

    public ValueTask DisposeAsync()
    {
        _log.Closed(this);
        _cancellation.Dispose();
        return _registration.DisposeAsync();
    }

    /// <summary>By the log: there is more, or the end. The reader follows on the thread that brought it, or at once on one that is free.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref _parked, 0) == 1) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }

    void IThreadPoolWorkItem.Execute()
    {
        _registration.Unregister();
        _shown.Waited();
        bool taken;
        while (!(taken = TryTake()) && !IsAtEnd)
            if (TryPark()) return; // What came is not shown.
        if (taken && IsThrown) _wait.SetException(_shown.Exception(default)); else _wait.SetResult(taken);
    }

    bool IValueTaskSource<bool>.GetResult(short token) => _wait.GetResult(token);
    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _wait.GetStatus(token);
    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wait.OnCompleted(continuation, state, token, flags);

    private void Cancelled()
    {
        if (Interlocked.Exchange(ref _parked, 0) == 0) return;
        _log.StopWaiting(this);
        _wait.SetException(new OperationCanceledException(_cancellation.Token));
    }

    private bool IsAtEnd => _log.IsOver && _position >= _log.Count;

    private bool IsThrown => AsText && _shown.IsThrown;

    /// <summary>Waits for more, until it is woken or cancelled. False when there is more by now.</summary>
    private bool TryPark()
    {
        Volatile.Write(ref _parked, 1);
        // First, so that whoever wakes the reader finds the registration. The callback may run at once, and takes the wait then.
        if (_cancellation.Token.CanBeCanceled)
            _registration = _cancellation.Token.UnsafeRegister(static reader => ((TurnLogReader)reader!).Cancelled(), this);
        Chaos.Point();
        // One that was cancelled in between stays with the log until that has more: taking it out here could take out its next wait.
        if (_log.TryWait(this, _position) || Interlocked.Exchange(ref _parked, 0) == 0) return true;
        _registration.Unregister(); // It arrived meanwhile.
        return false;
    }

    /// <summary>Takes the next that is shown. False when there is none yet, or none any more.</summary>
    private bool TryTake()
    {
        while (_position < _log.Count)
        {
            var entry = NextEntry();
            _log.Reached(_position);
            if (TryShow(entry)) return true;
        }
        return false;
    }

    private bool TryShow(object entry)
    {
        Debug.Assert(!AsText || entry is not Reset, "Nothing is withdrawn in a log that is read where it is.");
        if (AsText && entry is string piece) _shown.Show(piece);
        else if (AsText && entry is not TerminalEvent) return false;
        else _shown.Show(_log.EventAt(entry, _position - 1));
        return true;
    }

    private object NextEntry()
    {
        if (_index == _segment.Entries.Length) (_segment, _index) = (_segment.Next!, 0);
        _position++;
        return _segment.Entries[_index++];
    }
}
