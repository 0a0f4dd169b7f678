using Akka.Actor;

namespace ActorAgents;

// How a durable agent goes: it rests, is forgotten, or leaves its node.
internal sealed partial class AgentActor
{
    /// <summary>A durable agent that nobody has used for so long goes; it comes back when it is used.</summary>
    private static readonly TimeSpan Passivation = TimeSpan.FromMinutes(2);

    /// <summary>After what an agent that starts was started for, which may be its use.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    /// <summary>The agent is idle: it goes after a while, and comes back when it is used.</summary>
    /// <param name="unused">How long it has been idle already, in an earlier process too.</param>
    private void WaitForUse(TimeSpan? forgetAfter, TimeSpan unused = default)
    {
        _journal!.ForgetAfter = forgetAfter;
        var rest = forgetAfter - unused;
        Context.SetReceiveTimeout(rest > Soon ? rest : rest is null ? Passivation : Soon);
    }

    /// <summary>Unused for long it erases what is stored, in place of resting.</summary>
    private bool Forgets => _journal!.ForgetAfter is not null;

    private void UnusedForLong()
    {
        if (_journal!.IsErasing) return;
        if (Forgets) Remove(ActorRefs.Nobody); else RestNow();
    }

    /// <summary>Not before all is stored that was told to be; it is asked again then.</summary>
    private bool MayLeave()
    {
        _retiresOnceStored = _journal is { IsIdle: false, IsErasing: false };
        if (_retiresOnceStored) return false;
        if (!Forgets) Context.Parent.Tell(new AgentProtocol.MayRest(_id));
        (_journal!.IsAwake, _journal.AskedToStayAwake) = (false, false);
        return true;
    }

    /// <summary>Nothing runs here that must go on by itself.</summary>
    private void RestNow()
    {
        if (_journal is not null && !Forgets) AskToRetire();
    }

    /// <summary>Whoever comes from now on is for the agent that comes after this one.</summary>
    private void Erase(IActorRef sender)
    {
        foreach (var turn in Turns)
        {
            turn.Loop.Log!.StopStoring();
            turn.Loop.EndKnown?.TrySetResult(true);
            if (turn.Loop.HasEnded) turn.Loop.EndIsStored();
        }
        _journal!.Erase(() =>
        {
            Context.Parent.Tell(new AgentProtocol.MayRest(_id));
            sender.Tell(true);
        });
        Awake(); // Inputs whose senders wait for that were taken, and may have been answered: who is not told would ask again.
        AskToRetire(); // Now that nothing is left to be stored.
    }

    private void StopOnceErased()
    {
        if (_journal!.IsErased && _retired) Context.Stop(Self);
    }

    private void LeaveNode()
    {
        _leavesNode = true;
        foreach (var turn in Pending().ToArray())
        {
            if (turn.Loop.Log is not { IsKept: true } || !turn.Leave()) turn.Stop(InterruptReason.Shutdown);
            else if (ReferenceEquals(turn, _current)) _journal!.Write(() => { }, new JournalEntry.TurnHandedOn(turn.Id));
        }
        LeaveIfDone();
    }

    private void GoIfDone()
    {
        LeaveIfDone();
        if (_retiresOnceStored && _journal!.IsIdle) AskToRetire();
    }

    /// <summary>Ends are to be stored that somebody may have been told of. That of an input that another turn took in comes with that turn.</summary>
    private bool AwaitsEnds => Turns.Any(turn => turn.Loop.Log is { IsKept: true } && !turn.IsLeft && (turn.IsStopped || ReferenceEquals(turn, _current)));

    private void LeaveIfDone()
    {
        if (!_leavesNode) return;
        if (_journal is { IsErasing: false } && AwaitsEnds) return;
        if (_journal is null or { IsErased: true } or { IsIdle: true, IsErasing: false }) Context.Stop(Self);
    }
}
