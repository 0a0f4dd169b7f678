using Akka.Actor;
using Microsoft.Extensions.AI;

namespace ActorAgents;

/// <summary>
/// One agent: its conversation, and which of its inputs runs. Everything whose lifetime is a turn lives in the turn. There may be a million of
/// these idle, so it holds no timer, no stream, and no field that a fresh agent does not need.
/// </summary>
internal sealed partial class AgentActor : UntypedActor
{
    private readonly AgentNode _node;
    private AgentKind? _kind;
    private AgentId _id;
    private Conversation _conversation = Conversation.Empty;
    private Provider? _provider;
    private ToolSet? _tools;
    private InputQueue? _queue;
    private Turn? _current;
    private IActorRef? _turnActor;
    private int _turns;
    private Turn? _forgotten;
    private AgentJournal? _journal;
    private readonly bool _isKept;
    private bool _removed; // By a caller; over with the next input.
    private bool _asksToRetire; // The parent holds back what comes, and says when nothing is left.
    private bool _retiresOnceStored; // It asks when the journal has written all.
    private bool _retired; // Nothing more comes.
    private bool _leavesNode; // What comes is for its successor elsewhere.

    /// <param name="isKept">One of a durable kind keeps its journal.</param>
    public AgentActor(AgentNode node, bool isKept) => (_node, _isKept) = (node, isKept);

    protected override void PreStart() => _node.AgentStarted();

    protected override void PostStop()
    {
        foreach (var turn in Turns)
        {
            turn.Loop.EndKnown?.TrySetResult(false); // Whoever waits asks again, and somebody else.
            if (turn.Loop.HasEnded) turn.Loop.EndIsStored();
        }
        _queue?.Clear(); // The whole system stops.
        if (_journal is not null || _node.IsPlaced) _node.Logs.Forget(_id); // They are where the agent is.
        _node.AgentStopped();
    }

    protected override void OnReceive(object message) => Receive(message, Sender);

    private void Receive(object message, IActorRef sender)
    {
        Chaos.Point();
        if (message is IAgentMessage { AgentId: var id } && _kind is null) Begin(id);
        if (_journal is not null && TakesForJournal(message, sender)) return;
        var wasRemoved = _removed;
        if (message is IAgentMessage and not IAgentQuestion) (_removed, _asksToRetire, _retiresOnceStored) = (false, false, false); // What would start an agent keeps this one.
        switch (message)
        {
            case Turn turn: Arrive(turn); break;
            case AgentProtocol.StartTurn start: Start(start, sender); break;
            case AgentProtocol.Pull pull: Answer(pull, sender); break;
            case AgentProtocol.TurnEnded(var turn): Ended(turn); break;
            case AgentProtocol.StartTool start: StartTool(start); break;
            case AgentProtocol.GetMessages: sender.Tell(new AgentProtocol.Messages(_conversation.Export(_current?.Id ?? default, _current?.Loop.MessagesSoFar()))); break;
            case AgentProtocol.Interrupt interrupt: Interrupt(interrupt, sender); break;
            case AgentProtocol.GetTurns: sender.Tell(new AgentProtocol.Turns([.. Pending().Select(turn => turn.Id)])); break;
            case AgentProtocol.GetEnd(_, var turn): sender.Tell(EndOf(turn)); break;
            case AgentProtocol.AwaitEnd(_, var turn): TellEnd(turn, sender); break;
            case AgentProtocol.Answer answer: Answer(answer, sender); break;
            case AgentProtocol.Clear: Clear(); TellOnceStored(sender, new JournalEntry.ConversationCleared(Now)); break;
            case AgentProtocol.GetProvider: sender.Tell(Provider.Info(Definition)); break;
            case AgentProtocol.UseProvider(_, var name): Change(sender, () => _provider = _node.Catalog.Provider(name), new JournalEntry.ProviderChosen(name, Now)); break;
            case AgentProtocol.AddTool(_, var name): Change(sender, () => AddTool(_node.Catalog.Tool(name)), new JournalEntry.ToolAdded(name, Now)); break;
            case AgentProtocol.AddOwnTool(_, var tool): Change(sender, () => AddOwnTool(tool), null); break;
            case AgentProtocol.RemoveTool(_, var name): RemoveTool(name, sender); break;
            case AgentProtocol.Remove: Remove(sender); break;
            case AgentProtocol.RemoveIf only: RemoveIf(only, sender); break;
            case AgentProtocol.Discard: Remove(ActorRefs.Nobody); break;
            case AgentProtocol.Awaken: if (IsIdle) RestNow(); break;
            case AgentProtocol.LeaveNode: LeaveNode(); break;
            case AgentProtocol.RetireNow: RetireOrStay(); break;
            case ReceiveTimeout: if (IsIdle) IdleForLong(); break;
            default: Unhandled(message); break;
        }
        // It came to be asked or told something that leaves nothing to keep.
        if (_journal is not null || _turns > 0 && !wasRemoved || message is not IAgentMessage or IAgentQuestion || _asksToRetire || !IsIdle || !HasNothing) return;
        _removed = wasRemoved;
        AskToRetire();
    }

