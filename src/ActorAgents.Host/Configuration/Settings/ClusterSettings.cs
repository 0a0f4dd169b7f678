using System.Globalization;
using System.Net;

namespace ActorAgents.Host.Configuration.Settings;

/// <summary>How a process joins others. Read in every role, needed in those of a cluster.</summary>
/// <param name="Host">The address it listens at for the others, and <paramref name="Port"/> with it; 0 is any free port.</param>
/// <param name="PublicHost">The name by which the others reach it, where that is not <paramref name="Host"/>; <paramref name="PublicPort"/> likewise.</param>
/// <param name="Seeds">Whom it asks to be let in. The first of them begins a cluster when it finds none.</param>
/// <param name="StableAfter">How long the nodes must agree on who is unreachable before they go on without those; absent, as the library has it.</param>
/// <param name="Tls">Absent: the others are talked to in the clear.</param>
internal sealed record ClusterSettings(
    string Host, int Port, string? PublicHost, int? PublicPort, IReadOnlyList<NodeAddress> Seeds, TimeSpan? StableAfter, TlsSettings? Tls)
{
    public const string DefaultHost = "127.0.0.1";
    public const int DefaultPort = 2552;

    /// <summary>Whether only processes of this machine reach it.</summary>
    public bool IsLocal => Host == "localhost" || IPAddress.TryParse(Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address);
}

/// <param name="Certificate">A PKCS #12 file with this node's certificate and its key.</param>
/// <param name="Authority">A PEM file with the authority whose certificates are let in.</param>
/// <param name="CheckHostNames">Whether a certificate must also name the host it is met at.</param>
internal sealed record TlsSettings(string Certificate, string? Password, string Authority, bool CheckHostNames);

/// <summary>Where a node of the cluster is reached.</summary>
internal sealed record NodeAddress(string Host, int Port)
{
    public const string Form = "host:port, such as 10.0.0.5:2552";

    /// <returns>Null when it is malformed.</returns>
    public static NodeAddress? Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        var host = colon < 1 ? "" : text[..colon];
        if (Uri.CheckHostName(host.Trim('[', ']')) == UriHostNameType.Unknown) return null;
        return int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= ushort.MaxValue ? new(host, port) : null;
    }

    public override string ToString() => $"{Host}:{Port.ToString(CultureInfo.InvariantCulture)}";
}
