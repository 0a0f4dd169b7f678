using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;

namespace ActorAgents.Cluster;

/// <summary>
/// Akka's least-shard allocation, but of the nodes that stay, and first of all it empties those that leave, a few shards at a time. Akka would move all of a node's
/// shards at once, while writing down one after the other where they are: the agents of the last would stand still as long as it takes to move them all.
/// </summary>
/// <param name="leaves">Whether the node of a region leaves.</param>
/// <param name="allAreReachable">A move waits until every node has taken note of it.</param>
internal sealed class BucketAllocation(Func<IActorRef, bool> leaves, Func<bool> allAreReachable, IShardAllocationStrategy among, int perRound) : IActorSystemDependentAllocationStrategy
{
    private static readonly Task<IImmutableSet<string>> None = Task.FromResult<IImmutableSet<string>>(ImmutableHashSet<string>.Empty);

    public void Start(ActorSystem system) => (among as IActorSystemDependentAllocationStrategy)?.Start(system);

    public Task<IActorRef> AllocateShard(IActorRef requester, string shardId, IImmutableDictionary<IActorRef, IImmutableList<string>> allocations) =>
        among.AllocateShard(requester, shardId, Staying(allocations) is { Count: > 0 } staying ? staying : allocations);

    public Task<IImmutableSet<string>> Rebalance(IImmutableDictionary<IActorRef, IImmutableList<string>> allocations, IImmutableSet<string> inProgress)
    {
        if (inProgress.Count > 0 || !allAreReachable()) return None;
        var staying = Staying(allocations);
        var moves = allocations.Where(region => !staying.ContainsKey(region.Key)).SelectMany(region => region.Value).Take(perRound).ToImmutableHashSet();
        return staying.Count == 0 ? None : moves.Count > 0 ? Task.FromResult<IImmutableSet<string>>(moves) : among.Rebalance(staying, inProgress);
    }

    private IImmutableDictionary<IActorRef, IImmutableList<string>> Staying(IImmutableDictionary<IActorRef, IImmutableList<string>> allocations) =>
        allocations.RemoveRange(allocations.Keys.Where(leaves));
}
