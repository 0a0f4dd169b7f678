using Microsoft.Extensions.AI;

namespace ActorAgents;

/// <summary>
/// Something that happened in a turn. A closed union; immutable; safe to send to another node. <see cref="Seq"/> starts at 1 and rises by one per
/// event; after a <see cref="Reset"/> it goes on from there, so that it rises for every reader. Every turn ends with exactly one <see cref="TerminalEvent"/> and nothing
/// follows it.
/// </summary>
public abstract record TurnEvent
{
    // Shared by all events of a turn: there is one event per token, so its size is what streaming allocates.
    private TurnRun? _run;
    private long _seq;

    private protected TurnEvent() { }

    /// <summary>The turn it belongs to.</summary>
    public TurnId Turn { get => _run?.Id ?? default; init => _run = new(value, Epoch); }

    /// <summary>Which run of the turn: 1, and one more each time that it goes on in another process and something may have been seen that is withdrawn (<see cref="Reset"/>).</summary>
    public int Epoch { get => _run?.Epoch ?? 0; init => _run = new(Turn, value); }

    /// <summary>Its place in the turn.</summary>
    public long Seq { get => _seq; init => _seq = value; }

    /// <summary>Gives a new event its place, before anybody sees it.</summary>
    internal void Stamp(TurnRun run, long seq) => (_run, _seq) = (run, seq);

    /// <summary>Its place, as a reader that wants to go on from here keeps it.</summary>
    public TurnCursor Cursor => new(Epoch, Seq);
}

/// <summary>One run of a turn.</summary>
internal sealed record TurnRun(TurnId Id, int Epoch);

/// <summary>A reader's place in a turn: it has seen everything up to and including this event.</summary>
public readonly record struct TurnCursor(int Epoch, long Seq)
{
    /// <summary>Before the first event.</summary>
    public static TurnCursor Start => default;
}

/// <summary>The turn left the queue and runs.</summary>
public sealed record TurnStarted : TurnEvent;

/// <summary>A piece of the answer.</summary>
public sealed record TextDelta(string Text) : TurnEvent
{
    private string _text = Text;

    public string Text { get => _text; init => _text = value; }

    /// <summary>Makes it the next piece, where nobody holds the former.</summary>
    internal TextDelta With(string text)
    {
        _text = text;
        return this;
    }
}

/// <summary>A piece of the model's reasoning; not part of the answer.</summary>
public sealed record ReasoningDelta(string Text) : TurnEvent;

/// <summary>Something that is not text: an image, a file, a refusal. <paramref name="Data"/> or <paramref name="Uri"/> holds it.</summary>
/// <param name="MediaType">For example <c>image/png</c>; <c>text/plain</c> for a refusal or an error the model reports.</param>
public sealed record ContentAdded(string MediaType, ReadOnlyMemory<byte> Data, Uri? Uri = null) : TurnEvent;

/// <summary>A piece of the arguments of a call that the model is still writing. Pieces of one call join in order to JSON.</summary>
/// <param name="CallId">Absent until the provider names it.</param>
public sealed record ToolCallDelta(string? CallId, string? Name, int Index, string Piece) : TurnEvent;

/// <summary>A tool call was started.</summary>
/// <param name="CallId">No other call of the turn has it. The provider's, unless that gave none or one that an earlier step had.</param>
public sealed record ToolStarted(string CallId, string Tool, IReadOnlyDictionary<string, object?> Arguments) : TurnEvent;

/// <summary>A running tool reported progress. Unread reports of one call are conflated to the newest.</summary>
public sealed record ToolProgress(string CallId, string Tool, string Value) : TurnEvent;

/// <summary>A tool call has its result, as the model will read it. Shown as each finishes; the model gets them in call order.</summary>
public sealed record ToolFinished(string CallId, string Tool, string Result, ToolOutcome Outcome, TimeSpan Duration) : TurnEvent;

/// <summary>A call waits for a person. Answer with <see cref="Agent.AnswerAsync"/> and the request id.</summary>
public sealed record ApprovalRequested(string CallId, string RequestId, string Tool, IReadOnlyDictionary<string, object?> Arguments) : TurnEvent;

/// <summary>The provider failed before its first token and will be asked again after the delay.</summary>
/// <param name="Attempt">1 for the first repetition.</param>
public sealed record Retrying(int Attempt, TimeSpan Delay, TurnError Error) : TurnEvent;

/// <summary>One provider call of the turn ended.</summary>
/// <param name="IsLast">It called no tool that the model has to hear of: its answer is the turn's, and the end comes next.</param>
public sealed record StepFinished(TokenUsage Usage, ChatFinishReason? FinishReason, bool IsLast = false) : TurnEvent;

/// <summary>Everything of this turn after <paramref name="FromSeq"/> (exclusive) is withdrawn; what follows replaces it.</summary>
public sealed record Reset(long FromSeq) : TurnEvent;

/// <summary>How a turn ended. When a reader sees it, the conversation already has the turn's record.</summary>
public abstract record TerminalEvent(TokenUsage Usage) : TurnEvent
{
    /// <summary>All text of the turn, over all of its steps.</summary>
    public abstract string TextSoFar { get; }
}

/// <summary>The turn ran to its end.</summary>
/// <param name="Text">The answer: the text of all steps.</param>
/// <param name="FinishReason">What the provider gave for the last step; <see cref="ChatFinishReason.ToolCalls"/> with <paramref name="OpenCalls"/>.</param>
/// <param name="LimitReached">Set when a limit, not the model, ended the work.</param>
/// <param name="OpenCalls">Calls of declared-only tools, for the caller to run; the next input may carry their results.</param>
/// <param name="SteeredInto">Set when the input was taken in by another, running turn (<see cref="BusyPolicy.Steer"/>).</param>
public sealed record TurnCompleted(
    string Text, ChatFinishReason? FinishReason, TokenUsage Usage, TurnLimit? LimitReached = null,
    IReadOnlyList<OpenToolCall>? OpenCalls = null, TurnId? SteeredInto = null) : TerminalEvent(Usage)
{
    public override string TextSoFar => Text;
}

/// <summary>The turn was interrupted; what had been delivered is kept.</summary>
public sealed record TurnInterrupted(string Partial, InterruptReason Reason, TokenUsage Usage) : TerminalEvent(Usage)
{
    public override string TextSoFar => Partial;
}

/// <summary>The turn failed; what had been delivered is kept.</summary>
public sealed record TurnFailed(TurnError Error, string Partial, TokenUsage Usage) : TerminalEvent(Usage)
{
    public override string TextSoFar => Partial;
}

/// <summary>A call that the caller is to run.</summary>
public sealed record OpenToolCall(string CallId, string Tool, IReadOnlyDictionary<string, object?> Arguments);

/// <summary>How a tool call ended.</summary>
public enum ToolOutcome
{
    Succeeded,
    /// <summary>It threw, was unknown, had bad arguments or an unusable result.</summary>
    Failed,
    /// <summary>It took longer than <see cref="AgentLimits.ToolTimeout"/>.</summary>
    TimedOut,
    /// <summary>It was interrupted, or never started because the turn was.</summary>
    Cancelled,
    /// <summary>A person refused it.</summary>
    Rejected,
}
