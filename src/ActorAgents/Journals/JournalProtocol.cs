using Akka.Actor;

namespace ActorAgents;

/// <summary>
/// What an agent and the actor that keeps its journal tell each other. The keeper is the agent's child. It recovers when it starts and tells
/// <see cref="Recovered"/> first; it stops when it cannot read or write, and the agent starts another later.
/// </summary>
internal static class JournalProtocol
{
    /// <summary>By the keeper, first.</summary>
    /// <param name="LastNumber">The number of the last batch that is stored; 0 when there is none.</param>
    /// <param name="LastWriter">Who wrote it.</param>
    public sealed record Recovered(AgentState State, long LastNumber, Guid LastWriter) : INoSerializationVerificationNeeded;

    /// <summary>By the agent. Batches are stored in the order in which they come.</summary>
    /// <param name="Number">One more than that of the batch before, <see cref="Recovered.LastNumber"/> being the first batch before.</param>
    public sealed record Write(long Number, JournalBatch Batch) : INoSerializationVerificationNeeded;

    /// <summary>By the keeper: this batch and all before it are stored.</summary>
    public sealed record Written(long Number) : INoSerializationVerificationNeeded;

    /// <summary>By the agent: forget all that was ever stored, snapshots included.</summary>
    public sealed record Erase : INoSerializationVerificationNeeded;

    /// <summary>By the keeper; it stops afterwards.</summary>
    public sealed record Erased : INoSerializationVerificationNeeded;

    // The list of a bucket's agents that must run without being asked, because a turn of theirs does.

    /// <summary>By the keeper of a bucket's list, first.</summary>
    public sealed record RecoveredAwake(IReadOnlyList<AgentId> Agents) : INoSerializationVerificationNeeded;

    /// <summary>To the keeper: these agents start with their bucket from now on.</summary>
    public sealed record Wake(IReadOnlyList<AgentId> Agents) : INoSerializationVerificationNeeded;

    /// <summary>To the keeper: these need not any more.</summary>
    public sealed record Rest(IReadOnlyList<AgentId> Agents) : INoSerializationVerificationNeeded;

    /// <summary>By the keeper: stored.</summary>
    public sealed record Awake(IReadOnlyList<AgentId> Agents) : INoSerializationVerificationNeeded;
}

/// <summary>Where durable agents write.</summary>
internal interface IJournals
{
    /// <summary>Makes the actor that keeps the journal of one agent; see <see cref="JournalProtocol"/>.</summary>
    /// <param name="keepLogsFor">How long the logs of ended turns are kept.</param>
    Props Agent(AgentId id, TimeSpan keepLogsFor);

    /// <summary>Makes the actor that keeps the list of a bucket's agents that start with it.</summary>
    Props Bucket(int number);
}

/// <summary>Hands the journals to the runtime with the actor system's settings.</summary>
internal sealed class JournalsSetup(IJournals journals) : Akka.Actor.Setup.Setup
{
    public IJournals Journals => journals;
}
