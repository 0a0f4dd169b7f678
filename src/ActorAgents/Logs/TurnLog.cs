using Akka.Actor;
using ConfiguredAwaiter = System.Runtime.CompilerServices.ConfiguredValueTaskAwaitable<bool>.ConfiguredValueTaskAwaiter;

namespace ActorAgents;

/// <summary>
/// A detached turn, or one that runs apart from its reader, with everything it gave so far. A pump reads the turn into it, as far ahead as the pace allows; any number of readers replay it
/// from any place and follow it, none slowing another. Of a durable agent's turn they see what is stored.
/// </summary>
internal sealed partial class TurnLog : IThreadPoolWorkItem
{
    /// <summary>At this size a free-running turn is paced by its fastest reader, so that an unread turn cannot fill the memory.</summary>
    public const long FreeBytes = 4 << 20;

    private const int WindowPastFreeBytes = 64;
    private const int SegmentSize = 64;

    private readonly Turn? _turn;
    private readonly Pace _pace;
    private readonly Lock _lock = new();
    private readonly Action? _pump;
    private readonly Action<TurnLog> _ended;
    private Segment _last;
    private List<ILogWaiter>? _waiting;
    private List<TurnLogReader>? _readers;
    private ConfiguredAwaiter _pulled;
    private int _appended; // What the pump has taken in, and
    private int _count; // what of it may be seen.
    private long _furthest;
    private volatile bool _pumpWaits;
    private volatile bool _isOver;

    public TurnLog(Turn turn, Pace pace, Action<TurnLog> ended)
    {
        (AgentId, TurnId, _turn, _pace, _ended, _pump) = (turn.AgentId, turn.Id, turn, pace, ended, PumpOn);
        turn.Loop.Ended = TakeEnd;
        turn.Loop.Log = this;
        First = _last = new Segment();
    }

    /// <summary>Of a turn that is over.</summary>
    public TurnLog(AgentId agentId, TurnId turnId, IReadOnlyList<TurnEvent> events)
    {
        (AgentId, TurnId, _ended) = (agentId, turnId, static _ => { });
        First = _last = new Segment();
        TakeBack(events);
        _isOver = true;
    }

    public AgentId AgentId { get; }
    public TurnId TurnId { get; }

    /// <summary>How long it is kept once it is over.</summary>
    public TimeSpan KeepFor { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Null when it ended in another process.</summary>
    public Turn? Turn => _turn;
    public Segment First { get; }
    public int Count => Volatile.Read(ref _count);
    public bool IsOver => _isOver;
    public long Bytes { get; private set; }

    /// <summary>Its place among the finished logs, and since when; the registry's.</summary>
    public LinkedListNode<TurnLog>? Kept { get; set; }
    public long FinishedAt { get; set; }

    /// <summary>Brings the turn to its agent, in the order of calls. The provider is called elsewhere: whoever starts a turn does not wait for it.</summary>
    public void Start()
    {
        _pulled = _turn!.MoveNextAsync().ConfigureAwait(false).GetAwaiter(); // TurnStarted, or the end of a turn that was refused.
        if (!_pulled.IsCompleted) _pulled.UnsafeOnCompleted(_pump!);
        else if (TakePulled()) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }

    /// <summary>A reader waits for what comes after its place. False when that is there already.</summary>
    public bool TryWait(ILogWaiter reader, int position)
    {
        lock (_lock)
        {
            if (_count > position || _isOver) return false;
            (_waiting ??= []).Add(reader);
            return true;
        }
    }

    public void StopWaiting(ILogWaiter reader)
    {
        lock (_lock) _waiting?.Remove(reader);
    }

    public void Opened(TurnLogReader reader)
    {
        lock (_lock) (_readers ??= []).Add(reader);
    }

    public void Closed(TurnLogReader reader)
    {
        lock (_lock)
        {
            _waiting?.Remove(reader);
            _readers?.Remove(reader);
        }
    }

    /// <summary>Adds how far its readers are behind.</summary>
    public void Measure(ref ReaderLag lag)
    {
        lock (_lock)
        {
            foreach (var reader in _readers ?? [])
                if (_count - reader.Position is var behind && (behind > 0 || !_isOver)) lag.Add(Math.Max(0, behind));
        }
    }

    /// <summary>A reader has taken everything before this place.</summary>
    public void Reached(long position)
    {
        long furthest;
        do
        {
            furthest = Volatile.Read(ref _furthest);
            if (position <= furthest) return;
        }
        while (Interlocked.CompareExchange(ref _furthest, position, furthest) != furthest);
        Chaos.Point();
        if (!_pumpWaits) return; // One that is about to says so before it looks at the place for the last time.
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
            if (!MayPull() && TryPause()) return;
            Chaos.Point();
            _pulled = _turn!.MoveNextAsync().ConfigureAwait(false).GetAwaiter();
            if (!_pulled.IsCompleted) { _pulled.UnsafeOnCompleted(_pump!); return; }
            if (!TakePulled()) return;
        }
    }

