using Akka.Actor;

namespace ActorAgents;

// An agent whose conversation outlives the process. It is as it was stored before it looks at any message, and what it tells is stored before it tells it.
internal sealed partial class AgentActor
{
    /// <summary>
    /// Whoever interrupts a turn is told once the end is stored, so that what they ask next tells of it; or after so long, for the end of a turn whose provider blocks its
    /// thread, or whose journal is down, may take its time, and it is interrupted all the same.
    /// </summary>
    private static readonly TimeSpan EndIsStoredWithin = TimeSpan.FromSeconds(1);

    private void OpenJournal()
    {
        _journal = new AgentJournal(Context, _node, _id, Definition.KeepTurnsFor);
        _journal.Open();
    }

    /// <summary>Whether the message is the journal's own, or waits for it.</summary>
    private bool TakesForJournal(object message, IActorRef sender)
    {
        switch (message)
        {
            case JournalProtocol.Recovered recovered: Recovered(recovered); return true;
            case JournalProtocol.Written(var number):
                _journal!.Written(number);
                GoIfDone();
                return true;
            case JournalProtocol.Erased:
                _journal!.Erased();
                StopOnceErased();
                LeaveIfDone();
                return true;
            case Terminated stopped: _journal!.Closed(stopped.ActorRef); return true;
            case AgentJournal.OpenAgain: _journal!.Open(); return true;
            case AgentProtocol.IsAwake: Awake(); return true;
            case AgentProtocol.StoreTurn store: Store(store); return true;
            case AgentProtocol.LeaveNode when !_journal!.IsRecovered:
                while (_journal.TryTakeHeld(out var held)) Context.Parent.Tell(held.Message, held.Sender); // It sends them on.
                Context.Stop(Self);
                return true;
            case AgentProtocol.TurnEnded: return _journal!.IsErasing || _leavesNode;
            case IAgentMessage when _journal!.IsErasing || _leavesNode: Context.Parent.Tell(message, sender); return true; // For its successor.
            case IAgentMessage when !_journal!.IsRecovered: _journal.Hold(message, sender); return true;
            default: return false;
        }
    }

    /// <summary>
    /// When an agent that is not the one any more has its successor started here, in case there is no other and a turn is to go on. Longer than a node that was away needs to
    /// see that it was excluded: two who both go on would close the turn with their resumptions.
    /// </summary>
    private static readonly TimeSpan SucceedsAfter = TimeSpan.FromSeconds(10);

    private void Recovered(JournalProtocol.Recovered recovered)
    {
        AgentState? state;
        try { state = _journal!.Recovered(recovered); }
        catch (StaleJournalException)
        {
            _node.Log.AgentIsElsewhere(_id);
            foreach (var turn in Turns.ToArray()) turn.Leave();
            Context.System.Scheduler.ScheduleTellOnce(SucceedsAfter, Context.Parent, new AgentProtocol.Awaken(_id), ActorRefs.NoSender);
            Context.Stop(Self);
            return;
        }
        if (state is null)
        {
            GoIfDone(); // What was stored is confirmed by that too.
            return;
        }
        Restore(state);
        if (IsIdle && !HasNothing) WaitForUse(state.ForgetAfter ?? Definition.ForgetAfter, state.LastUsed == default || !state.Live.IsEmpty ? default : _node.Time.GetUtcNow() - state.LastUsed);
        while (_journal.TryTakeHeld(out var held)) Receive(held.Message, held.Sender);
        if (!IsIdle || _asksToRetire || _journal.IsErasing) return;
        if (HasNothing) AskToRetire(); else if (Context.ReceiveTimeout is null) WaitForUse(Definition.ForgetAfter); // It was changed by what came first.
    }

    private void Restore(AgentState state)
    {
        _conversation = Conversation.Of(state.Turns);
        if (state.Provider is { } provider) _provider = _node.Catalog.FindProvider(provider);
        foreach (var (name, added) in state.Tools)
        {
            if (!added) _tools = Tools.Remove(name);
            else if (_node.Catalog.FindTool(name) is { } tool && ToolSet.Find(Tools, name) is null && ToolSet.Find(Definition.Chat?.Tools, name) is null) AddTool(tool);
        }
        var now = _node.Time.GetUtcNow();
        foreach (var turn in state.Finished)
        {
            if (now - turn.EndedAt is var ago && ago >= Definition.KeepTurnsFor) continue;
            var log = new TurnLog(_id, turn.Id, turn.Events) { KeepFor = Definition.KeepTurnsFor, Request = turn.Request };
            _node.Logs.AddFinished(log, ago > TimeSpan.Zero ? ago : TimeSpan.Zero);
        }
        foreach (var turn in state.Live)
        {
            if (turn.SteeredInto is { } into) Close(turn, [new TurnCompleted("", null, TokenUsage.None, SteeredInto: into)], turn.Epoch);
            else if (Definition.Recovery == TurnRecovery.Close || turn.Resumptions >= Definition.MaxResumptions) Close(turn);
            else Resume(turn);
        }
    }

    private void Resume(StoredTurn live)
    {
        var resumption = Resumption.Of(live, goesOn: Provider.ContinuesText || live.StopsAfterStep);
        var turn = NewTurn(live.Id, AgentInput.Stored(live.Accepted.Input), live.Accepted.Options, live.Accepted.Attached, mayCallWhole: true, resumption, live.Accepted.Request);
        turn.Loop.Log!.TakeBack([.. live.Events.Take((int)resumption.Seq)]);
        turn.Loop.Log.TryKeep(Definition.Durability, resumption.Messages.Count);
        turn.Loop.WasAccepted = true;
        _node.Logs.GetOrAdd(turn.Loop.Log);
        StayAwake();
        _journal!.Write(() => WhenAwake(() => TurnStored(turn)), new JournalEntry.TurnResumed(live.Id, resumption.Epoch, resumption.Seq, resumption.Kept, _node.Time.GetUtcNow(), Definition.Durability));
        turn.Loop.Log.Start();
        Arrive(turn);
        _node.Log.TurnResumed(_id, live.Id, resumption.Epoch, resumption.Seq);
    }

