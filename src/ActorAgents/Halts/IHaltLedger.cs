using Akka.Actor;

namespace ActorAgents;

/// <summary>The one list of halts that all nodes obey, each by a copy (<see cref="HaltBook"/>). Thread-safe once started.</summary>
internal interface IHaltLedger
{
    /// <summary>Starts keeping. The list and each change of it are shown to the node by <see cref="AgentNode.Obey"/>, the first as soon as it is known.</summary>
    void Start(ActorSystem system, AgentNode node);

    /// <summary>Adds a halt. Completes when every node obeys it, or has had time to.</summary>
    /// <exception cref="HaltNotRecordedException"/>
    Task<Halt> HaltAsync(HaltScope scope, string reason, string? by, CancellationToken cancellationToken);

    /// <summary>Ends a halt. Completes when every node knows it, or has had time to. False when it was not standing.</summary>
    /// <param name="tenant">Whose halts can be released; null: everybody's.</param>
    /// <exception cref="HaltNotRecordedException"/>
    Task<bool> ReleaseAsync(HaltId halt, string? tenant, string? by, CancellationToken cancellationToken);

    /// <summary>At most so many entries, newest first, of those before an epoch.</summary>
    /// <param name="tenant">Whose halts are told of; null: everybody's.</param>
    Task<IReadOnlyList<HaltRecord>> GetHistoryAsync(string? tenant, int max, long before, CancellationToken cancellationToken);
}

/// <summary>Hands the ledger to the runtime with the actor system's settings. Without one, halts last as long as the process.</summary>
internal sealed class HaltLedgerSetup(IHaltLedger ledger) : Akka.Actor.Setup.Setup
{
    public IHaltLedger Ledger => ledger;
}
