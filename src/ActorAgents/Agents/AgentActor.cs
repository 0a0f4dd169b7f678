using Akka.Actor;
using Microsoft.Extensions.AI;

namespace ActorAgents;

/// <summary>
/// One agent: its conversation, and which of its inputs runs. Everything whose lifetime is a turn lives in the turn. There may be a million of
/// these idle, so it holds no timer, no stream, and no field that a fresh agent does not need.
/// </summary>
internal sealed class AgentActor : UntypedActor
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
    private bool _removed;
    private bool _leaving;

    public AgentActor(AgentNode node) => _node = node;

    protected override void PreStart() => _node.AgentStarted();

    protected override void PostStop()
    {
        _queue?.Clear(); // The whole system stops.
        _node.AgentStopped();
    }

    protected override void OnReceive(object message)
    {
        Chaos.Point();
        if (message is IAgentMessage { AgentId: var id } && _kind is null) Begin(id);
        if (message is IAgentMessage and not IAgentQuestion) (_removed, _leaving) = (false, false); // What would start an agent keeps this one.
        switch (message)
        {
            case Turn turn: Arrive(turn); break;
            case AgentProtocol.TurnEnded(var turn): Ended(turn); break;
            case AgentProtocol.StartTool start: StartTool(start); break;
            case AgentProtocol.GetMessages: Sender.Tell(new AgentProtocol.Messages(_conversation.Export(_current?.Id ?? default, _current?.Loop.MessagesSoFar()))); break;
            case AgentProtocol.Interrupt interrupt: Sender.Tell(Interrupt(interrupt)); break;
            case AgentProtocol.GetTurns: Sender.Tell(new AgentProtocol.Turns([.. Pending().Select(turn => turn.Id)])); break;
            case AgentProtocol.GetEnd(_, var turn): Sender.Tell(EndOf(turn)); break;
            case AgentProtocol.Answer answer: Sender.Tell(_current?.Loop.Answer(answer.RequestId, answer.Approved, answer.Reason) ?? ApprovalOutcome.Unknown); break;
            case AgentProtocol.Clear: Clear(); Sender.Tell(true); break;
            case AgentProtocol.GetProvider: Sender.Tell(Provider.Info(Definition)); break;
            case AgentProtocol.UseProvider(_, var name): Sender.Tell(Try(() => _provider = _node.Catalog.Provider(name))); break;
            case AgentProtocol.AddTool(_, var name): Sender.Tell(Try(() => AddTool(_node.Catalog.Tool(name)))); break;
            case AgentProtocol.AddOwnTool(_, var tool): Sender.Tell(Try(() => AddTool(tool))); break;
            case AgentProtocol.RemoveTool remove: Sender.Tell(RemoveTool(remove.Name)); break;
            case AgentProtocol.Remove: Remove(); Sender.Tell(true); break;
            case AgentProtocol.RemoveIf only: Sender.Tell(RemoveIf(only)); break;
            case AgentProtocol.Discard: Remove(); break;
            case AgentProtocol.RetireNow: RetireOrStay(); break;
            case ReceiveTimeout: if (IsIdle) AskToLeave(); break;
            default: Unhandled(message); break;
        }
    }

    private void Begin(AgentId id)
    {
        (_id, _kind) = (id, _node.Kinds[id.Kind]);
        if (Definition.ForgetAfter is { } idle) Context.SetReceiveTimeout(idle);
    }

    private AgentDefinition Definition => _kind!.Definition;
    private Provider Provider => _provider ?? _kind!.Provider;
    private ToolSet Tools => _tools ?? _kind!.Tools;
    private bool HasNothing => _conversation.Turns.Count == 0 && _provider is null && _tools is null;
    private bool IsIdle => _current is null && _queue is not { Count: > 0 };

    private void Arrive(Turn turn)
    {
        if (!Takes(turn) && IsIdle && HasNothing) AskToLeave(); // It is here for that turn alone, and nothing may come after it.
    }

    /// <summary>False when it will not run.</summary>
    private bool Takes(Turn turn)
    {
        if (turn.IsStopped) return false; // Stopped on its way: it must not push another aside or take a place.
        if (_node.RefusalFor(_id) is { } refusal) return Refuse(turn, refusal);
        if (turn.Loop.HasOwnId && Knows(turn.Id))
            return Refuse(turn, new(TurnErrorKind.DuplicateTurn, $"Agent {_id} runs or remembers turn '{turn.Id}' already."));
        if (turn.Loop.Follows is { } former && former != Newest)
            return Refuse(turn, new(TurnErrorKind.Overtaken, $"Turn '{former}' is not the newest of agent {_id}."));
        if (_current is null) { turn.Loop.Accepted(); Grant(turn); return true; } // In this order: a granted turn may fail at once.
        var policy = turn.Loop.OnBusy;
        if (policy == BusyPolicy.Reject) return Refuse(turn, new(TurnErrorKind.Busy, $"Agent {_id} is busy and the input asked to be refused then."));
        if ((_queue?.Count ?? 0) >= Definition.Limits.MaxQueuedInputs && _queue?.DropStopped() != true)
            return Refuse(turn, new(TurnErrorKind.Busy, $"Agent {_id} has {_queue?.Count ?? 0} inputs waiting, as many as it takes (limit maxQueuedInputs). Try again later."));
        _queue ??= new InputQueue(_node);
        if (policy == BusyPolicy.Interrupt) _queue.AddFirst(turn); else _queue.AddLast(turn);
        if (policy == BusyPolicy.Steer && turn.Loop.Conversation is null) _current.Loop.Offer(turn);
        turn.Loop.Accepted();
        if (policy == BusyPolicy.Interrupt) _current.Stop(InterruptReason.Replaced);
        return true;
    }

    private static bool Refuse(Turn turn, TurnError error)
    {
        turn.Loop.Refuse(error);
        return false;
    }

    private bool Knows(TurnId id) => _current?.Id == id || _queue?.Turns.Any(turn => turn.Id == id) == true || _conversation.Turns.Any(turn => turn.Id == id);

    private TurnId? Newest => _queue is { Count: > 0 } ? _queue.Turns.Last().Id
        : _current is { } current && !ReferenceEquals(current, _forgotten) ? current.Id : _conversation.Turns.LastOrDefault()?.Id;

    /// <summary>Those that nobody has stopped.</summary>
    private IEnumerable<Turn> Pending() => (_current is null ? [] : new[] { _current }).Concat(_queue?.Turns ?? []).Where(turn => !turn.IsStopped);

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
        TakeEnd(turn);
        turn.Loop.EndKnown?.SetResult();
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
        if (_removed || HasNothing) AskToLeave();
        else if (turn.Loop.ForgetAfter is { } idle) Context.SetReceiveTimeout(idle);
    }

    private void StartTool(AgentProtocol.StartTool start)
    {
        if (!ReferenceEquals(start.Turn, _current)) { start.Run.Cancel(); return; }
        _turnActor ??= Context.ActorOf(TurnActor.Props(_current.Loop.ToolGrace), $"turn-{_turns}");
        _turnActor.Tell(start.Run);
    }

    private bool Interrupt(AgentProtocol.Interrupt interrupt)
    {
        if (_current?.Id != interrupt.TurnId)
        {
            if (_queue?.Turns.FirstOrDefault(turn => turn.Id == interrupt.TurnId) is not { } waiting || !waiting.Stop(InterruptReason.User)) return false;
            _queue.Remove(waiting);
            return true;
        }
        if (interrupt.Mode == InterruptMode.Immediate) return _current.Stop(InterruptReason.User);
        return _current.Loop.StopAfterStep();
    }

    /// <summary>A promise that all who wait share: whoever gives up leaves nothing with the turn.</summary>
    private AgentProtocol.End EndOf(TurnId id)
    {
        if ((_current?.Id == id ? _current : _queue?.Turns.FirstOrDefault(turn => turn.Id == id)) is not { } turn) return AgentProtocol.End.Known;
        return new((turn.Loop.EndKnown ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task);
    }

    private static object Try(Action change)
    {
        try { change(); return true; }
        catch (ArgumentException refusal) { return new AgentProtocol.Refused(refusal.Message); }
    }

    private void AddTool(AITool tool) => _tools = Tools.Add(tool, Definition.Chat?.Tools);

    private bool RemoveTool(string name)
    {
        var had = ToolSet.Find(Tools, name) is not null;
        if (had) _tools = Tools.Remove(name);
        return had;
    }

    private void Clear()
    {
        _conversation = Conversation.Empty;
        if (_current is not null) _current.Loop.Former = null;
    }

    private void Remove()
    {
        _node.Logs.Forget(_id);
        Clear();
        (_provider, _tools, _forgotten, _removed) = (null, null, _current, true);
        foreach (var turn in _queue?.Turns.ToArray() ?? []) turn.Stop(InterruptReason.User);
        _current?.Stop(InterruptReason.User);
        if (IsIdle) AskToLeave();
    }

    private bool RemoveIf(AgentProtocol.RemoveIf only)
    {
        var isSo = only.HasOnly is { } turn
            ? _queue is not { Count: > 0 } && (_current is null || _current.Id == turn) && _conversation.Turns.All(ended => ended.Id == turn) && Newest is not null
            : IsIdle;
        if (isSo) Remove();
        return isSo;
    }

    private void AskToLeave()
    {
        _leaving = true;
        Context.Parent.Tell(new AgentProtocol.Retire());
    }

    private void RetireOrStay()
    {
        if (_leaving) Context.Stop(Self);
        else Context.Parent.Tell(new AgentProtocol.Stay());
    }
}
