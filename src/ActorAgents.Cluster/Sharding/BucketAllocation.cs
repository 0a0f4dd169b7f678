using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;
using AkkaCluster = Akka.Cluster.Cluster;

namespace ActorAgents.Cluster;

/// <summary>
/// Akka's least-shard allocation, but of the nodes that stay, and first of all it empties those that leave, a few shards at a time. Akka would move all of a node's
/// shards at once, while writing down one after the other where they are: the agents of the last would stand still as long as it takes to move them all.
/// </summary>
internal sealed class BucketAllocation(AkkaCluster cluster, LeavingNodes leaving, IShardAllocationStrategy among, int perRound) : IActorSystemDependentAllocationStrategy
{
    private static readonly Task<IImmutableSet<string>> None = Task.FromResult<IImmutableSet<string>>(ImmutableHashSet<string>.Empty);

    public void Start(ActorSystem system) => (among as IActorSystemDependentAllocationStrategy)?.Start(system);

    public Task<IActorRef> AllocateShard(IActorRef requester, string shardId, IImmutableDictionary<IActorRef, IImmutableList<string>> allocations) =>
        among.AllocateShard(requester, shardId, Staying(allocations));

    public Task<IImmutableSet<string>> Rebalance(IImmutableDictionary<IActorRef, IImmutableList<string>> allocations, IImmutableSet<string> inProgress)
    {
        if (inProgress.Count > 0) return None;
        var staying = Staying(allocations);
        if (staying.Count == allocations.Count) return among.Rebalance(allocations, inProgress);
        if (cluster.State.Unreachable.Count > 0) return None; // Every node has to take note of a move.
        var moves = allocations.Where(region => !staying.ContainsKey(region.Key)).SelectMany(region => region.Value).Take(perRound).ToImmutableHashSet();
        return moves.Count > 0 ? Task.FromResult<IImmutableSet<string>>(moves) : among.Rebalance(staying, inProgress);
    }

    /// <summary>All, when none would stay.</summary>
    private IImmutableDictionary<IActorRef, IImmutableList<string>> Staying(IImmutableDictionary<IActorRef, IImmutableList<string>> allocations)
    {
        var staying = allocations.RemoveRange(allocations.Keys.Where(leaving.Has));
        return staying.Count > 0 ? staying : allocations;
    }
}
