using Akka.Actor;

namespace ActorAgents.Cluster;

/// <summary>What the ledger of halts, the nodes and those who halt tell each other.</summary>
internal static class HaltProtocol
{
    /// <summary>To the ledger: a halt shall stand. Answered with <see cref="Recorded"/> or <see cref="Refused"/>.</summary>
    public sealed record Stand(Guid Request, HaltScope Scope, string Reason, string? By);

    /// <summary>To the ledger: a halt shall end. Answered with <see cref="Recorded"/>.</summary>
    /// <param name="Tenant">Whose halts may be ended; null: everybody's.</param>
    public sealed record Release(Guid Request, long Halt, string? Tenant, string? By);

    /// <summary>By the ledger, once every node has acknowledged, or had time to.</summary>
    /// <param name="Epoch">Of the change; null when there was nothing to release.</param>
    /// <param name="Since">When it was made.</param>
    public sealed record Recorded(long? Epoch, DateTimeOffset Since, IReadOnlyList<HaltedNode> Nodes);

    /// <summary>By the ledger, to what it would not do.</summary>
    public sealed record Refused(string Reason);

    /// <summary>To the ledger, by a node, now and again. Answered with <see cref="Halts"/> when the ledger has others.</summary>
    /// <param name="Node">Its name (<see cref="DurableHalts.NameOf"/>).</param>
    /// <param name="Epoch">Of its copy; -1 when it has none.</param>
    public sealed record GetHalts(string Node, long Epoch);

    /// <summary>By the ledger: these stand, all of them. Answered with <see cref="Obeyed"/>.</summary>
    /// <param name="Known">The epoch up to which the ledger knows what the node did.</param>
    public sealed record Halts(long Epoch, IReadOnlyList<StandingHalt> Standing, long Known);

    /// <summary>By a node: it has the list, and all turns that its halts cover were told to stop.</summary>
    /// <param name="Stopped">How many turns each halt stopped that stands since <see cref="Halts.Known"/>, if it stopped any.</param>
    public sealed record Obeyed(string Node, long Epoch, IReadOnlyList<StoppedTurns> Stopped);

    public sealed record StoppedTurns(long Halt, int Turns);

    /// <summary>To the ledger. Answered with <see cref="History"/>.</summary>
    /// <param name="Before">The epoch before which the entries shall be.</param>
    public sealed record GetHistory(long Before, int Max);

    /// <summary>Newest first.</summary>
    public sealed record History(IReadOnlyList<HistoryEntry> Entries);

    public sealed record HistoryEntry(long Epoch, HaltAction Action, StandingHalt Halt, string? By, DateTimeOffset At)
    {
        public HaltRecord ToRecord() => new(Epoch, Action, Halt.ToHalt(), By, At);
    }

    /// <summary>To the ledger: it goes to another node, and stops once what it writes is written.</summary>
    public sealed record StopLedger : INoSerializationVerificationNeeded
    {
        public static readonly StopLedger Instance = new();
    }
}
