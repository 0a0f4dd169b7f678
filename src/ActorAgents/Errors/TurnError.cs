namespace ActorAgents;

/// <summary>What went wrong in a turn, as data that can cross a node.</summary>
/// <param name="Message">For a person: what is wrong, where, and what to do. The provider's own words where it gave some: to strangers show <see cref="ToPublicMessage"/>.</param>
/// <param name="RetryAfter">How long the provider asked to wait.</param>
/// <param name="StatusCode">The provider's HTTP status, when there was one.</param>
/// <param name="RequestId">The provider's name for the request, for its support.</param>
public sealed record TurnError(TurnErrorKind Kind, string Message, TimeSpan? RetryAfter = null, int? StatusCode = null, string? RequestId = null)
{
    /// <summary>The exception behind it. Stays on its node: not serialized and not part of equality.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public Exception? Cause { get; init; }

    /// <summary>
    /// What a stranger may read, such as a client of a server: <see cref="Message"/>, but a fixed sentence for refused credentials, since providers quote part
    /// of the key they refuse, and for failures of an unknown kind, whose message is an exception's and may hold anything.
    /// </summary>
    public string ToPublicMessage() => Kind switch
    {
        TurnErrorKind.Authentication => "The provider refused this server's credentials; the server's log says more.",
        TurnErrorKind.Unknown => "The turn failed in a way that was not foreseen; the server's log says why.",
        _ => Message,
    };

    public bool Equals(TurnError? other) => other is not null && Kind == other.Kind && Message == other.Message
        && RetryAfter == other.RetryAfter && StatusCode == other.StatusCode && RequestId == other.RequestId;

    public override int GetHashCode() => HashCode.Combine(Kind, Message, RetryAfter, StatusCode, RequestId);
}

/// <summary>Kinds of failure. The first ten come from providers and surface as <see cref="ProviderException"/>.</summary>
public enum TurnErrorKind
{
    Authentication,
    RateLimited,
    NotFound,
    InvalidRequest,
    ContentFiltered,
    ContextTooLong,
    /// <summary>Worth another try: a 5xx, a broken connection.</summary>
    Transient,
    /// <summary>The stream ended without a finish reason.</summary>
    Truncated,
    Timeout,
    Unknown,
    /// <summary>The agent's queue is full, or the input asked to be refused when busy.</summary>
    Busy,
    /// <summary>A halt covers the agent.</summary>
    Halted,
    UnknownAgent,
    DuplicateTurn,
    /// <summary>The turn was to follow one that another has followed, or that the agent does not know (<see cref="TurnOptions.Follows"/>).</summary>
    Overtaken,
    /// <summary>The provider does not stream and falling back was not allowed.</summary>
    StreamingNotSupported,
    /// <summary>The input is empty, too long or otherwise unusable.</summary>
    InvalidInput,
    /// <summary>Tools failed in more consecutive rounds than <see cref="AgentLimits.MaxConsecutiveFailingRounds"/>.</summary>
    ToolsFailed,
    /// <summary>The turn's log is no longer kept.</summary>
    TurnGone,
    /// <summary>The runtime stops and takes no new input.</summary>
    Shutdown,
    /// <summary>The node of the agent, or its journal, did not answer in time.</summary>
    Unreachable,
    /// <summary>The runtime starts and takes no input yet.</summary>
    Starting,
}
