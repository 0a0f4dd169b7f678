using Akka.Streams.Stage;
using ConfiguredAwaiter = System.Runtime.CompilerServices.ConfiguredValueTaskAwaitable<bool>.ConfiguredValueTaskAwaiter;

namespace ActorAgents;

/// <summary>
/// Pulls turns for a stage: one event per demand. The turn itself is what can be interrupted at any moment, so a stage that waits for it never
/// hangs. Abort may come from any thread, also before the stage started.
/// </summary>
internal abstract class TurnLogic : OutGraphStageLogic, ITurnControl
{
    private readonly TaskCompletionSource<TerminalEvent> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Action? _arrived;
    private Action? _resume;
    private Action<Exception>? _fail;
    private ConfiguredAwaiter _next;
    private Exception? _abort;
    private IReadTurn? _turn;
    private volatile bool _ended = true; // No turn, or its end is recorded.
    private volatile bool _tornDown;

    protected TurnLogic(Akka.Streams.Shape shape) : base(shape) { }

    public TurnId TurnId => Volatile.Read(ref _turn)?.Id ?? default;
    public Task<TerminalEvent> Completion => _completion.Task;

    public bool Interrupt(InterruptMode mode) =>
        Volatile.Read(ref _turn) is { } turn && (mode == InterruptMode.Immediate ? turn.Stop(InterruptReason.User) : turn.StopAfterStep());

    public virtual void Shutdown() => Interrupt(InterruptMode.Immediate);

    public void Abort(Exception cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        if (Interlocked.CompareExchange(ref _abort, cause, null) is not null) return;
        try { Interrupt(InterruptMode.Immediate); }
        finally { Volatile.Read(ref _fail)?.Invoke(cause); } // Whatever a logger does.
    }

    public override void PreStart()
    {
        _resume = GetAsyncCallback(Arrived);
        Volatile.Write(ref _fail, GetAsyncCallback<Exception>(Fail));
        Interlocked.MemoryBarrier(); // An abort before this point is seen here.
        if (Cause is { } cause) Fail(cause);
    }

    public override void PostStop()
    {
        _tornDown = true;
        _ = _turn?.DisposeAsync().AsTask();
        Interlocked.MemoryBarrier(); // Either this sees the end, or the end sees this.
        if (_ended) TornDown();
    }

    protected IReadTurn? Turn
    {
        get => _turn;
        set
        {
            if (value is not null) (_ended, value.Ended) = (false, TurnEnded);
            Volatile.Write(ref _turn, value);
        }
    }

    /// <summary>What the stream was aborted with.</summary>
    protected Exception? Cause => Volatile.Read(ref _abort);

    /// <summary>Asks the turn for its next event, for a downstream that asked for one.</summary>
    protected void PullTurn()
    {
        _next = _turn!.MoveNextAsync().ConfigureAwait(false).GetAwaiter();
        if (_next.IsCompleted) Arrived();
        else _next.UnsafeOnCompleted(_arrived ??= () => _resume!());
    }

    protected abstract void Emit(TurnEvent next);

    /// <summary>After the terminal event was given.</summary>
    protected abstract void TurnOver();

    protected void Finish(TerminalEvent terminal) => _completion.TrySetResult(terminal);

    private void Arrived()
    {
        _next.GetResult();
        if (Cause is { } cause) { Fail(cause); return; }
        var next = _turn!.Current;
        Emit(next);
        if (next is not TerminalEvent terminal) return;
        Last = terminal;
        TurnOver();
    }

    /// <summary>The terminal event of the turn that ended last.</summary>
    protected TerminalEvent? Last { get; private set; }

    private void Fail(Exception cause) => FailStage(cause);

    private void TurnEnded()
    {
        _ended = true;
        Interlocked.MemoryBarrier();
        if (_tornDown) TornDown();
    }

    /// <summary>The stream was cancelled or torn down before it gave a terminal event, and what the turn came to is recorded. Nothing is left to do after one.</summary>
    private void TornDown()
    {
        if (Cause is null) _completion.TrySetCanceled();
        else if (_completion.TrySetException(Cause)) _ = _completion.Task.Exception; // The stream fails with it too: whoever has it from there need not look here.
    }
}
