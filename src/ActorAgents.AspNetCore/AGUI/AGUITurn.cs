namespace ActorAgents.AspNetCore;

/// <summary>
/// A turn that is shown as one run or, when a person is asked, as several: the run that asks ends, the turn waits here, and the run that brings the
/// answer shows the rest. Attached all along: while a run is open its client's going interrupts the turn, and nothing is read ahead.
/// </summary>
internal sealed class AGUITurn : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly IAsyncEnumerator<TurnEvent> _events;
    private readonly AGUIPauses _pauses;
    private readonly TimeSpan _patience;
    private Reading? _reading;

    /// <param name="ids">Those of the conversation so far.</param>
    /// <param name="patience">How long a person has for an answer.</param>
    public AGUITurn(AGUIPauses pauses, Agent agent, IAsyncEnumerable<TurnEvent> events, AGUICallIds ids, TimeSpan patience)
    {
        (_pauses, Agent, _patience) = (pauses, agent, patience);
        Format = new AGUIFormat(this, ids);
        _events = events.GetAsyncEnumerator(_stop.Token);
    }

    public Agent Agent { get; }
    public AGUIFormat Format { get; }
    public TurnId Id { get; private set; }

    /// <summary>The interrupts that wait for their answers, while the turn is paused.</summary>
    public IReadOnlyList<string> Open { get; private set; } = [];

    /// <summary>The events of the next run.</summary>
    public IAsyncEnumerable<TurnEvent> Run(AGUIRun run)
    {
        Format.Begin(run);
        return _reading = new Reading(this);
    }

    /// <summary>When a question that is asked now can no longer be answered.</summary>
    public DateTimeOffset Expiry() => _pauses.Now + _patience;

    /// <summary>Ends the run: what comes next is for the run that brings the answers. Before the client can know of it, or its answer might find nothing.</summary>
    public void Pause(TurnId id, IReadOnlyList<string> open, DateTimeOffset expiry)
    {
        (Id, Open) = (id, open);
        _reading!.End();
        _pauses.Add(this, expiry);
    }

    /// <summary>Interrupts it unless it is over.</summary>
    public async ValueTask DisposeAsync()
    {
        await _events.DisposeAsync();
        _stop.Dispose();
    }

    private sealed class Reading(AGUITurn turn) : IAsyncEnumerable<TurnEvent>, IAsyncEnumerator<TurnEvent>
    {
        private CancellationToken _gone;
        private CancellationTokenRegistration _registration;
        private bool _isOver;

        public TurnEvent Current => turn._events.Current;

        public IAsyncEnumerator<TurnEvent> GetAsyncEnumerator(CancellationToken gone)
        {
            _gone = gone;
            _registration = gone.UnsafeRegister(static stop => ((CancellationTokenSource)stop!).Cancel(), turn._stop);
            return this;
        }

        public void End()
        {
            _registration.Unregister();
            _isOver = true;
        }

        public ValueTask<bool> MoveNextAsync() => _isOver ? new(false) : turn._events.MoveNextAsync();

        public async ValueTask DisposeAsync()
        {
            await _registration.DisposeAsync();
            // A client that went before it was asked will not answer.
            if (!_isOver || _gone.IsCancellationRequested && turn._pauses.TryTake(turn)) await turn.DisposeAsync();
        }
    }
}
