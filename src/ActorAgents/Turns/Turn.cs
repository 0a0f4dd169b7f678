using System.Threading.Tasks.Sources;

namespace ActorAgents;

/// <summary>
/// One input up to its one terminal event, as a pull: each <see cref="MoveNextAsync"/> gives the next event. This class decides who may run the
/// turn at any instant, and hands on what the step brings that is being read; <see cref="TurnLoop"/> decides everything else.
/// </summary>
/// <remarks>
/// One field says who owns the turn. <c>Away</c>: the reader holds an event and nobody runs. <c>Running</c>: one thread runs the loop. <c>Parked</c>:
/// the reader waits and nobody runs. Whatever happens (a chunk arrived, a tool finished, a grant, a stop) takes a parked turn or raises one signal; whoever moves
/// <c>Parked</c> to <c>Running</c> runs the loop and alone completes the reader's wait, so that it cannot be completed twice. A signal carries no
/// data: the loop looks at everything again, so a needless one is harmless. <c>ReaderCame</c>: the reader asked for more while a stop was recording the end, and is
/// served after that.
/// </remarks>
internal sealed partial class Turn : IReadTurn, IProviderReader, IValueTaskSource<bool>, IThreadPoolWorkItem, IAgentMessage
{
    private const int Away = 0, Running = 1, Parked = 2, ReaderCame = 3;
    private const int Open = 0, EndedByItself = 1, Stopped = 2, Left = 100;

    private readonly TurnLoop _loop;
    private ManualResetValueTaskSourceCore<bool> _wait;
    private int _owner;
    private int _signalled;
    private int _end;

    public Turn(AgentNode node, AgentKind kind, AgentId agentId, TurnId id, AgentInput input, TurnOptions? options, bool mayCallWhole = false, Resumption? resumption = null)
    {
        (AgentId, Id, _time) = (agentId, id, node.Time);
        _maxTextChars = (options?.Limits ?? kind.Definition.Limits).MaxTextChars;
        _run = new TurnRun(id, resumption?.Epoch ?? 1);
        if (resumption is not null)
        {
            _seq = resumption.Seq;
            _text.Append(resumption.Text);
        }
        _loop = new TurnLoop(this, node, kind, input, options, mayCallWhole, resumption);
    }

    public AgentId AgentId { get; }
    public TurnId Id { get; }
    public TurnLoop Loop => _loop;

    /// <summary>Links of the node's list of turns; only that list touches them.</summary>
    public Turn? Previous, Next;

    /// <summary>Where it waits for a place to run; the same list's.</summary>
    public LinkedListNode<Turn>? PlaceInLine;

    /// <summary>Which part of that list it is in; the list's.</summary>
    public int Stripe;

    public TurnView View { get; init; }

    /// <summary>Its agent is in this process and nobody else's, whatever becomes of others of its kind.</summary>
    public bool StaysHere { get; init; }
    Action? IReadTurn.Ended { set => _loop.Ended = value; }
    ValueTask<bool> IAsyncEnumerator<TurnEvent>.MoveNextAsync() => MoveNextAsync();
    ValueTask<bool> IAsyncEnumerator<StreamChunk>.MoveNextAsync() => MoveNextAsync();
    TurnEvent IAsyncEnumerator<TurnEvent>.Current => Current;

    /// <summary>Whether the reader waits for an event right now, so that a silent provider keeps somebody waiting.</summary>
    public bool IsParked => Volatile.Read(ref _owner) == Parked;

    /// <summary>What it waits for at this instant.</summary>
    public TurnWait WaitsFor => Volatile.Read(ref _owner) switch
    {
        Away => TurnWait.Reader,
        Parked => _loop.WaitsFor,
        _ => TurnWait.None,
    };

    /// <summary>The reason, once somebody stopped the turn.</summary>
    public InterruptReason? StopReason => Volatile.Read(ref _end) is var end and >= Stopped and < Left ? (InterruptReason)(end - Stopped) : null;

    /// <summary>It goes on elsewhere, from what is stored.</summary>
    public bool IsLeft => Volatile.Read(ref _end) == Left;

    /// <summary>Whether somebody stopped the turn.</summary>
    public bool IsStopped => Volatile.Read(ref _end) >= Stopped;

    public ValueTask<bool> MoveNextAsync()
    {
        while (true)
        {
            switch (Interlocked.CompareExchange(ref _owner, Running, Away))
            {
                case Away:
                    return Pull();
                case Running: // A stop is ending the turn at this instant, on its own thread.
                    _wait.Reset();
                    if (Interlocked.CompareExchange(ref _owner, ReaderCame, Running) == Running) return new(this, _wait.Version);
                    continue;
                default:
                    throw new InvalidOperationException("A turn has one reader that asks for one event at a time.");
            }
        }
    }

    /// <summary>Leaving before the terminal event interrupts the turn.</summary>
    public ValueTask DisposeAsync()
    {
        Stop(InterruptReason.ReaderGone);
        return default;
    }

    /// <summary>Interrupts the turn now, from any thread. True for the one call that did; the terminal event is then TurnInterrupted.</summary>
    public bool Stop(InterruptReason reason) => Stop(Stopped + (int)reason);

    /// <summary>Ends the turn in this process alone: it has no terminal event and no record, and is to go on from what is stored.</summary>
    public bool Leave() => Stop(Left);

