using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using AkkaCluster = Akka.Cluster.Cluster;

namespace ActorAgents.Cluster;

/// <summary>The cluster as this node sees it. Safe on every thread.</summary>
public sealed class ClusterStatus
{
    private static readonly TimeSpan CountWithin = TimeSpan.FromSeconds(3);

    private readonly ActorSystem _system;
    private readonly AkkaCluster _cluster;

    private ClusterStatus(ActorSystem system) => (_system, _cluster) = (system, AkkaCluster.Get(system));

    /// <summary>The status of a node with <see cref="ClusteredAgentsExtensions.WithClusteredAgents"/>.</summary>
    public static ClusterStatus Of(ActorSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        return new(system);
    }

    /// <summary>The members, oldest first, this node among them once it has joined.</summary>
    public IReadOnlyList<ClusterNode> Nodes
    {
        get
        {
            var state = _cluster.State;
            return
            [
                .. state.Members.Order(Member.AgeOrdering).Select(member => new ClusterNode(
                    NameOf(member.Address), [.. member.Roles.Order(StringComparer.Ordinal)], member.Status.ToString(),
                    !state.Unreachable.Contains(member), member.UniqueAddress == _cluster.SelfUniqueAddress)),
            ];
        }
    }

    /// <summary>Null when this node is up and reaches more than half of those that are; otherwise why it should get no traffic.</summary>
    public string? NotReady
    {
        get
        {
            if (_cluster.IsTerminated) return "This node has left the cluster.";
            var own = _cluster.SelfMember.Status;
            if (own != MemberStatus.Up) return own == MemberStatus.Removed ? "This node has not joined the cluster." : $"This node is {own}.";
            var nodes = Nodes.Where(node => node.Status == nameof(MemberStatus.Up)).ToList();
            var reachable = nodes.Count(node => node.Reachable);
            return reachable * 2 > nodes.Count ? null : $"This node reaches {reachable} of the {nodes.Count} nodes, itself included, which is no majority.";
        }
    }

    /// <summary>Asks each node how many of the <see cref="BucketCount"/> buckets it has; by <see cref="ClusterNode.Address"/>. A node that does not answer within 3 s is missing.</summary>
    public async Task<IReadOnlyDictionary<string, int>> CountBucketsAsync(CancellationToken cancellationToken = default)
    {
        var placement = _system.Settings.Setup.Get<PlacementSetup>();
        if (!placement.HasValue) throw new InvalidOperationException($"This actor system places no agents: call {nameof(ClusteredAgentsExtensions.WithClusteredAgents)} when configuring it.");
        var stats = await placement.Value.Placement.Agents
            .Ask<ClusterShardingStats>(new GetClusterShardingStats(CountWithin), CountWithin + TimeSpan.FromSeconds(1), cancellationToken).ConfigureAwait(false);
        return stats.Regions.ToDictionary(region => NameOf(region.Key), region => region.Value.Stats.Values.Sum());
    }

    /// <summary>How many buckets the agents of a cluster are in. Never changes.</summary>
    public static int BucketCount => Buckets.Count;

    internal HealthCheckResult Check() => NotReady is { } reason ? HealthCheckResult.Unhealthy(reason) : HealthCheckResult.Healthy();

    private static string NameOf(Address address) => $"{address.Host}:{address.Port}";
}

/// <summary>A member of the cluster.</summary>
/// <param name="Address">As <c>host:port</c>.</param>
/// <param name="Status">Joining, WeaklyUp, Up, Leaving, Exiting or Down, as Akka names them.</param>
/// <param name="Reachable">Whether nobody misses its heartbeats.</param>
/// <param name="IsSelf">Whether it is the node that tells.</param>
public sealed record ClusterNode(string Address, IReadOnlyList<string> Roles, string Status, bool Reachable, bool IsSelf);

/// <summary>Adds the status to an application.</summary>
public static class ClusterStatusExtensions
{
    /// <summary>Lets <see cref="ClusterStatus"/> be injected, where the application's actor system has <see cref="ClusteredAgentsExtensions.WithClusteredAgents"/>.</summary>
    public static IServiceCollection AddClusterStatus(this IServiceCollection services) =>
        services.AddSingleton(provider => ClusterStatus.Of(provider.GetRequiredService<ActorSystem>()));
}
