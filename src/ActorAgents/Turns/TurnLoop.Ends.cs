using Akka.Actor;
using Microsoft.Extensions.AI;

namespace ActorAgents;

// How a turn ends. All of it is the owner's.
internal sealed partial class TurnLoop
{
    /// <summary>Told once the end is recorded, on the thread that recorded it; set before the first pull.</summary>
    public Action? Ended { get; set; }

    /// <summary>Completed by the agent once it knows of the end, with false when it goes before that; made for the first who waits, by the agent.</summary>
    public TaskCompletionSource<bool>? EndKnown { get; set; }

    /// <summary>What the conversation keeps of the ended turn; null when it never began.</summary>
    public TurnRecord? Record { get; private set; }

    /// <summary>Ends a turn that somebody stopped; nothing when it has ended.</summary>
    public void EndIfStopped()
    {
        if (_phase == Phase.Over || !_turn.IsStopped) return;
        var reason = _turn.StopReason ?? InterruptReason.Shutdown; // One that is left ends like that in this process.
        End(TurnState.Interrupted, reason, static (text, usage, reason) => new TurnInterrupted(text, reason, usage));
    }

    private void Complete(ChatFinishReason? reason)
    {
        Chaos.Point();
        if (_turn.TryEnd()) EndCompleted(reason, null);
    }

    private void EndCompleted(ChatFinishReason? reason, IReadOnlyList<OpenToolCall>? open) =>
        End(TurnState.Completed, (Reason: reason, Limit: _limit, Open: open),
            static (text, usage, how) => new TurnCompleted(text, how.Reason, usage, how.Limit, how.Open));

    private void Fail(TurnError error)
    {
        if (_turn.TryEnd()) End(TurnState.Failed, error, static (text, usage, error) => new TurnFailed(error, text, usage));
    }

    /// <summary>Records the end, tells the agent, lets go of everything. Once, by the owner.</summary>
    private void End<T>(TurnState state, T how, Func<string, TokenUsage, T, TerminalEvent> terminal)
    {
        var reading = _phase == Phase.Reading;
        var (submitted, inLine) = (_phase > Phase.New, _phase > Phase.Queued);
        _phase = Phase.Over;
        _turn.Read(null);
        _registration.Unregister();
        Caller.Dispose();
        _backoff?.Dispose();
        StopGathering();
        Volatile.Write(ref _round, null);
        if (_prefix is { } said && (_step is null || !reading)) Add(new ChatMessage(ChatRole.Assistant, said)); // What it was to go on from.
        if (_step is { } step)
        {
            step.Close();
            if (reading)
            {
                _usage = _usage.Plus(step.Usage);
                Keep(step);
            }
            if (step.Tools is { } round)
            {
                round.Close();
                if (round.Results() is { } results) Add(results);
            }
        }
        else if (!_roundIsResumed && _resumption?.Results is { } known) Add(known); // It did not come to go on with them.
        _terminal = terminal(_turn.Text.Slice(0), _usage, how);
        _turn.Text.Return();
        var cut = reading ? _step : null;
        _step = null;
        if (_messages is not null) Record = new TurnRecord(_turn.Id, state, [.. _messages], _input.Messages.Count, TurnRecord.ReasonOf(_terminal));
        // One that was stopped before its first pull has not happened.
        try { if (submitted) Report(cut, _terminal); }
        finally
        {
            if (_turn.IsLeft) (_terminal, Record) = (null, null);
            LetGo(state, submitted, inLine); // Whatever a listener or logger does.
        }
    }

    private void Report(Step? cut, TerminalEvent terminal)
    {
        if (cut is not null) Telemetry.EndStep(cut, _grant!.Provider, _node.Time.GetElapsedTime(_stepStartedAt), Telemetry.ErrorOf(terminal));
        using (Telemetry.Within(_activity))
        {
            if (_turn.IsLeft) _node.Log.TurnLeft(_turn.AgentId, _turn.Id); else _node.Log.TurnEnded(_turn.AgentId, _turn.Id, terminal);
        }
        if (_activity is not null && _node.SensitiveTelemetry) SensitiveTags.Set(_activity, _input.Messages, terminal);
        Telemetry.EndTurn(_activity, terminal, _kind.Definition, _begunAt == 0 ? TimeSpan.Zero : _node.Time.GetElapsedTime(_begunAt), _turn.Chunks);
    }

    private void LetGo(TurnState how, bool submitted, bool inLine)
    {
        if (Log is not { IsKept: true } && !_turn.IsLeft) Admission?.TrySetResult((_terminal as TurnFailed)?.Error); // Who was kept was, or will be, accepted.
        if (submitted) Leave(how, inLine);
        Ended?.Invoke();
    }

    /// <summary>By the agent, of a turn that is stored. Once is enough.</summary>
    public void EndIsStored()
    {
        if (Interlocked.Exchange(ref _endsAs, 0) is > 0 and var how) _node.Live.Remove(_turn, (TurnState)(how - 1));
    }

    private int _endsAs;

    private void Leave(TurnState how, bool inLine)
    {
        // One that is stored is known until its end is, so that a stop of the process waits for that.
        if (Log is { IsKept: true } && !_turn.IsLeft) Volatile.Write(ref _endsAs, (int)how + 1);
        else _node.Live.Remove(_turn, how);
        if (inLine) _node.Live.Leave(_turn, Volatile.Read(ref _entered));
        var ended = new AgentProtocol.TurnEnded(_turn);
        Chaos.Point();
        if ((_grant?.Agent ?? Home) is { } agent) agent.Tell(ended, ActorRefs.NoSender); else TellAgent(ended);
    }
}