    private void Begin(AgentId id)
    {
        (_id, _kind) = (id, _node.Kinds[id.Kind]);
        if (_isKept && _kind.IsDurable) OpenJournal();
        else if (Definition.ForgetAfter is { } idle) Context.SetReceiveTimeout(idle);
    }

    private AgentDefinition Definition => _kind!.Definition;
    private Provider Provider => _provider ?? _kind!.Provider;
    private ToolSet Tools => _tools ?? _kind!.Tools;
    private bool HasNothing => _conversation.Turns.Count == 0 && _provider is null && _tools is null;
    private bool IsIdle => _current is null && _queue is not { Count: > 0 };

    private void Arrive(Turn turn)
    {
        if (!Takes(turn) && IsIdle && HasNothing) AskToRetire(); // It is here for that turn alone, and nothing may come after it.
    }

    /// <summary>False when it will not run.</summary>
    private bool Takes(Turn turn)
    {
        if (turn.Loop.WasAccepted) { TakeBack(turn); return true; } // One that has ended meanwhile too: its end is to be stored.
        if (turn.IsStopped) return false; // Stopped on its way: it must not push another aside or take a place.
        if (_node.RefusalFor(_id) is { } refusal) return Refuse(turn, refusal);
        if (turn.Loop.HasOwnId && Knows(turn.Id)) return Refuse(turn, Known(turn.Id));
        if (turn.Loop.Follows is { } former && former != Newest)
            return Refuse(turn, new(TurnErrorKind.Overtaken, $"Turn '{former}' is not the newest of agent {_id}."));
        if (_current is null)
        {
            if (!Accept(turn)) return false; // First: a granted turn may fail at once.
            Grant(turn);
            return true;
        }
        var policy = turn.Loop.OnBusy;
        if (policy == BusyPolicy.Reject) return Refuse(turn, new(TurnErrorKind.Busy, $"Agent {_id} is busy and the input asked to be refused then."));
        if ((_queue?.Count ?? 0) >= Definition.Limits.MaxQueuedInputs && _queue?.DropStopped() != true)
            return Refuse(turn, new(TurnErrorKind.Busy, $"Agent {_id} has {_queue?.Count ?? 0} inputs waiting, as many as it takes (limit maxQueuedInputs). Try again later."));
        if (!Accept(turn)) return false;
        _queue ??= new InputQueue(_node);
        if (policy == BusyPolicy.Interrupt) _queue.AddFirst(turn); else _queue.AddLast(turn);
        if (policy == BusyPolicy.Steer && turn.Loop.Conversation is null) _current.Loop.Offer(turn);
        if (policy == BusyPolicy.Interrupt) _current.Stop(InterruptReason.Replaced);
        return true;
    }

    /// <summary>Whoever gave the input is told that it waits or runs, once that is stored where it is. False when the turn has ended meanwhile.</summary>
    private bool Accept(Turn turn)
    {
        if (_journal is not null) return AcceptStored(turn);
        turn.Loop.Accepted();
        return true;
    }

    private static bool Refuse(Turn turn, TurnError error)
    {
        turn.Loop.Refuse(error);
        return false;
    }

    private bool Knows(TurnId id) => Find(id) is not null || _conversation.Turns.Any(turn => turn.Id == id);

    /// <summary>The turn of that id that runs or waits.</summary>
    private Turn? Find(TurnId id) => _current?.Id == id ? _current : _queue?.Turns.FirstOrDefault(turn => turn.Id == id);

    private TurnId? Newest => _queue?.Turns.LastOrDefault(turn => !turn.IsStopped) is { } waiting ? waiting.Id
        : _current is { } current && !ReferenceEquals(current, _forgotten) ? current.Id : _conversation.Turns.LastOrDefault()?.Id;

    /// <summary>The one that runs and those that wait.</summary>
    private IEnumerable<Turn> Turns => (_current is null ? [] : new[] { _current }).Concat(_queue?.Turns ?? []);

    /// <summary>Those that nobody has stopped.</summary>
    private IEnumerable<Turn> Pending() => Turns.Where(turn => !turn.IsStopped);

    private void Grant(Turn turn)
    {
        var conversation = turn.Loop.Conversation is { } given ? Conversation.Of(given) : _conversation;
        if (!turn.Loop.TryGrant(new TurnGrant(Self, conversation, Provider, Tools))) return; // Taken in by the turn before.
        if (!ReferenceEquals(conversation, _conversation)) (turn.Loop.Former, _conversation) = (_conversation, conversation);
        _current = turn;
        _turns++;
        if (Context.ReceiveTimeout is not null) Context.SetReceiveTimeout(null);
    }

