using System.Globalization;
using System.Net;

namespace ActorAgents.Cluster;

/// <summary>Options that have been found to be right.</summary>
/// <param name="Seeds">Of which the node itself may be one.</param>
internal sealed record ClusterPlan(ClusteredAgentsOptions Options, IReadOnlyList<HostPort> Seeds, NodeCertificates? Certificates)
{
    /// <summary>How others reach this node, as configured: the port may be 0.</summary>
    public HostPort Self => new(Options.PublicHost ?? Options.Host, Options.PublicPort ?? Options.Port);

    /// <summary>Whether others than this machine can connect.</summary>
    public bool IsOpen => !(Options.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(Options.Host, out var ip) && IPAddress.IsLoopback(ip)));

    /// <exception cref="AgentConfigurationException">With a sentence for each mistake.</exception>
    public static ClusterPlan Of(ClusteredAgentsOptions options)
    {
        var mistakes = new List<string>();
        if (string.IsNullOrWhiteSpace(options.Host)) mistakes.Add("Host is empty: give the address to listen on, as 0.0.0.0 for all.");
        else if (IPAddress.TryParse(options.Host, out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any)) && options.PublicHost is null)
            mistakes.Add($"Host is {options.Host}, all addresses, by which nobody can be reached: set PublicHost to the name or address that other nodes use.");
        if (options.PublicHost is { } name && string.IsNullOrWhiteSpace(name)) mistakes.Add("PublicHost is blank: leave it out, or give a name or an address.");
        if (options.Port is < 0 or > 65535) mistakes.Add($"Port is {options.Port}: use 1 to 65535, or 0 for a free one.");
        if (options.PublicPort is < 1 or > 65535) mistakes.Add($"PublicPort is {options.PublicPort}: use 1 to 65535.");
        if (options.StableAfter < TimeSpan.FromSeconds(1) || options.StableAfter > TimeSpan.FromMinutes(5))
            mistakes.Add($"StableAfter is {options.StableAfter}: use 1 s to 5 min.");
        foreach (var role in options.Roles.Where(string.IsNullOrWhiteSpace)) mistakes.Add($"Roles has '{role}': give each a name.");
        if (options.Roles.Contains(ClusteredAgentsOptions.AgentsRole) && !options.HostsAgents)
            mistakes.Add($"Roles has '{ClusteredAgentsOptions.AgentsRole}' and HostsAgents is false: leave one of them out.");
        var seeds = SeedsOf(options, mistakes);
        var certificates = options.Tls is null ? null : NodeCertificates.Read(options.Tls, mistakes);
        return mistakes.Count == 0
            ? new ClusterPlan(options, seeds, certificates)
            : throw new AgentConfigurationException($"{nameof(ClusteredAgentsOptions)}: {string.Join(" ", mistakes)}");
    }

    private static List<HostPort> SeedsOf(ClusteredAgentsOptions options, List<string> mistakes)
    {
        var seeds = new List<HostPort>();
        if (options.SeedNodes.Count == 0) mistakes.Add("SeedNodes is empty: name the nodes to join as host:port, the same on every node; one that stands alone names itself.");
        foreach (var text in options.SeedNodes)
        {
            if (HostPort.TryParse(text, out var seed)) seeds.Add(seed);
            else mistakes.Add($"SeedNodes has '{text}': write host:port, as node1.example.com:2552.");
        }
        return seeds;
    }
}

/// <summary>Where a node is.</summary>
internal readonly record struct HostPort(string Host, int Port)
{
    public static bool TryParse(string? text, out HostPort parsed)
    {
        parsed = default;
        if (text?.LastIndexOf(':') is not (> 0 and var colon)) return false;
        var host = text[..colon];
        if (host is ['[', .., ']']) host = host[1..^1];
        if (Uri.CheckHostName(host) == UriHostNameType.Unknown) return false;
        if (!int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > 65535) return false;
        parsed = new HostPort(host, port);
        return true;
    }
}
