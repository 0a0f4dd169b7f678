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

    /// <summary>Asks each node that hosts agents how many of the <see cref="BucketCount"/> buckets it has; by <see cref="ClusterNode.Address"/>. A node that does not answer within 3 s is missing.</summary>
    public Task<IReadOnlyDictionary<string, int>> CountBucketsAsync(CancellationToken cancellationToken = default) => CountBucketsAsync(CountWithin, cancellationToken);

    /// <remarks>Not by the coordinator's count of the whole cluster, which is of no node as long as one does not answer.</remarks>
    internal async Task<IReadOnlyDictionary<string, int>> CountBucketsAsync(TimeSpan within, CancellationToken cancellationToken)
    {
        var counts = await Task.WhenAll(Nodes.Where(node => node.HostsAgents).Select(async node =>
            (node.Address, Stats: await AskAsync(node, ShardedPlacement.RegionPath, GetShardRegionStats.Instance, within, cancellationToken).ConfigureAwait(false)))).ConfigureAwait(false);
        return counts.Where(count => count.Stats is not null).ToDictionary(count => count.Address, count => ((ShardRegionStats)count.Stats!).Stats.Values.Sum());
    }

    /// <returns>What the actor at that path on that node answered; null when it did not in time.</returns>
    internal async Task<object?> AskAsync(ClusterNode node, string path, object question, TimeSpan within, CancellationToken cancellationToken)
    {
        var self = _cluster.SelfAddress;
        var actor = _system.ActorSelection($"{self.Protocol}://{self.System}@{node.Address}{path}");
        try { return await actor.AskAsync<object>(question, within, cancellationToken).ConfigureAwait(false); }
        catch (AskTimeoutException) { return null; }
    }

    /// <summary>How many buckets the agents of a cluster are in. Never changes.</summary>
    public static int BucketCount => Buckets.Count;

    internal HealthCheckResult Check() => NotReady is { } reason ? HealthCheckResult.Unhealthy(reason) : HealthCheckResult.Healthy();

    internal static string NameOf(Address address) => $"{address.Host}:{address.Port}";
}

/// <summary>A member of the cluster.</summary>
/// <param name="Address">As <c>host:port</c>.</param>
/// <param name="Status">Joining, WeaklyUp, Up, Leaving, Exiting or Down, as Akka names them.</param>
/// <param name="Reachable">Whether nobody misses its heartbeats.</param>
/// <param name="IsSelf">Whether it is the node that tells.</param>
public sealed record ClusterNode(string Address, IReadOnlyList<string> Roles, string Status, bool Reachable, bool IsSelf)
{
    /// <summary>Whether agents live on it.</summary>
    public bool HostsAgents => Roles.Contains(ClusteredAgentsOptions.AgentsRole);
}

/// <summary>Adds the status to an application.</summary>
public static class ClusterStatusExtensions
{
    /// <summary>Lets <see cref="ClusterStatus"/> and <see cref="IClusterView"/> be injected, where the application's actor system has <see cref="ClusteredAgentsExtensions.WithClusteredAgents"/>.</summary>
    public static IServiceCollection AddClusterStatus(this IServiceCollection services) => services
        .AddSingleton(provider => ClusterStatus.Of(provider.GetRequiredService<ActorSystem>()))
        .AddSingleton<IClusterView>(provider => new ClusterView(provider.GetRequiredService<ClusterStatus>()));
}
