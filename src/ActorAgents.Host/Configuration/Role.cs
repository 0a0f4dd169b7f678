namespace ActorAgents.Host.Configuration;

/// <summary>What a process is among others.</summary>
internal enum Role
{
    /// <summary>All there is: agents, HTTP, no network between processes.</summary>
    Local,
    /// <summary>One of a cluster, with agents; it answers HTTP for those of all nodes.</summary>
    Node,
    /// <summary>One of a cluster, without agents: it answers HTTP for those of the nodes.</summary>
    Api,
}