    /// <summary>Ends a turn of an earlier process with what is stored of it.</summary>
    private void Close(StoredTurn live)
    {
        var end = new TurnInterrupted(Resumption.TextOf(live.Events), InterruptReason.NodeLost, Resumption.UsageOf(live.Events));
        if (live.AllIsStored && !live.HasUnstoredRun) Close(live, [end], live.Epoch);
        else Close(live, [new Reset(live.Events.Count), end], live.Epoch + 1);
    }

    /// <param name="end">What comes after what is stored of it.</param>
    private void Close(StoredTurn live, IReadOnlyList<TurnEvent> end, int epoch)
    {
        var run = new TurnRun(live.Id, epoch);
        for (var i = 0; i < end.Count; i++) end[i].Stamp(run, live.Events.Count + 1 + i);
        var (at, happened) = (_node.Time.GetUtcNow(), live.Events.Count > 0);
        var log = new TurnLog(_id, live.Id, [.. live.Events, .. end]) { KeepFor = Definition.KeepTurnsFor, Request = live.Accepted.Request };
        var (state, reason) = StateOf((TerminalEvent)end[^1]);
        _node.Logs.AddFinished(log); // It may be seen at once: should the write be lost, the next process comes to the same.
        var left = Resumption.LeftBy(live);
        _journal!.Write(() => { }, new JournalEntry.TurnProgressed(live.Id, end, left), new JournalEntry.TurnRecorded(live.Id, state, reason, happened, at));
        var input = live.Accepted.Input;
        if (happened) _conversation = _conversation.Append(new(live.Id, state, [.. input, .. live.Messages, .. left], input.Count, reason));
    }

    /// <summary>One that was taken in an earlier process waits or runs, whatever it would be told now.</summary>
    private void TakeBack(Turn turn)
    {
        if (_current is null) Grant(turn); else (_queue ??= new InputQueue(_node)).AddLast(turn);
        if (_node.RefusalFor(_id) is { Kind: TurnErrorKind.Halted }) turn.Stop(InterruptReason.Halted);
    }

    /// <summary>Takes the turn in once that is stored; until then nobody sees anything of it. False when it ended meanwhile.</summary>
    private bool AcceptStored(Turn turn)
    {
        var log = turn.Loop.Log!;
        if (!log.TryKeep(Definition.Durability)) return false;
        StayAwake();
        _journal!.Write(() => WhenAwake(() => TurnStored(turn)), new JournalEntry.InputAccepted(turn.Id, turn.Loop.Input, turn.Loop.Options with { OnBusy = turn.Loop.OnBusy }, log.HasLease, _node.Time.GetUtcNow(), log.Request, Definition.Durability));
        return true;
    }

    private static void TurnStored(Turn turn)
    {
        turn.Loop.Log!.TurnStored();
        turn.Loop.Accepted();
    }

    private void Store(AgentProtocol.StoreTurn store)
    {
        var turn = store.Log.Turn!;
        if (turn.IsLeft) return;
        List<JournalEntry> entries = [store.Progress];
        if (store.IsEnd)
        {
            var (state, reason) = StateOf((TerminalEvent)store.Progress.Events[^1]);
            entries.Add(new JournalEntry.TurnRecorded(turn.Id, state, reason, turn.Loop.Record is not null, _node.Time.GetUtcNow()));
        }
        // An input that another turn took in is that turn's: it is over when that turn is stored with it.
        if (store.Progress.Events is [.., TurnCompleted { SteeredInto: not null }] && _current?.Loop.Log is { } into && into != store.Log)
            into.AfterMessages(() => _journal!.Write(() => Stored(store, turn), entries));
        else _journal!.Write(() => Stored(store, turn), entries);
    }

    private static (TurnState State, string? Reason) StateOf(TerminalEvent end) =>
        (end switch { TurnCompleted => TurnState.Completed, TurnInterrupted => TurnState.Interrupted, _ => TurnState.Failed }, TurnRecord.ReasonOf(end));

    private void Stored(AgentProtocol.StoreTurn store, Turn turn)
    {
        if (store.IsEnd) TakeEnd(turn); // Before the end can be seen, so that whoever saw it finds the conversation complete.
        store.Log.EventsStored();
        foreach (var started in store.Progress.Events.OfType<ToolStarted>())
        {
            if (_journal!.Tools.Find(waiting => waiting.Run.CallId == started.CallId) is not { } tool) continue;
            _journal.Tools.Remove(tool);
            if (ReferenceEquals(tool.Turn, _current)) RunTool(tool); else tool.Run.Cancel();
        }
        if (!store.IsEnd) return;
        _journal!.Tools.RemoveAll(waiting => ReferenceEquals(waiting.Turn, turn));
        turn.Loop.EndKnown?.TrySetResult(true);
        turn.Loop.EndIsStored();
    }

    private void StayAwake()
    {
        if (_journal is { IsAwake: true } or { AskedToStayAwake: true }) return;
        _journal!.AskedToStayAwake = true;
        Context.Parent.Tell(new AgentProtocol.StayAwake(_id));
    }

    private void WhenAwake(Action then)
    {
        if (_journal!.IsAwake) then(); else _journal.UntilAwake.Add(then);
    }

    private void Awake()
    {
        _journal!.IsAwake = true;
        foreach (var then in _journal.UntilAwake) then();
        _journal.UntilAwake.Clear();
    }
}
