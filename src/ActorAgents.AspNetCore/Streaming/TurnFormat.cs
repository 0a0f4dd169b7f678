namespace ActorAgents.AspNetCore;

/// <summary>How one protocol shows a turn as frames. An instance serves one response, or all that show one turn, and may keep what its next frame depends on.</summary>
internal abstract class TurnFormat
{
    /// <summary>
    /// Writes what the event is in this protocol, which may be nothing. As long as nothing was written, an end that is a <see cref="Failure"/> is answered
    /// with a status and the protocol's error body instead, and does not come here.
    /// </summary>
    public abstract void Write(TurnEvent next, SseWriter frames);

    /// <summary>Writes what comes before the turn's first event, and does not wait for it. Nothing in most protocols.</summary>
    public virtual void Open(SseWriter frames) { }

    /// <summary>Whether it is for readers that come again after a stream without a terminal event, and never after a status that is an error, as an EventSource: they get no <see cref="Failure"/>.</summary>
    public virtual bool IsFollowed => false;

    /// <summary>What an event is as a status. Null for everything but a turn that ended without completing.</summary>
    public virtual HttpError? Failure(TurnEvent next) => HttpErrors.Of(next);

    /// <summary>Whether clients are told that what they have is withdrawn (<see cref="Reset"/>). To those of other protocols the response ends as failed then.</summary>
    public virtual bool Withdraws => false;

    /// <summary>Whether the response ends with this event.</summary>
    public virtual bool EndsWith(TurnEvent next) => next is TerminalEvent;
}
