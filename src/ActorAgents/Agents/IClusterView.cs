namespace ActorAgents;

/// <summary>The nodes that agents are on, for whoever shows them. There is one where the process is a node of a cluster; one that is alone has none.</summary>
public interface IClusterView
{
    /// <summary>Asks all nodes at once; takes a second at most, and less when all answer.</summary>
    /// <returns>Oldest first. Empty until this node has joined.</returns>
    Task<IReadOnlyList<NodeView>> GetNodesAsync(CancellationToken cancellationToken = default);
}

/// <summary>A node of the cluster, as seen from this one.</summary>
/// <param name="Name">As <c>host:port</c>.</param>
/// <param name="State">Joining, WeaklyUp, Up, Leaving, Exiting or Down.</param>
/// <param name="IsReachable">False when a node misses its heartbeats.</param>
/// <param name="IsSelf">Whether it is the node that tells.</param>
/// <param name="Buckets">How many of the buckets it has that agents are in; each is on one node. Null when that is not known.</param>
/// <param name="Status">The counts of its runtime. Null when it did not answer in time, or is not up.</param>
public sealed record NodeView(string Name, IReadOnlyList<string> Roles, string State, bool IsReachable, bool IsSelf, int? Buckets, RuntimeStatus? Status);
