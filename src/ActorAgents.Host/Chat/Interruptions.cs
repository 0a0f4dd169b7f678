using System.Runtime.InteropServices;

namespace ActorAgents.Host.Chat;

/// <summary>
/// What Ctrl+C means: while a turn runs, the first one interrupts the turn; any other one leaves the program. Thread-safe: signals arrive on a thread
/// of their own.
/// </summary>
internal sealed class Interruptions : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _leaving = new();
    private readonly List<PosixSignalRegistration> _signals = [];
    private CancellationTokenSource? _turn;

    /// <summary>Cancelled when the program is to end.</summary>
    public CancellationToken Leaving => _leaving.Token;

    /// <summary>It was asked to end by SIGTERM, not by a person's Ctrl+C.</summary>
    public bool Terminated { get; private set; }

    /// <summary>Takes the process's signals over from the runtime, which would end it.</summary>
    public Interruptions Listen()
    {
        Register(PosixSignal.SIGINT, Interrupt);
        Register(PosixSignal.SIGTERM, Terminate);
        return this;
    }

    /// <summary>A turn begins; its token is cancelled when it is interrupted. Dispose what is returned when it is over.</summary>
    public IDisposable Turn(out CancellationToken interrupt)
    {
        var turn = CancellationTokenSource.CreateLinkedTokenSource(_leaving.Token);
        interrupt = turn.Token;
        lock (_lock) _turn = turn;
        return new TurnEnd(this, turn);
    }

    /// <summary>Ctrl+C.</summary>
    public void Interrupt()
    {
        CancellationTokenSource cancelled;
        lock (_lock) cancelled = _turn is { IsCancellationRequested: false } ? _turn : _leaving;
        cancelled.Cancel();
    }

    /// <summary>SIGTERM: a running turn is interrupted first, so that its end is still told; then the program leaves.</summary>
    public void Terminate()
    {
        Terminated = true;
        Interrupt();
    }

    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
    }

    private void Register(PosixSignal signal, Action action) => _signals.Add(PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        action();
    }));

    private sealed class TurnEnd(Interruptions owner, CancellationTokenSource turn) : IDisposable
    {
        public void Dispose()
        {
            // Not disposed itself: a signal may just be cancelling it.
            lock (owner._lock)
                if (owner._turn == turn) owner._turn = null;
            if (owner.Terminated) owner._leaving.Cancel();
        }
    }
}
