using System.Globalization;
using Akka.Cluster.Sharding;

namespace ActorAgents.Cluster;

/// <summary>Finds the bucket of a message, which is an entity named by its number, and the shard of a bucket: four that follow each other share one.</summary>
internal sealed class BucketExtractor : IMessageExtractor
{
    private const int BucketsOfShard = 4;

    private static readonly string[] Names = [.. Enumerable.Range(0, Buckets.Count).Select(number => number.ToString(CultureInfo.InvariantCulture))];

    public static IReadOnlyList<string> All => Names;

    /// <summary>The name of the shard that a bucket is in.</summary>
    public static string ShardOf(string bucket) => Names[NumberOf(bucket) / BucketsOfShard];

    public static int NumberOf(string name) => int.Parse(name, NumberStyles.None, CultureInfo.InvariantCulture);

    public string? EntityId(object message) => message is IAgentMessage forAgent ? Names[Buckets.NumberOf(forAgent.AgentId)] : null;

    public object EntityMessage(object message) => message;

    [Obsolete("Never called: what names a shard is its entity.")]
    public string? ShardId(object message) => EntityId(message) is { } bucket ? ShardOf(bucket) : null;

    public string ShardId(string entityId, object? messageHint = null) => ShardOf(entityId);
}