    /// <summary>Has the pump go on when a reader has come further, or the turn has ended. False when that is so by now.</summary>
    private bool TryPause()
    {
        lock (_lock)
        {
            _pumpWaits = true;
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
        if (!_pulled.GetResult())
        {
            LetPullsGo(); // The turn was left where it is stored.
            return false;
        }
        var next = _turn!.Current;
        Append(next);
        return next is not TerminalEvent;
    }

    private bool MayPull()
    {
        var window = _pace.Window;
        if (window == 0)
        {
            if (Bytes < FreeBytes) return true;
            window = Volatile.Read(ref _furthest) == 0 ? 0 : WindowPastFreeBytes;
        }
        // The end is always taken in: it does not need the provider.
        return _appended < Volatile.Read(ref _furthest) + window || _turn!.Loop.HasEnded;
    }

    private void Append(TurnEvent next)
    {
        List<ILogWaiter>? readers;
        AgentProtocol.StoreTurn? store;
        lock (_lock)
        {
            Put(next is TextDelta { Text: var text } ? text : next, SizeOf(next));
            store = Hold(next);
            readers = Show();
        }
        Chaos.Point();
        Pass(store, readers);
    }

    private void Put(object entry, long size)
    {
        var index = _appended % SegmentSize;
        if (index == 0 && _appended > 0) _last = _last.Next = new Segment();
        _last.Entries[index] = entry;
        if (entry is Reset reset) (_resets ??= []).Add((reset.Epoch, reset.FromSeq));
        Bytes += size;
        _appended++;
    }

    /// <summary>Lets readers see what they may.</summary>
    /// <returns>Those who waited for it.</returns>
    private List<ILogWaiter>? Show()
    {
        var shown = Visible;
        if (shown == _count) return null;
        var isOver = shown == _appended && _last.Entries[(_appended - 1) % SegmentSize] is TerminalEvent;
        if (isOver) _ended(this); // Before the end can be seen, so that whoever saw it finds the log among the finished.
        Volatile.Write(ref _count, shown);
        Chaos.Point();
        if (isOver) _isOver = true; // Last: a reader that sees it sees the terminal event.
        var readers = _waiting;
        _waiting = null;
        return readers;
    }

    /// <summary>Outside the lock.</summary>
    private void Pass(AgentProtocol.StoreTurn? store, List<ILogWaiter>? readers)
    {
        if (store is not null) _turn!.Loop.Home!.Tell(store, ActorRefs.NoSender);
        Wake(readers);
    }

    private static void Wake(List<ILogWaiter>? readers)
    {
        if (readers is null) return;
        foreach (var reader in readers) reader.Wake();
    }

    /// <summary>An estimate: the place in the log, an event's fields and its text.</summary>
    private static long SizeOf(TurnEvent next) => next is TextDelta { Text.Length: var length } ? 32 + 2L * length : 56 + 2L * next switch
    {
        ReasoningDelta reasoning => reasoning.Text.Length,
        ToolCallDelta delta => delta.Piece.Length,
        ToolProgress progress => progress.Value.Length,
        ToolFinished finished => finished.Result.Length,
        ContentAdded content => content.Data.Length / 2,
        TerminalEvent terminal => terminal.TextSoFar.Length,
        _ => 0,
    };

    /// <summary>An entry of the log as the event it stands for.</summary>
    /// <param name="place">How many come before it.</param>
    public TurnEvent EventAt(object entry, int place)
    {
        if (entry is TurnEvent next) return next;
        var delta = new TextDelta((string)entry);
        delta.Stamp(_turn!.Run, place + 1);
        return delta;
    }

    /// <summary>A stretch of the log; readers walk from one to the next. A piece of text is there as its string: the rest of its event follows from its place.</summary>
    internal sealed class Segment
    {
        public readonly object[] Entries = new object[SegmentSize];
        public Segment? Next;
    }
}

/// <summary>Who waits for more of a log. Told once, outside the log's lock.</summary>
internal interface ILogWaiter
{
    /// <summary>There is more, or the end.</summary>
    void Wake();
}