    private bool Stop(int how)
    {
        if (!Mark(how)) return false;
        Chaos.Point();
        if (EndMarked()) return true;
        // The owner may be giving the turn up in this instant. It does so for each event and so without a fence; the one who stops pays for it.
        Interlocked.MemoryBarrierProcessWide();
        Chaos.Point();
        EndMarked();
        return true;
    }

    /// <summary>The first half of <see cref="Stop(InterruptReason)"/>, where many turns are stopped at once: from here on it gives nothing more. A fence for all and <see cref="EndMarked"/> are to follow.</summary>
    public bool MarkStopped(InterruptReason reason) => Mark(Stopped + (int)reason);

    /// <summary>The same for <see cref="Leave"/>.</summary>
    public bool MarkLeft() => Mark(Left);

    /// <summary>Ends it, or has it ended by who serves the waiting reader. False when it runs: its owner ends it.</summary>
    public bool EndMarked()
    {
        if (Signal()) return true;
        if (!TryTakeFromReader()) return false;
        EndWithoutReader();
        return true;
    }

    private bool Mark(int how) => Interlocked.CompareExchange(ref _end, how, Open) == Open;

    public bool StopAfterStep() => _loop.StopAfterStep();

    /// <summary>Called by the loop before it ends the turn by itself. False when a stop came first.</summary>
    public bool TryEnd() => Interlocked.CompareExchange(ref _end, EndedByItself, Open) == Open;

    /// <summary>Something happened: a reader that waits is served on the thread pool. False when none does.</summary>
    /// <param name="soon">By a pool thread that is about to be free: this goes before what waits for any thread, while the turn is still in its cache.</param>
    public bool Signal(bool soon = false) => SignalAndTake() && ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: soon);

    // The provider's thread serves the reader, as a plain await of the provider would. Nearly always the reader waits, and who takes the turn over needs no signal.
    bool IProviderReader.TryTake() => TryTakeFromParked();
    void IProviderReader.Serve() => Serve();

    void IProviderReader.ProviderReady()
    {
        if (SignalAndTake()) Serve();
    }

    void IThreadPoolWorkItem.Execute() => Serve();
    bool IValueTaskSource<bool>.GetResult(short token) => _wait.GetResult(token);
    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _wait.GetStatus(token);
    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wait.OnCompleted(continuation, state, token, flags);

    private bool TryTakeFromReader() => Interlocked.CompareExchange(ref _owner, Running, Away) == Away;

    private bool SignalAndTake()
    {
        Interlocked.Exchange(ref _signalled, 1);
        Chaos.Point();
        return TryTakeFromParked();
    }

    private bool TryTakeFromParked() => Interlocked.CompareExchange(ref _owner, Running, Parked) == Parked;

    /// <summary>The reader's own call, as the owner.</summary>
    private ValueTask<bool> Pull()
    {
        var fresh = true;
        while (true)
        {
            if (TryAdvance())
            {
                var (failure, hasCurrent) = (ToThrow, _shown.IsThere);
                Release();
                return failure is null ? new(hasCurrent) : ValueTask.FromException<bool>(failure);
            }
            if (fresh) { _wait.Reset(); fresh = false; }
            if (TryPark()) return new(this, _wait.Version);
        }
    }

    /// <summary>The same on another thread, as the owner, while the reader waits.</summary>
    private void Serve()
    {
        _shown.Waited();
        while (true)
        {
            if (TryAdvance())
            {
                var (failure, hasCurrent) = (ToThrow, _shown.IsThere);
                Release(); // First: the reader comes back inside SetResult.
                Chaos.Point();
                if (failure is null) _wait.SetResult(hasCurrent); else _wait.SetException(failure);
                return;
            }
            if (TryPark()) return;
        }
    }

    /// <summary>Gives ownership up until the next signal. False when there was one meanwhile and this thread is still the owner.</summary>
    private bool TryPark()
    {
        if (Volatile.Read(ref _signalled) != 0)
        {
            Interlocked.Exchange(ref _signalled, 0);
            return false;
        }
        Parking();
        Chaos.Point();
        Interlocked.Exchange(ref _owner, Parked);
        Chaos.Point();
        if (Volatile.Read(ref _signalled) == 0) return true;
        return Interlocked.CompareExchange(ref _owner, Running, Parked) != Parked;
    }

    private void Release()
    {
        Chaos.Point();
        Volatile.Write(ref _owner, Away);
        Chaos.Point();
        // A stop that found the turn running left its end to the owner.
        if (IsStopped && !_loop.HasEnded && TryTakeFromReader()) EndAfterReader();
    }

    private void EndAfterReader()
    {
        try { EndWithoutReader(); }
        catch (Exception exception) { _loop.LogBroken(exception); } // Of a logger or listener; the reader has what it asked for.
    }

    /// <summary>Records the end of a stopped turn at once, as the owner; the terminal event waits for the next pull.</summary>
    private void EndWithoutReader()
    {
        try { _loop.EndIfStopped(); }
        finally // Whatever a listener or logger does.
        {
            Chaos.Point();
            if (Interlocked.CompareExchange(ref _owner, Away, Running) != Running)
            {
                Volatile.Write(ref _owner, Running); // The reader came meanwhile and waits.
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            }
        }
    }
}