    private void Ended(Turn turn)
    {
        if (turn.IsLeft || turn.Loop.Log is { IsKept: true }) return; // It is over once that is stored.
        TakeEnd(turn);
        turn.Loop.EndKnown?.TrySetResult(true);
    }

    private void TakeEnd(Turn turn)
    {
        if (!ReferenceEquals(turn, _current)) { _queue?.Remove(turn); return; }
        if (turn.Loop.Record is { } record && !ReferenceEquals(turn, _forgotten)) _conversation = _conversation.Append(record);
        else if (turn.Loop is { Record: null, Former: { } former }) _conversation = former; // It never began.
        (_current, _forgotten) = (null, null);
        _turnActor?.Tell(TurnActor.TurnOver.Instance);
        _turnActor = null;
        while (_current is null && _queue?.TakeFirst() is { } next) Grant(next);
        if (!IsIdle) return;
        _queue = null;
        if (_journal is { IsErasing: true }) return;
        if (_removed || HasNothing) AskToRetire();
        else if (_journal is not null) WaitForUse(turn.Loop.ForgetAfter);
        else if (turn.Loop.ForgetAfter is { } idle) Context.SetReceiveTimeout(idle);
    }

    private void StartTool(AgentProtocol.StartTool start)
    {
        if (!ReferenceEquals(start.Turn, _current)) { start.Run.Cancel(); return; }
        if (_journal is not null) _journal.Tools.Add(start); // Until it is stored that it starts.
        else RunTool(start);
    }

    private void RunTool(AgentProtocol.StartTool start)
    {
        _turnActor ??= Context.ActorOf(TurnActor.Props(_current!.Loop.ToolGrace), $"turn-{_turns}");
        _turnActor.Tell(start.Run);
    }

    private void Interrupt(AgentProtocol.Interrupt interrupt, IActorRef sender)
    {
        var isEnded = Interrupt(interrupt);
        if (_journal is null || !isEnded) sender.Tell(isEnded);
        else if (interrupt.Mode == InterruptMode.Immediate) TellEnd(interrupt.TurnId, sender, EndIsStoredWithin);
        else TellOnceStored(sender, new JournalEntry.StopAsked(interrupt.TurnId));
    }

    private bool Interrupt(AgentProtocol.Interrupt interrupt)
    {
        if (Find(interrupt.TurnId) is not { } turn) return false;
        var waits = !ReferenceEquals(turn, _current);
        if (interrupt.Mode == InterruptMode.AfterStep && !waits) return turn.Loop.StopAfterStep();
        if (!turn.Stop(interrupt.Reason)) return false;
        if (waits && turn.Loop.Log is not { IsKept: true }) _queue!.Remove(turn);
        return true;
    }

    /// <summary>A promise that all who wait share: whoever gives up leaves nothing with the turn.</summary>
    private AgentProtocol.End EndOf(TurnId id)
    {
        if (Find(id) is not { } turn) return AgentProtocol.End.Known;
        return new((turn.Loop.EndKnown ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task);
    }

    /// <param name="within">When to tell it all the same.</param>
    private void TellEnd(TurnId turn, IActorRef sender, TimeSpan? within = null)
    {
        _ = TellAsync(EndOf(turn).Value);

        async Task TellAsync(Task<bool> end)
        {
            var isKnown = within is not null;
            try { isKnown |= await end.WaitAsync(within ?? AgentNode.AnswerWithin, _node.Time).ConfigureAwait(false); }
            catch (TimeoutException) when (within is not null) { }
            catch (TimeoutException) { return; } // Whoever asked asks again.
            sender.Tell(isKnown);
        }
    }

    private void Answer(AgentProtocol.Answer answer, IActorRef sender)
    {
        if (_journal is not null && _current?.Loop.Asks(answer.RequestId) == true)
        {
            var turn = _current;
            _journal.Write(() => sender.Tell(turn.Loop.Answer(answer.RequestId, answer.Approved, answer.Reason)),
                new JournalEntry.CallAnswered(turn.Id, answer.RequestId, answer.Approved, answer.Reason));
            return;
        }
        sender.Tell(_current?.Loop.Answer(answer.RequestId, answer.Approved, answer.Reason) ?? ApprovalOutcome.Unknown);
    }

    private void IdleForLong()
    {
        if (_journal is null) AskToRetire(); else UnusedForLong();
    }

    private void AskToRetire()
    {
        if (_journal is not null && !MayLeave()) return;
        _asksToRetire = true;
        Context.Parent.Tell(new AgentProtocol.Retire());
    }

    private void RetireOrStay()
    {
        if (_journal is { IsErasing: true }) { _retired = true; StopOnceErased(); }
        else if (_asksToRetire && (_journal is null or { IsIdle: true })) Context.Stop(Self);
        else
        {
            if (_journal is not null && IsIdle && Context.ReceiveTimeout is null) WaitForUse(Definition.ForgetAfter); // It was asked something meanwhile.
            Context.Parent.Tell(new AgentProtocol.Stay());
        }
    }
}
