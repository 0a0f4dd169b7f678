namespace ActorAgents.Pages;

/// <summary>What a person sees of a turn: its events folded into parts, a state, and how it ended. Touched by one thread at a time.</summary>
public sealed class Answer
{
    private readonly List<TurnEvent> _events = []; // While it runs: what a reset leaves is folded again.
    private readonly List<AnswerPart> _parts = [];
    private readonly ToolParts _tools;

    public Answer() => _tools = new(_parts);

    internal IReadOnlyList<AnswerPart> Parts => _parts;
    internal AnswerState State { get; private set; }

    /// <summary>Why it ended in another way than by itself.</summary>
    internal string? Note { get; private set; }
    internal TokenUsage Usage { get; private set; } = TokenUsage.None;

    /// <summary>Rises with every change.</summary>
    internal int Version { get; private set; }

    internal bool IsOver => State > AnswerState.Running;

    /// <summary>What would be written again if it were shown now, in characters.</summary>
    internal int UnsettledLength => _parts is [.., var last] ? last.UnsettledLength : 0;

    internal void Apply(TurnEvent next)
    {
        Version++;
        if (next is Reset reset) { Withdraw(reset); return; }
        _events.Add(next);
        Fold(next);
        if (next is TerminalEvent) _events.Clear();
    }

    /// <summary>How it stands when that does not come from an event.</summary>
    internal void Stand(AnswerState state, string? note)
    {
        Version++;
        (State, Note) = (state, note);
        if (!IsOver) return;
        _tools.End([]);
        _events.Clear();
    }

    /// <summary>A person answered a request; the turn will say what came of it.</summary>
    internal void Answered(ToolPart call)
    {
        Version++;
        call.State = ToolPartState.Answered;
    }

    internal void Restore(AnswerPart part) => _parts.Add(part);

    private void Withdraw(Reset reset)
    {
        _events.RemoveAll(e => e.Seq > reset.FromSeq);
        _parts.Clear();
        (State, Usage) = (AnswerState.Waiting, TokenUsage.None);
        foreach (var kept in _events) Fold(kept);
    }

    private void Fold(TurnEvent next)
    {
        if (State == AnswerState.Waiting) State = AnswerState.Running;
        switch (next)
        {
            case TurnStarted: break;
            case TextDelta delta: Last<TextPart>().Blocks.Append(delta.Text); break;
            case ReasoningDelta delta: Last<ReasoningPart>().Text.Append(delta.Text); break;
            case ContentAdded content: _parts.Add(new ContentPart(content.MediaType, content.Data, content.Uri)); break;
            case ToolCallDelta delta: _tools.Write(delta); break;
            case ApprovalRequested asked: _tools.Ask(asked); break;
            case ToolStarted started: _tools.Start(started); break;
            case ToolProgress progress: _tools.Progress(progress); break;
            case ToolFinished finished: _tools.Finish(finished); break;
            case Retrying retry: Retry(retry); break;
            case StepFinished step: Usage = Usage.Plus(step.Usage); break;
            case TerminalEvent terminal: End(terminal); break;
            default: throw new InvalidOperationException($"A turn had an event that the pages do not know: {next.GetType().Name}.");
        }
    }

    private void Retry(Retrying retry)
    {
        if (_parts is [.., RetryPart]) _parts.RemoveAt(_parts.Count - 1);
        _parts.Add(new RetryPart(retry.Attempt, retry.Delay, retry.Error.ToPublicMessage()));
    }

    private void End(TerminalEvent terminal)
    {
        (State, Note) = terminal switch
        {
            TurnCompleted { SteeredInto: not null } => (AnswerState.Completed, Wording.Steered),
            TurnCompleted { LimitReached: { } limit } => (AnswerState.Completed, Wording.Of(limit)),
            TurnInterrupted interrupted => (AnswerState.Interrupted, Wording.Of(interrupted.Reason)),
            TurnFailed failed => (AnswerState.Failed, failed.Error.ToPublicMessage()),
            _ => (AnswerState.Completed, (string?)null),
        };
        Usage = terminal.Usage;
        _tools.End((terminal as TurnCompleted)?.OpenCalls ?? []);
    }

    private T Last<T>() where T : AnswerPart, new()
    {
        if (_parts is [.., T last]) return last;
        var part = new T();
        _parts.Add(part);
        return part;
    }
}

/// <summary>How an answer stands.</summary>
internal enum AnswerState
{
    /// <summary>Its turn has not begun.</summary>
    Waiting,
    Running,
    Completed,
    Interrupted,
    Failed,
    /// <summary>The input was not taken.</summary>
    Refused,
}
