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

    /// <summary>The same agents, used by somebody: what is halted or released there is recorded as theirs, with the first <see cref="Halt.MaxByChars"/> characters of the name.</summary>
    IAgents As(string name);

    /// <summary>The definitions, by kind.</summary>
    IReadOnlyDictionary<string, AgentDefinition> Definitions { get; }

    /// <summary>Counts of the node, of all tenants. Cheap enough to be asked all the time.</summary>
    RuntimeStatus Status { get; }

    /// <summary>Completes once a message has gone through a mailbox of this process: what a health check asks. It touches no agent, no journal and no other node.</summary>
    /// <exception cref="RuntimeStoppedException">The runtime has stopped.</exception>
    /// <exception cref="Akka.Actor.AskTimeoutException">The mailboxes have been full or blocked for 30 s.</exception>
    Task PingAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// What every turn waits for now, summed up by kind; of one tenant's turns where these are a tenant's agents. Made in one pass over the live turns,
    /// a millisecond or two for ten thousand, without stopping any: each turn is seen as it was at some instant of the pass, and may have moved on when this returns.
    /// </summary>
    RuntimeSnapshot TakeSnapshot();

    /// <summary>Stops the agent: its running turn ends as interrupted, which those see who read it, and its conversation and logs are forgotten. True when there was one.</summary>
    Task<bool> RemoveAsync(AgentId id, CancellationToken cancellationToken = default);

    /// <summary>Stops the running and waiting turns of a scope, on all nodes, and refuses new ones until released.</summary>
    /// <returns>
    /// Once it is recorded and every running turn of the scope was told to stop, or after seconds without the nodes that <see cref="Halt.Nodes"/> shows as
    /// silent: the halt stands for them too, and they obey it as soon as they can be reached.
    /// </returns>
    /// <exception cref="ArgumentException">No reason or one of more than <see cref="Halt.MaxReasonChars"/>, or the scope reaches beyond the tenant whose agents these are.</exception>
    /// <exception cref="HaltNotRecordedException">Nobody answered who could record it, or it could not be stored.</exception>
    Task<Halt> HaltAsync(HaltScope scope, string reason, CancellationToken cancellationToken = default);

    /// <summary>Ends a halt. False when it was not standing.</summary>
    /// <exception cref="HaltNotRecordedException">Nobody answered who could record it, or it could not be stored.</exception>
    Task<bool> ReleaseAsync(HaltId halt, CancellationToken cancellationToken = default);

    /// <summary>The standing halts that this node knows of, oldest first.</summary>
    IReadOnlyList<Halt> Halts { get; }

    /// <summary>What was halted and released, newest first. Kept as long as the halts are: by a durable runtime for good, otherwise while the process lives.</summary>
    /// <param name="max">How many entries at most; no more than 1000.</param>
    /// <param name="before">The <see cref="HaltRecord.Epoch"/> of the last entry of the page before; null for the first page.</param>
    Task<IReadOnlyList<HaltRecord>> GetHaltHistoryAsync(int max = 100, long? before = null, CancellationToken cancellationToken = default);

    /// <summary>Throw-away agents of that kind, for callers that bring the whole conversation with each call.</summary>
    /// <exception cref="UnknownAgentException">No agent of that kind is defined.</exception>
    StatelessAgent Stateless(string kind);
}
