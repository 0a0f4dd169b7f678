namespace ActorAgents;

/// <summary>Counts of this node, read without stopping anything; each is exact when the node is quiet.</summary>
public readonly record struct RuntimeStatus
{
    /// <summary>Whether inputs are taken: not while the runtime starts without knowing yet which agents are halted, nor when it stops.</summary>
    public bool IsReady { get; init; }

    /// <summary>Agents that have started and were not forgotten, idle ones included.</summary>
    public long Agents { get; init; }

    /// <summary>Turns that left their queue and have not ended.</summary>
    public long LiveTurns { get; init; }

    /// <summary>Turns that wait for the node's bound on live turns.</summary>
    public long WaitingTurns { get; init; }

    /// <summary>Inputs that wait in the queues of their busy agents.</summary>
    public long QueuedInputs { get; init; }

    /// <summary>Turns that ended so since the runtime started, those taken in by another turn included.</summary>
    public long Completed { get; init; }

    /// <summary>Turns that ended so since the runtime started. One that was given up before its first read has not happened.</summary>
    public long Interrupted { get; init; }

    /// <summary>Turns that ended so since the runtime started, inputs that were refused included: to their readers they failed.</summary>
    public long Failed { get; init; }

    /// <summary>Provider calls that ignored their cancellation and have not returned yet.</summary>
    public long AbandonedCalls { get; init; }

    /// <summary>Tool calls that ignored their cancellation and have not returned yet.</summary>
    public long AbandonedTools { get; init; }
}
