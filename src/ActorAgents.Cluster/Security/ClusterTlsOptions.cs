namespace ActorAgents.Cluster;

/// <summary>Mutual TLS between nodes: each shows a certificate, on both ends of a connection, and takes only those of one authority.</summary>
public sealed class ClusterTlsOptions
{
    /// <summary>A PKCS #12 file (.pfx) with this node's certificate and its private key. Read at start: a new certificate needs a restart.</summary>
    public string Certificate { get; set; } = "";

    /// <summary>The password of <see cref="Certificate"/>. Take it from the environment or a secret store, not from a file of settings. It is never logged.</summary>
    public string? Password { get; set; }

    /// <summary>
    /// A PEM file with the authority, or several while one replaces the other, whose certificates are let in, and any between it and the nodes' certificates, which nodes do not show; those that the machine trusts are not. Every certificate that it issued opens the
    /// cluster, so it should issue for nothing else.
    /// </summary>
    public string Authority { get; set; } = "";

    /// <summary>Whether a node that is connected to must also have the name or address in its certificate by which it was reached.</summary>
    public bool CheckHostNames { get; set; }
}
