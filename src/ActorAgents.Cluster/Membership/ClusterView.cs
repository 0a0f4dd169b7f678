using Akka.Cluster;

namespace ActorAgents.Cluster;

/// <summary>Asks the nodes.</summary>
internal sealed class ClusterView(ClusterStatus cluster) : IClusterView
{
    public static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(1);

    public async Task<IReadOnlyList<NodeView>> GetNodesAsync(CancellationToken cancellationToken)
    {
        var nodes = cluster.Nodes;
        var counting = cluster.CountBucketsAsync(AnswerWithin, cancellationToken);
        var statuses = await Task.WhenAll(nodes.Select(node => StatusOfAsync(node, cancellationToken))).ConfigureAwait(false);
        var buckets = await counting.ConfigureAwait(false);
        return [.. nodes.Zip(statuses, (node, status) => new NodeView(node.Address, node.Roles, node.Status, node.Reachable, node.IsSelf, BucketsOf(node, buckets), status))];
    }

    private static int? BucketsOf(ClusterNode node, IReadOnlyDictionary<string, int> counted) =>
        !node.HostsAgents ? 0 : counted.TryGetValue(node.Address, out var buckets) ? buckets : null;

    private async Task<RuntimeStatus?> StatusOfAsync(ClusterNode node, CancellationToken cancellationToken) => node.Status == nameof(MemberStatus.Up)
        ? (RuntimeStatus?)await cluster.AskAsync(node, NodeActor.Path, new GetStatus(), AnswerWithin, cancellationToken).ConfigureAwait(false)
        : null;
}
