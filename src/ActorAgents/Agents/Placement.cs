using Akka.Actor;

namespace ActorAgents;

/// <summary>Decides on which node of a cluster an agent is. What is placed are buckets: each is an <see cref="AgentsActor"/> with all the agents of its number.</summary>
internal interface IPlacement
{
    /// <summary>Forwards an <see cref="IAgentMessage"/> to the bucket of its agent, wherever that is.</summary>
    IActorRef Agents { get; }

    /// <summary>Starts placing.</summary>
    /// <param name="bucket">Makes the bucket of a number on this node. Its stop message is <see cref="AgentProtocol.HandOff"/>.</param>
    /// <param name="status">The counts of this node, for the others; may be called at once and on any thread.</param>
    Task StartAsync(ActorSystem system, Func<int, Props> bucket, Func<RuntimeStatus> status);

    /// <summary>
    /// Hands this node's buckets to others while their turns still run; <see cref="Agents"/> goes on forwarding. Completes when no bucket is left here, at the
    /// latest when a bound of its own has passed. On a node that the cluster has excluded it only stops them: others have them, or will.
    /// </summary>
    Task LeaveAsync();
}

/// <summary>Hands the placement to the runtime with the actor system's settings.</summary>
internal sealed class PlacementSetup(IPlacement placement) : Akka.Actor.Setup.Setup
{
    public IPlacement Placement => placement;
}

/// <summary>The buckets of durable and placed agents. Journals and nodes know them by number: neither how many there are nor what is in which ever changes.</summary>
internal static class Buckets
{
    public const int Count = 256;

    /// <summary>0 to 255: FNV-1a (RFC draft "The FNV Non-Cryptographic Hash Algorithm", 32 bits) over tenant, kind and key with a slash after each of the first two, as UTF-16, low byte first; the lowest byte of that, folded.</summary>
    public static int NumberOf(in AgentId id)
    {
        var hash = 2166136261u;
        Add(ref hash, id.Tenant);
        Add(ref hash, "/");
        Add(ref hash, id.Kind);
        Add(ref hash, "/");
        Add(ref hash, id.Key);
        return (int)((hash ^ (hash >> 8) ^ (hash >> 16) ^ (hash >> 24)) & (Count - 1));

        static void Add(ref uint hash, string text)
        {
            foreach (var c in text)
            {
                hash = (hash ^ (byte)c) * 16777619;
                hash = (hash ^ (byte)(c >> 8)) * 16777619;
            }
        }
    }
}
