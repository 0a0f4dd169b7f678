namespace ActorAgents;

/// <summary>A stop that stands: it ended the running and waiting turns of its scope and refuses new ones until it is released.</summary>
public sealed record Halt(HaltId Id, HaltScope Scope, string Reason, DateTimeOffset Since)
{
    /// <summary>The longest reason, in characters: everybody who is refused is told it.</summary>
    public const int MaxReasonChars = 1000;

    /// <summary>The longest name in <see cref="By"/>, in characters; of a longer one the beginning is kept.</summary>
    public const int MaxByChars = 256;

    /// <summary>Who asked for it, where that is known; see <see cref="IAgents.As"/>.</summary>
    public string? By { get; init; }

    /// <summary>Where it was to be obeyed and, when <see cref="IAgents.HaltAsync"/> returned it, was or was not yet. Told there alone, and not part of equality.</summary>
    public IReadOnlyList<HaltedNode> Nodes { get; init; } = [];

    public bool Equals(Halt? other) =>
        other is not null && Id == other.Id && Scope == other.Scope && Reason == other.Reason && Since == other.Since && By == other.By;

    public override int GetHashCode() => HashCode.Combine(Id, Scope, Reason, Since, By);
}

/// <summary>Names a halt, to release it.</summary>
public readonly record struct HaltId(long Value)
{
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>What a node made of a halt.</summary>
/// <param name="Node">Its address as <c>host:port</c>; of a runtime that is no node of a cluster, the name of the actor system.</param>
/// <param name="Stopped">How many turns it told to stop. Null: it has not acknowledged the halt, which is sent to it until it does or leaves the cluster.</param>
public sealed record HaltedNode(string Node, int? Stopped);

/// <summary>An entry of the halts' history, which nothing is ever taken from.</summary>
/// <param name="Epoch">Its place: the first is 1. A halt's is its id.</param>
/// <param name="By">Who asked for it, where that is known.</param>
public sealed record HaltRecord(long Epoch, HaltAction Action, Halt Halt, string? By, DateTimeOffset At);

/// <summary>What happened to a halt.</summary>
public enum HaltAction
{
    Stood,
    Released,
}

/// <summary>Nobody could record the halt or release in time. It may be recorded yet: <see cref="IAgents.Halts"/> shows what stands.</summary>
public sealed class HaltNotRecordedException(string message, Exception? inner = null) : Exception(message, inner);
