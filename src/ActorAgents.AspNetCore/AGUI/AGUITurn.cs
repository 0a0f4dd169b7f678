using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore;

/// <summary>
/// A turn that is shown as one run or, when a person is asked, as several: the run that asks ends, the turn waits here, and the run that brings the
/// answer shows the rest. Attached all along: while a run is open its client's going interrupts the turn, and nothing is read ahead.
/// </summary>
internal sealed class AGUITurn : IAsyncDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(uint.MaxValue - 1); // That a timer takes: 49 days.

    private readonly CancellationTokenSource _stop = new(); // Never disposed: a refusal may come late.
    private readonly IAsyncEnumerator<TurnEvent> _events;
    private readonly AGUIPauses _pauses;
    private readonly TimeSpan _patience;
    private Func<TurnId, CancellationToken, Task>? _begins;
    private Reading? _reading;

    /// <param name="patience">How long a person has for an answer.</param>
    /// <param name="begins">Called when the turn leaves its agent's queue, before its first event is shown.</param>
    public AGUITurn(AGUIPauses pauses, Agent agent, IAsyncEnumerable<TurnEvent> events, TimeSpan patience, Func<AGUIFormat, TurnId, CancellationToken, Task>? begins = null)
    {
        (_pauses, Agent, _patience) = (pauses, agent, patience < Longest ? patience : Longest);
        var format = Format = new AGUIFormat(this);
        _begins = begins is null ? null : (turn, gone) => begins(format, turn, gone);
        _events = events.GetAsyncEnumerator(_stop.Token);
    }

    public Agent Agent { get; }
    public AGUIFormat Format { get; }

    /// <summary>Why it was ended before it began.</summary>
    public HttpError? Refusal { get; private set; }

    /// <summary>The events of the next run.</summary>
    /// <exception cref="HttpErrorException">Another turn of the agent waits for an answer.</exception>
    public IAsyncEnumerable<TurnEvent> Run(AGUIRun run)
    {
        if (_begins is not null) _pauses.Expect(this);
        Format.Begin(run);
        return _reading = new Reading(this);
    }

    /// <summary>When a question that is asked now can no longer be answered.</summary>
    public DateTimeOffset Expiry() => _pauses.Now + _patience;

    /// <summary>Ends the run, whose last frame was written: what comes next is for the run that brings the answers. Before the client can know of it, or its answer might find nothing.</summary>
    public void Pause(TurnId id, IReadOnlyList<string> open, DateTimeOffset expiry)
    {
        var reading = _reading!; // Whoever takes the pause begins another.
        reading.End(_pauses.Add(this, id, open, expiry));
    }

    /// <summary>Ends it before it begins.</summary>
    public void Refuse(HttpError error)
    {
        Refusal = error;
        _ = _stop.CancelAsync();
    }

    /// <summary>Interrupts it unless it is over.</summary>
    public ValueTask DisposeAsync() => _events.DisposeAsync();

    private sealed class Reading(AGUITurn turn) : IAsyncEnumerable<TurnEvent>, IAsyncEnumerator<TurnEvent>
    {
        private CancellationToken _gone;
        private CancellationTokenRegistration _registration;
        private AGUIPause? _pause;

        public TurnEvent Current => turn._events.Current;

        public IAsyncEnumerator<TurnEvent> GetAsyncEnumerator(CancellationToken gone)
        {
            _gone = gone;
            _registration = gone.UnsafeRegister(static stop => ((CancellationTokenSource)stop!).Cancel(), turn._stop);
            return this;
        }

        public void End(AGUIPause pause)
        {
            _pause = pause;
            _registration.Unregister();
        }

        public ValueTask<bool> MoveNextAsync() =>
            _pause is not null ? new(false) : turn._begins is not null || turn.Format.IsBetweenSteps ? LookAsync() : turn._events.MoveNextAsync();

        public async ValueTask DisposeAsync()
        {
            await _registration.DisposeAsync();
            turn._pauses.Came(turn);
            // A client that went before it was asked will not answer.
            if (_pause is null || _gone.IsCancellationRequested && turn._pauses.TryTake(_pause)) await turn.DisposeAsync();
        }

        /// <summary>The next event where the conversation says what it means.</summary>
        private async ValueTask<bool> LookAsync()
        {
            if (!await turn._events.MoveNextAsync()) return false;
            if (turn._begins is { } begins)
            {
                turn._begins = null;
                turn._pauses.Came(turn);
                if (Current is TurnStarted) await begins(Current.Turn, _gone);
            }
            else if (turn.Format.FirstHeardOf(Current) is { } call)
            {
                // Nothing happens in the turn before the next pull, so that what is kept of it ends with its last step.
                var kept = await KeptTurn.FindAsync(turn.Agent, Current.Turn, _gone);
                turn.Format.Place(call, kept?.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().Count(one => one.CallId == call && !one.InformationalOnly) ?? 0);
            }
            return true;
        }
    }
}
