namespace ActorAgents;

/// <summary>The live turns at one time, summed up. Immutable.</summary>
/// <param name="At">When it was taken, by the runtime's clock.</param>
/// <param name="Kinds">Every kind that is defined, by name.</param>
/// <param name="Longest">The twenty turns that arrived first of those that have not ended, oldest first.</param>
/// <param name="DeliveredChunks">
/// Text chunks of all turns since the runtime started, ended ones included, so that it never falls. Null for one tenant: totals are not kept by tenant.
/// </param>
public sealed record RuntimeSnapshot(
    DateTimeOffset At, IReadOnlyList<KindSnapshot> Kinds, IReadOnlyList<TurnSnapshot> Longest, long? DeliveredChunks);

/// <summary>The turns of one kind of agents.</summary>
/// <param name="Turns">All that have arrived and have not ended, waiting ones included.</param>
/// <param name="Chunks">Text chunks these turns delivered so far.</param>
/// <param name="Waits">How many of them wait for what; what none waits for is absent. Adds up to <paramref name="Turns"/>.</param>
public sealed record KindSnapshot(string Kind, int Turns, long Chunks, IReadOnlyDictionary<TurnWait, int> Waits);

/// <summary>One turn.</summary>
/// <param name="Age">Since its first read, so with its time in the queue.</param>
/// <param name="Chunks">Text chunks delivered so far.</param>
public sealed record TurnSnapshot(AgentId AgentId, TurnId TurnId, TurnWait Wait, TimeSpan Age, int Chunks);

/// <summary>What a turn waits for.</summary>
public enum TurnWait
{
    /// <summary>Nothing: a thread runs it at this instant.</summary>
    None,
    /// <summary>Its agent is busy with another turn.</summary>
    Queue,
    /// <summary>The node runs as many turns as it may.</summary>
    Place,
    /// <summary>Its tool sources have not said what tools there are.</summary>
    ToolSources,
    /// <summary>A reader waits and the provider is silent. Tools may run beside it.</summary>
    Provider,
    /// <summary>It gave an event and nobody asked for the next: the provider is not asked either.</summary>
    Reader,
    /// <summary>Tools run.</summary>
    Tool,
    /// <summary>A person is asked. Other tools may run beside it.</summary>
    Approval,
    /// <summary>The provider failed and will be asked again later.</summary>
    Backoff,
}
