using System.Net;
using ActorAgents.Host.Configuration.Agents;
using Microsoft.Extensions.Configuration;

namespace ActorAgents.Host.Configuration.Settings;

/// <summary>Reads how a process joins others.</summary>
internal sealed class ClusterSettingsReader(SettingsSource source, ICollection<Mistake> mistakes) : SectionReader(source, mistakes)
{
    public const string Name = "Cluster";

    private const string Host = "Host", Port = "Port", PublicHost = "PublicHost", PublicPort = "PublicPort", Seeds = "Seeds", StableAfter = "StableAfter",
        Tls = "Tls", Certificate = "Certificate", Password = "Password", Authority = "Authority", CheckHostNames = "CheckHostNames";

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    public ClusterSettings Read()
    {
        var section = Section(Name);
        OnlyKnown(section, [Host, Port, PublicHost, PublicPort, Seeds, StableAfter, Tls]);
        var host = ReadHost(section, Host) ?? ClusterSettings.DefaultHost;
        var name = ReadHost(section, PublicHost);
        if (name is null && IPAddress.TryParse(host.Trim('[', ']'), out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)))
            Add(section.GetSection(PublicHost), $"is missing: {Host} is {host}, by which nobody is reached.");
        return new(
            host, ReadPort(section, Port, 0, $"{ClusterSettings.DefaultPort}; 0 is any free port") ?? ClusterSettings.DefaultPort,
            name, ReadPort(section, PublicPort, 1, "the port that it listens at"), ReadSeeds(section), ReadStableAfter(section), ReadTls(section));
    }

    private string? ReadHost(IConfigurationSection section, string key)
    {
        if (Text(section, key) is not { } host) return null;
        if (Uri.CheckHostName(host.Trim('[', ']')) != UriHostNameType.Unknown) return host;
        Add(section.GetSection(key), $"must be a host name or an IP address, not '{host}'.");
        return null;
    }

    /// <returns>Null when it is absent or wrong.</returns>
    private int? ReadPort(IConfigurationSection section, string key, int least, string otherwise)
    {
        if (Whole(section, key, least, otherwise) is not { } port) return null;
        if (port <= ushort.MaxValue) return port;
        Add(section.GetSection(key), $"must be at most {ushort.MaxValue}, not {port}.");
        return null;
    }

    private IReadOnlyList<NodeAddress> ReadSeeds(IConfigurationSection section)
    {
        List<NodeAddress> seeds = [];
        foreach (var text in Texts(section, Seeds))
        {
            if (NodeAddress.Parse(text) is { } address) seeds.Add(address);
            else Add(section.GetSection(Seeds), $"has '{text}', which is not {NodeAddress.Form}.");
        }
        return seeds;
    }

    private TimeSpan? ReadStableAfter(IConfigurationSection section)
    {
        if (Text(section, StableAfter) is not { } text) return null;
        if (Limit.Time(text) is { } time && time >= Shortest && time <= Longest) return time;
        Add(section.GetSection(StableAfter), $"must be seconds as a number from {Shortest.TotalSeconds}, or \"hh:mm:ss\", and at most {Longest.TotalMinutes} minutes, not '{text}'.");
        return null;
    }

    private TlsSettings? ReadTls(IConfigurationSection section)
    {
        var tls = section.GetSection(Tls);
        if (!string.IsNullOrEmpty(tls.Value)) Add(tls, "must be an object, not a single value.");
        OnlyKnown(tls, [Certificate, Password, Authority, CheckHostNames]);
        if (!tls.GetChildren().Any()) return null;
        var certificate = ReadFile(tls, Certificate, "the PKCS #12 file (.pfx, .p12) with this node's certificate and its key");
        var authority = ReadFile(tls, Authority, "the PEM file with the authority whose certificates are let in");
        var check = Flag(tls, CheckHostNames);
        return certificate is null || authority is null ? null : new(certificate, Text(tls, Password), authority, check);
    }

    private string? ReadFile(IConfigurationSection section, string key, string what)
    {
        if (Text(section, key) is not { } file) Add(section.GetSection(key), $"is missing: {what}.");
        else if (!File.Exists(file)) Add(section.GetSection(key), $"names the file '{file}', which does not exist.");
        else return Path.GetFullPath(file);
        return null;
    }
}
