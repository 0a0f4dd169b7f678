namespace ActorAgents;

/// <summary>What became of an answer to an <see cref="ApprovalRequested"/>.</summary>
public enum ApprovalOutcome
{
    /// <summary>The call runs or is refused, as the answer says.</summary>
    Taken,
    /// <summary>The call waits no longer, and its turn still runs: it was answered before, or nobody answered in time. This answer changed nothing.</summary>
    AlreadyAnswered,
    /// <summary>The agent's running turn made no such request. Requests are known as long as their turn runs.</summary>
    Unknown,
}
