namespace ActorAgents.Cluster;

// What the ledger's journal holds. Nothing of it is ever deleted: it is the history too, in which an event's epoch is its number in the journal.

/// <param name="Request">The question that asked for it: asked again, it is answered again and not done twice.</param>
internal sealed record HaltStood(long Epoch, HaltScope Scope, string Reason, string? By, DateTimeOffset At, Guid Request)
{
    public StandingHalt ToHalt() => new(Epoch, Scope, Reason, At, By);
}

/// <param name="Halt">As it stood, so that whoever reads this event needs no other.</param>
internal sealed record HaltReleased(long Epoch, StandingHalt Halt, string? By, DateTimeOffset At, Guid Request);

/// <summary>What all events up to an epoch come to.</summary>
internal sealed record HaltsSnapshot(long Epoch, IReadOnlyList<StandingHalt> Standing, IReadOnlyList<DoneRequest> Requests);

/// <summary>A <see cref="Halt"/> as it is stored and sent.</summary>
internal sealed record StandingHalt(long Id, HaltScope Scope, string Reason, DateTimeOffset Since, string? By)
{
    public Halt ToHalt() => new(new HaltId(Id), Scope, Reason, Since) { By = By };
}

/// <param name="Epoch">Of the event that the question became.</param>
internal sealed record DoneRequest(Guid Request, long Epoch);
