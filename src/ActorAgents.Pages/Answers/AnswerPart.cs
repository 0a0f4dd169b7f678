using System.Text;

namespace ActorAgents.Pages;

/// <summary>A piece of an answer, in the order in which it is shown.</summary>
public abstract class AnswerPart
{
    private protected AnswerPart() { }

    /// <summary>What is written again when a little is added to it, in characters.</summary>
    internal virtual int UnsettledLength => 0;
}

/// <summary>What the model says, as Markdown.</summary>
public sealed class TextPart : AnswerPart
{
    internal MarkdownBlocks Blocks { get; } = new();
    internal override int UnsettledLength => Blocks.TailLength;
}

/// <summary>What the model thinks.</summary>
public sealed class ReasoningPart : AnswerPart
{
    internal StringBuilder Text { get; } = new();
    internal override int UnsettledLength => Text.Length;
}

/// <summary>Something that is not text.</summary>
public sealed class ContentPart : AnswerPart
{
    internal ContentPart(string mediaType, ReadOnlyMemory<byte> data, Uri? uri) => (MediaType, Data, Uri) = (mediaType, data, uri);

    internal string MediaType { get; }
    internal ReadOnlyMemory<byte> Data { get; }
    internal Uri? Uri { get; }
}

/// <summary>The provider failed and is asked again.</summary>
public sealed class RetryPart : AnswerPart
{
    internal RetryPart(int attempt, TimeSpan delay, string message) => (Attempt, Delay, Message) = (attempt, delay, message);

    internal int Attempt { get; }
    internal TimeSpan Delay { get; }
    internal string Message { get; }
}

/// <summary>An input that the running turn took in.</summary>
public sealed class InputPart : AnswerPart
{
    internal InputPart(string text) => Text = text;

    internal string Text { get; }
}

/// <summary>A tool call.</summary>
public sealed class ToolPart : AnswerPart
{
    internal string? CallId { get; set; }
    internal string Tool { get; set; } = "";
    internal int Index { get; init; }
    internal ToolPartState State { get; set; }

    /// <summary>The JSON that the model has written so far.</summary>
    internal StringBuilder Written { get; } = new();

    /// <summary>The arguments to read: a line each, or what was written of them.</summary>
    internal string Arguments { get => field ?? Written.ToString(); set; }
    internal override int UnsettledLength => State == ToolPartState.Written ? Written.Length : 0;
    internal string? RequestId { get; set; }
    internal string? Progress { get; set; }
    internal string? Result { get; set; }
    internal ToolOutcome? Outcome { get; set; }
    internal TimeSpan? Duration { get; set; }
}

/// <summary>How far a call is.</summary>
internal enum ToolPartState
{
    /// <summary>The model writes its arguments.</summary>
    Written,
    AwaitsApproval,
    /// <summary>It was answered, and the turn has not said yet what came of it.</summary>
    Answered,
    Running,
    Ended,
    /// <summary>The turn ended and left it to the caller.</summary>
    Open,
}
