using ConfiguredAwaiter = System.Runtime.CompilerServices.ConfiguredValueTaskAwaitable<bool>.ConfiguredValueTaskAwaiter;

namespace ActorAgents;

/// <summary>
/// A detached turn with everything it gave so far. A pump reads the turn into it, as far ahead as the pace allows; any number of readers replay it
/// from any place and follow it, none slowing another.
/// </summary>
internal sealed class TurnLog : IThreadPoolWorkItem
{
    /// <summary>At this size a free-running turn is paced by its fastest reader, so that an unread turn cannot fill the memory.</summary>
    public const long FreeBytes = 4 << 20;

    private const int WindowPastFreeBytes = 64;
    private const int SegmentSize = 64;

    private readonly Turn _turn;
    private readonly Pace _pace;
    private readonly Lock _lock = new();
    private readonly Action _pump;
    private readonly Action<TurnLog> _ended;
    private Segment _last;
    private TurnLogReader? _waiting; // Linked through the readers; changed under the lock.
    private ConfiguredAwaiter _pulled;
    private int _count;
    private long _furthest;
    private bool _pumpWaits;
    private volatile bool _isOver;

    public TurnLog(Turn turn, Pace pace, Action<TurnLog> ended)
    {
        (_turn, _pace, _ended, _pump) = (turn, pace, ended, PumpOn);
        turn.Loop.Ended = TakeEnd;
        First = _last = new Segment();
    }

    public Turn Turn => _turn;
    public Segment First { get; }
    public int Count => Volatile.Read(ref _count);
    public bool IsOver => _isOver;
    public long Bytes { get; private set; }

    /// <summary>Its place among the finished logs, and since when; the registry's.</summary>
    public LinkedListNode<TurnLog>? Kept { get; set; }
    public long FinishedAt { get; set; }

    /// <summary>Begins to read the turn; returns when it waits for something.</summary>
    public void Start() => Pump();

    /// <summary>A reader waits for what comes after its place. False when that is there already.</summary>
    public bool TryWait(TurnLogReader reader, int position)
    {
        lock (_lock)
        {
            reader.NextWaiting = _waiting;
            Volatile.Write(ref _waiting, reader);
            Interlocked.MemoryBarrier(); // Either this sees what was appended, or the append sees this reader.
            Chaos.Point();
            if (Count <= position && !_isOver) return true;
            (_waiting, reader.NextWaiting) = (reader.NextWaiting, null);
            return false;
        }
    }

    public void StopWaiting(TurnLogReader reader)
    {
        lock (_lock)
        {
            if (ReferenceEquals(_waiting, reader)) _waiting = reader.NextWaiting;
            for (var other = _waiting; other is not null; other = other.NextWaiting)
                if (ReferenceEquals(other.NextWaiting, reader)) other.NextWaiting = reader.NextWaiting;
        }
    }

    /// <summary>A reader has taken everything before this place.</summary>
    public void Reached(long position)
    {
        var furthest = Volatile.Read(ref _furthest);
        while (true)
        {
            if (position <= furthest) return;
            var found = Interlocked.CompareExchange(ref _furthest, position, furthest);
            if (found == furthest) break;
            furthest = found;
        }
        Chaos.Point();
        if (!Volatile.Read(ref _pumpWaits)) return; // Either this sees that the pump waits, or the pump sees the new place.
        lock (_lock)
        {
            if (!_pumpWaits || !MayPull()) return;
            _pumpWaits = false;
        }
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute() => Pump();

    /// <summary>The turn ended while the pump waited for readers: take its end in.</summary>
    private void TakeEnd()
    {
        lock (_lock)
        {
            if (!_pumpWaits) return;
            _pumpWaits = false;
        }
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private void Pump()
    {
        while (true)
        {
            if (!MayPull() && WaitForReaders()) return;
            Chaos.Point();
            _pulled = _turn.MoveNextAsync().ConfigureAwait(false).GetAwaiter();
            if (!_pulled.IsCompleted) { _pulled.UnsafeOnCompleted(_pump); return; }
            if (!TakePulled()) return;
        }
    }

    /// <summary>False when there is no need any more.</summary>
    private bool WaitForReaders()
    {
        lock (_lock)
        {
            Volatile.Write(ref _pumpWaits, true);
            Interlocked.MemoryBarrier();
            Chaos.Point();
            if (!MayPull()) return true;
            _pumpWaits = false;
            return false;
        }
    }

    private void PumpOn()
    {
        if (TakePulled()) Pump();
    }

    private bool TakePulled()
    {
        if (!_pulled.GetResult()) return false;
        var next = _turn.Current;
        Append(next);
        return next is not TerminalEvent;
    }

    private bool MayPull()
    {
        var window = _pace.Window;
        if (window == 0)
        {
            if (Bytes < FreeBytes) return true;
            window = _furthest == 0 ? 0 : WindowPastFreeBytes;
        }
        // The end is always taken in: it does not need the provider.
        return _count < Volatile.Read(ref _furthest) + window || _turn.Loop.HasEnded;
    }

    private void Append(TurnEvent next)
    {
        var index = _count % SegmentSize;
        if (index == 0 && _count > 0) _last = _last.Next = new Segment();
        _last.Events[index] = next;
        Bytes += SizeOf(next);
        if (next is TerminalEvent) _ended(this); // Before the end can be seen, so that whoever saw it finds the log among the finished.
        Volatile.Write(ref _count, _count + 1); // From here on readers see it.
        Chaos.Point();
        if (next is TerminalEvent) _isOver = true; // Last: a reader that sees it sees the terminal event.
        Interlocked.MemoryBarrier();
        Chaos.Point();
        if (Volatile.Read(ref _waiting) is null) return;
        TurnLogReader? reader;
        lock (_lock) (reader, _waiting) = (_waiting, null);
        Chaos.Point();
        while (reader is not null)
        {
            var waking = reader;
            (reader, waking.NextWaiting) = (waking.NextWaiting, null);
            waking.Wake();
        }
    }

    /// <summary>An estimate: an event's fields and its text.</summary>
    private static long SizeOf(TurnEvent next) => 56 + 2L * next switch
    {
        TextDelta text => text.Text.Length,
        ReasoningDelta reasoning => reasoning.Text.Length,
        ToolCallDelta delta => delta.Piece.Length,
        ToolFinished finished => finished.Result.Length,
        ContentAdded content => content.Data.Length / 2,
        TerminalEvent terminal => terminal.TextSoFar.Length,
        _ => 0,
    };

    /// <summary>A stretch of events; readers walk from one to the next.</summary>
    internal sealed class Segment
    {
        public readonly TurnEvent[] Events = new TurnEvent[SegmentSize];
        public Segment? Next;
    }
}
