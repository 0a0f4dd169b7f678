using System.Threading.Tasks.Sources;

namespace ActorAgents;

/// <summary>One reader of a log, at its own pace. It is woken on the thread pool, never on the pump's thread.</summary>
internal sealed class TurnLogReader : IAsyncEnumerator<TurnEvent>, IValueTaskSource<bool>, IThreadPoolWorkItem, ILogWaiter
{
    private readonly TurnLog _log;
    private readonly EitherToken _cancellation;
    private ManualResetValueTaskSourceCore<bool> _wait;
    private CancellationTokenRegistration _registration;
    private TurnLog.Segment _segment;
    private TurnEvent? _current;
    private TextDelta? _delta;
    private int _position;
    private int _index;
    private int _parked;

    /// <param name="cancellation">The reader's own from here on.</param>
    public TurnLogReader(TurnLog log, TurnCursor after, EitherToken cancellation)
    {
        (_log, _cancellation, _segment) = (log, cancellation, log.First);
        for (var place = log.PlaceAfter(after); _position < place;) Step();
        log.Opened(this);
        if (_position > 0) log.Reached(_position); // What it has seen elsewhere it need not see here for the turn to go on.
    }

    /// <summary>How many events it has taken.</summary>
    public int Position => Volatile.Read(ref _position);

    /// <summary>A piece of text is in the same event each time, for who takes the text and drops the event.</summary>
    public bool ReusesDeltas { get; init; }

    public TurnEvent Current => _current ?? throw new InvalidOperationException("Call MoveNextAsync first.");

    public ValueTask<bool> MoveNextAsync()
    {
        if (_cancellation.Token.IsCancellationRequested) return ValueTask.FromCanceled<bool>(_cancellation.Token);
        if (TryTake()) return new(true);
        Chaos.Point();
        if (_log.IsOver && _position >= _log.Count) return new(false);
        _wait.Reset();
        Volatile.Write(ref _parked, 1);
        // First, so that whoever wakes the reader finds the registration. The callback may run at once, and takes the wait then.
        if (_cancellation.Token.CanBeCanceled)
            _registration = _cancellation.Token.UnsafeRegister(static reader => ((TurnLogReader)reader!).Cancelled(), this);
        Chaos.Point();
        if (_log.TryWait(this, _position) || Interlocked.Exchange(ref _parked, 0) == 0) return new(this, _wait.Version);
        _registration.Unregister(); // It arrived meanwhile.
        return new(TryTake());
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
        _wait.SetResult(TryTake());
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

    private bool TryTake()
    {
        if (_position >= _log.Count) return false;
        var entry = Step();
        _current = entry as TurnEvent ?? Delta((string)entry);
        _log.Reached(_position);
        return true;
    }

    private object Step()
    {
        if (_index == _segment.Entries.Length) (_segment, _index) = (_segment.Next!, 0);
        _position++;
        return _segment.Entries[_index++];
    }

    private TextDelta Delta(string text)
    {
        var delta = _delta?.With(text) ?? new TextDelta(text);
        delta.Stamp(_log.Turn!.Run, _position);
        if (ReusesDeltas) _delta = delta;
        return delta;
    }
}
