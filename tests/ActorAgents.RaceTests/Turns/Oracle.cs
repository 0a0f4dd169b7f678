using System.Text;

namespace ActorAgents.RaceTests;

/// <summary>Judges the events that one reader sees.</summary>
internal sealed class Oracle(RaceTurn turn, RaceBooks books, long after = 0)
{
    private readonly StringBuilder _text = new();
    private readonly Dictionary<string, bool> _tools = []; // Started calls; true once finished.
    private readonly HashSet<string> _finished = [];
    private readonly long _after = after;
    private long _seq = after;

    public TerminalEvent? Terminal { get; private set; }
    public bool HasStarted { get; private set; }
    public long Seq => _seq;

    public void See(TurnEvent next)
    {
        if (Terminal is not null) Violate($"{next.GetType().Name} after the terminal event {Terminal.GetType().Name}");
        if (next.Seq != _seq + 1) Violate($"{next.GetType().Name} has seq {next.Seq} after {_seq}");
        if (next.Turn != turn.Id) Violate($"an event of turn {next.Turn}");
        _seq = next.Seq;
        switch (next)
        {
            case TurnStarted: HasStarted = true; break;
            case TextDelta delta: _text.Append(delta.Text); break;
            case ToolStarted started when !_tools.TryAdd(started.CallId, false): Violate($"call {started.CallId} started twice"); break;
            case ToolProgress progress when _after == 0 && (!_tools.ContainsKey(progress.CallId) || _finished.Contains(progress.CallId)):
                Violate($"progress of call {progress.CallId}, which does not run");
                break;
            case ToolFinished finished:
                if (!_finished.Add(finished.CallId)) Violate($"call {finished.CallId} finished twice");
                if (_tools.ContainsKey(finished.CallId)) _tools[finished.CallId] = true;
                break;
            case TerminalEvent terminal: End(terminal); break;
        }
    }

    /// <summary>The stream of events ended.</summary>
    public void Over()
    {
        if (Terminal is null) Violate("its events ended without a terminal event");
    }

    private void End(TerminalEvent terminal)
    {
        Terminal = terminal;
        if (_after > 0) return;
        var (produced, usage) = turn.ProducedSoFar();
        var delivered = _text.ToString();
        if (terminal.TextSoFar != delivered) Violate($"the terminal event says \"{terminal.TextSoFar}\", delivered was \"{delivered}\"");
        if (!produced.StartsWith(delivered, StringComparison.Ordinal)) Violate($"delivered was \"{delivered}\", the provider said \"{produced}\"");
        if ((terminal.Usage.OutputTokens ?? 0) > usage) Violate($"its usage is {terminal.Usage.OutputTokens}, the provider reported {usage}");
        switch (terminal)
        {
            case TurnCompleted { SteeredInto: null } completed:
                if (delivered != produced) Violate($"it completed with \"{delivered}\", the provider said \"{produced}\"");
                if ((completed.Usage.OutputTokens ?? 0) != usage) Violate($"its usage is {completed.Usage.OutputTokens}, the provider reported {usage}");
                foreach (var (call, finished) in _tools) if (!finished) Violate($"it completed and call {call} started but did not finish");
                break;
            case TurnInterrupted { Reason: InterruptReason.FirstTokenTimeout or InterruptReason.IdleTimeout or InterruptReason.TotalTimeout } late:
                Violate($"{late.Reason}, though somebody would have stopped it: a wake-up was lost");
                break;
            case TurnFailed { Error.Kind: var kind } failed when kind is not (TurnErrorKind.Busy or TurnErrorKind.Halted or TurnErrorKind.Truncated
                or TurnErrorKind.Unknown or TurnErrorKind.Transient or TurnErrorKind.ToolsFailed):
                Violate($"it failed: {failed.Error}");
                break;
            case TurnFailed { Error: { Kind: TurnErrorKind.Unknown, Message: not "The provider is broken." } error }:
                Violate($"it failed: {error} {error.Cause}");
                break;
        }
    }

    private void Violate(string what) => books.Violate($"{turn.Name}: {what}.");
}
