using System.Globalization;
using Akka.Cluster.Sharding;

namespace ActorAgents.Cluster;

/// <summary>Finds the bucket of a message. Entity and shard have the same name: the bucket's number.</summary>
internal sealed class BucketExtractor : IMessageExtractor
{
    private static readonly string[] Names = [.. Enumerable.Range(0, Buckets.Count).Select(number => number.ToString(CultureInfo.InvariantCulture))];

    public static IReadOnlyList<string> All => Names;

    public static int NumberOf(string name) => int.Parse(name, NumberStyles.None, CultureInfo.InvariantCulture);

    public string? EntityId(object message) => message is IAgentMessage forAgent ? Names[Buckets.NumberOf(forAgent.AgentId)] : null;

    public object EntityMessage(object message) => message;

    [Obsolete("Never called: what a shard is named by is its entity.")]
    public string? ShardId(object message) => EntityId(message);

    public string ShardId(string entityId, object? messageHint = null) => entityId;
}
