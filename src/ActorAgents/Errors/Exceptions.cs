namespace ActorAgents;

/// <summary>Anything that can carry the text a turn had delivered before it ended.</summary>
public interface IHasPartialResponse
{
    /// <summary>What had been delivered, over all steps of the turn; empty when nothing had.</summary>
    string PartialResponse { get; }
}

/// <summary>The stream was interrupted; what had been delivered is in <see cref="PartialResponse"/> and in the conversation.</summary>
public sealed class StreamInterruptedException : OperationCanceledException, IHasPartialResponse
{
    public StreamInterruptedException(InterruptReason reason, string partialResponse, TurnId turnId, CancellationToken token = default, Exception? inner = null)
        : base($"The turn was interrupted ({reason}) after {partialResponse.Length} characters.", inner, token)
        => (Reason, PartialResponse, TurnId) = (reason, partialResponse, turnId);

    public InterruptReason Reason { get; }
    public string PartialResponse { get; }
    public TurnId TurnId { get; }
}

/// <summary>A turn did not run to its end.</summary>
public abstract class TurnException : Exception, IHasPartialResponse
{
    private protected TurnException(TurnError error, string partialResponse, TurnId turnId) : base(error.Message, error.Cause)
        => (Error, PartialResponse, TurnId) = (error, partialResponse, turnId);

    public TurnError Error { get; }
    public string PartialResponse { get; }
    public TurnId TurnId { get; }

    /// <summary>The exception that a caller of <c>StreamAsync</c> or <c>RunAsync</c> gets for this failure.</summary>
    public static TurnException From(TurnError error, string partialResponse, TurnId turnId) => error.Kind switch
    {
        TurnErrorKind.Busy => new AgentBusyException(error, turnId),
        TurnErrorKind.Halted => new AgentHaltedException(error, turnId),
        TurnErrorKind.UnknownAgent => new UnknownAgentException(error, turnId),
        TurnErrorKind.DuplicateTurn => new DuplicateTurnException(error, turnId),
        TurnErrorKind.Overtaken => new TurnOvertakenException(error, turnId),
        TurnErrorKind.StreamingNotSupported => new StreamingNotSupportedException(error, turnId),
        TurnErrorKind.InvalidInput => new InvalidInputException(error, turnId),
        TurnErrorKind.ToolsFailed => new ToolsFailedException(error, partialResponse, turnId),
        TurnErrorKind.TurnGone => new TurnGoneException(error, turnId),
        TurnErrorKind.Unreachable => new AgentUnreachableException(error, turnId),
        TurnErrorKind.Shutdown => new RuntimeStoppedException(error, turnId),
        TurnErrorKind.Starting => new RuntimeStartingException(error, turnId),
        _ => new ProviderException(error, partialResponse, turnId),
    };
}

/// <summary>The provider failed. The inner exception is its SDK's.</summary>
public sealed class ProviderException : TurnException
{
    public ProviderException(TurnError error, string partialResponse = "", TurnId turnId = default) : base(error, partialResponse, turnId) { }

    public TurnErrorKind Kind => Error.Kind;
    public TimeSpan? RetryAfter => Error.RetryAfter;
    public int? StatusCode => Error.StatusCode;
    public string? RequestId => Error.RequestId;
}

/// <summary>The agent is busy and the input could not or would not wait.</summary>
public sealed class AgentBusyException : TurnException
{
    internal AgentBusyException(TurnError error, TurnId turnId) : base(error, "", turnId) { }
}

/// <summary>A halt covers the agent; nothing runs until it is released.</summary>
public sealed class AgentHaltedException : TurnException
{
    internal AgentHaltedException(TurnError error, TurnId turnId) : base(error, "", turnId) { }
}

/// <summary>No agent of that kind is defined.</summary>
public sealed class UnknownAgentException : TurnException
{
    internal UnknownAgentException(TurnError error, TurnId turnId) : base(error, "", turnId) { }
}

/// <summary>The agent already runs or remembers a turn of that id.</summary>
public sealed class DuplicateTurnException : TurnException
{
    internal DuplicateTurnException(TurnError error, TurnId turnId) : base(error, "", turnId) { }
}

/// <summary>Another turn came after the one that this was to follow, or the agent does not know that one.</summary>
public sealed class TurnOvertakenException : TurnException
{
    internal TurnOvertakenException(TurnError error, TurnId turnId) : base(error, "", turnId) { }
}

/// <summary>The provider does not stream; allow <see cref="TurnOptions.FallBackToNonStreaming"/> or use <c>RunAsync</c>.</summary>
public sealed class StreamingNotSupportedException : TurnException
{
    internal StreamingNotSupportedException(TurnError error, TurnId turnId) : base(error, "", turnId) { }
}

/// <summary>The input is empty, too long or otherwise unusable.</summary>
public sealed class InvalidInputException : TurnException
{
    internal InvalidInputException(TurnError error, TurnId turnId) : base(error, "", turnId) { }
}

/// <summary>Tools failed in too many rounds in a row.</summary>
public sealed class ToolsFailedException : TurnException
{
    internal ToolsFailedException(TurnError error, string partialResponse, TurnId turnId) : base(error, partialResponse, turnId) { }
}

/// <summary>The turn is unknown, or its log is no longer kept.</summary>
public sealed class TurnGoneException : TurnException
{
    internal TurnGoneException(TurnError error, TurnId turnId) : base(error, "", turnId) { }
}

/// <summary>The agent's node, or its journal, did not answer in time. What was asked may have been done all the same.</summary>
public sealed class AgentUnreachableException : TurnException
{
    internal AgentUnreachableException(TurnError error, TurnId turnId) : base(error, "", turnId) { }
}

/// <summary>The runtime stops and takes no new input.</summary>
public sealed class RuntimeStoppedException : TurnException
{
    internal RuntimeStoppedException(TurnError error, TurnId turnId) : base(error, "", turnId) { }
}

/// <summary>The runtime starts and takes no input yet.</summary>
public sealed class RuntimeStartingException : TurnException
{
    internal RuntimeStartingException(TurnError error, TurnId turnId) : base(error, "", turnId) { }
}
