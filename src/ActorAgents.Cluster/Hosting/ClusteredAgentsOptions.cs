namespace ActorAgents.Cluster;

/// <summary>How a process takes part in a cluster of agents.</summary>
public sealed class ClusteredAgentsOptions
{
    /// <summary>The role of the nodes that agents live on.</summary>
    public const string AgentsRole = "agents";

    /// <summary>The address to listen on; this machine only unless changed. Whoever reaches it can join the cluster, unless <see cref="Tls"/> is set.</summary>
    public string Host { get; set; } = "127.0.0.1";

    /// <summary>The port to listen on; 0 takes a free one.</summary>
    public int Port { get; set; } = 2552;

    /// <summary>The name or address by which other nodes reach this one; <see cref="Host"/> unless given. Needed where <see cref="Host"/> is all addresses (0.0.0.0).</summary>
    public string? PublicHost { get; set; }

    /// <summary>The port by which other nodes reach this one; <see cref="Port"/> unless given.</summary>
    public int? PublicPort { get; set; }

    /// <summary>
    /// The nodes to join, as <c>host:port</c>, the same list in the same order on every node. One that answers suffices; only the first of the list starts a cluster
    /// when none does. A node that stands alone names itself.
    /// </summary>
    public IList<string> SeedNodes { get; } = [];

    /// <summary>Whether agents live on this node (<see cref="AgentsRole"/>). A node without them uses those of the others, as one that only serves HTTP.</summary>
    public bool HostsAgents { get; set; } = true;

    /// <summary>Further roles, for what else the application places in the cluster.</summary>
    public IList<string> Roles { get; } = [];

    /// <summary>
    /// How long nodes must have been unreachable, and nothing else changed, until the majority excludes them and the minority stops: shorter moves agents sooner, longer
    /// survives longer breaks of the network. With 5 s the agents of a killed process are elsewhere after 13 to 16 s.
    /// </summary>
    /// <remarks>Of two halves the one with the lowest address goes on, so that two nodes cannot rely on either to survive the other: use three.</remarks>
    public TimeSpan StableAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Certificates by which nodes know each other. Without it they speak in the clear with whoever connects.</summary>
    public ClusterTlsOptions? Tls { get; set; }
}
