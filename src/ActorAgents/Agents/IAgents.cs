namespace ActorAgents;

/// <summary>The agents of this runtime. Thread-safe.</summary>
public interface IAgents
{
    /// <summary>A handle to the agent of the default tenant. Costs nothing; the agent starts with the first turn or change that it is sent.</summary>
    /// <exception cref="ArgumentException">Kind or key is malformed.</exception>
    /// <exception cref="UnknownAgentException">No agent of that kind is defined; the message lists those that are.</exception>
    Agent this[string kind, string key] { get; }

    /// <summary>A handle to the agent of that id.</summary>
    /// <exception cref="UnknownAgentException">No agent of that kind is defined.</exception>
    Agent this[AgentId id] { get; }

    /// <summary>The same agents seen by one tenant: handles made there are that tenant's, and neither agents nor halts of others are in reach.</summary>
    IAgents For(string tenant);

    /// <summary>The definitions, by kind.</summary>
    IReadOnlyDictionary<string, AgentDefinition> Definitions { get; }

    /// <summary>What runs now.</summary>
    RuntimeStatus Status { get; }

    /// <summary>Stops the agent: its running turn ends as interrupted, its conversation and logs are forgotten. True when there was one.</summary>
    Task<bool> RemoveAsync(AgentId id, CancellationToken cancellationToken = default);

    /// <summary>Stops the running and waiting turns of a scope and refuses new ones until released.</summary>
    /// <returns>Once every running turn of the scope was told to stop.</returns>
    Task<Halt> HaltAsync(HaltScope scope, string reason, CancellationToken cancellationToken = default);

    /// <summary>Ends a halt. False when it was not standing.</summary>
    Task<bool> ReleaseAsync(HaltId halt, CancellationToken cancellationToken = default);

    /// <summary>The standing halts, oldest first.</summary>
    IReadOnlyList<Halt> Halts { get; }

    /// <summary>Throw-away agents of that kind, for callers that bring the whole conversation with each call.</summary>
    /// <exception cref="UnknownAgentException">No agent of that kind is defined.</exception>
    StatelessAgent Stateless(string kind);
}

/// <summary>Counts of this node, read without stopping anything; each is exact when the node is quiet.</summary>
/// <param name="LiveTurns">Turns that left their queue and have not ended.</param>
/// <param name="WaitingTurns">Turns that wait for the node's bound on live turns.</param>
/// <param name="AbandonedCalls">Provider calls that ignored their cancellation and have not returned yet.</param>
/// <param name="AbandonedTools">Tool calls that ignored their cancellation and have not returned yet.</param>
public readonly record struct RuntimeStatus(long Agents, long LiveTurns, long WaitingTurns, long AbandonedCalls, long AbandonedTools);
