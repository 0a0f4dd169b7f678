using System.Net;
using ActorAgents.AspNetCore;
using ActorAgents.Host.Configuration.Agents;
using Microsoft.Extensions.Configuration;

namespace ActorAgents.Host.Configuration.Settings;

/// <summary>Reads the settings of <c>serve</c>.</summary>
internal sealed class ServerSettingsReader(SettingsSource source, ICollection<Mistake> mistakes) : SectionReader(source, mistakes)
{
    private const string Urls = "Urls", Keys = "Keys", AllowedOrigins = "AllowedOrigins", MaxRequestBytes = "MaxRequestBytes",
        PerKey = "PerKey", PerTenant = "PerTenant", Proxies = "Proxies", Probe = "Probe", Telemetry = "Telemetry",
        KeepResponses = "KeepResponses", MaxResponseAgents = "MaxResponseAgents", Hash = "Hash", Scopes = "Scopes", Tenant = "Tenant", RequestsPerMinute = "RequestsPerMinute", Concurrent = "Concurrent",
        OtlpEndpoint = "OtlpEndpoint", Prometheus = "Prometheus", SensitiveData = "SensitiveData";

    public static readonly string[] Names = [Urls, Keys, AllowedOrigins, Proxies, MaxRequestBytes, PerKey, PerTenant, KeepResponses, MaxResponseAgents, Probe, Telemetry];

    private static readonly ActorAgentsHttpOptions Defaults = new();

    public ServerSettings Read()
    {
        ApiKey[] keys = [.. Section(Keys).GetChildren().Select(ReadKey).OfType<ApiKey>()];
        return new(ReadUrls(), keys, Origins(), ReadProxies(keys), Whole(Root, MaxRequestBytes, otherwise: "8 MiB"),
            Limits(PerKey, Defaults.PerKey), Limits(PerTenant, Defaults.PerTenant),
            ReadKeepResponses(), Whole(Root, MaxResponseAgents, otherwise: $"{Defaults.MaxResponseAgents}"), Flag(Root, Probe), ReadTelemetry());
    }

    private IReadOnlyList<string> ReadUrls()
    {
        var urls = Texts(Root, Urls);
        foreach (var url in urls.Where(url => !ServerSettings.IsUrl(url))) Add(Root.GetSection(Urls), $"has '{url}', which is not a URL to listen at: use {ServerSettings.UrlForm}.");
        return urls.Count > 0 ? urls : [ServerSettings.DefaultUrl];
    }

    private IReadOnlyList<string> Origins()
    {
        var origins = Texts(Root, AllowedOrigins);
        foreach (var origin in origins.Where(origin => !ActorAgentsHttpOptions.IsOrigin(origin)))
            Add(Root.GetSection(AllowedOrigins), $"has '{origin}', which is not an origin: use a scheme, a host and a port where it is not the usual one, such as https://app.example.com.");
        return origins;
    }

    private ApiKey? ReadKey(IConfigurationSection key)
    {
        OnlyKnown(key, [Hash, Scopes, Tenant]);
        try
        {
            return new ApiKey(key.Key, Text(key, Hash) ?? "", Texts(key, Scopes), Text(key, Tenant));
        }
        catch (ArgumentException mistake)
        {
            Add(key, $"is no key: {mistake.Message.Split(" (Parameter")[0]} The command 'key' makes one.");
            return null;
        }
    }

    private IReadOnlyList<IPAddress> ReadProxies(IReadOnlyCollection<ApiKey> keys)
    {
        List<IPAddress> proxies = [];
        foreach (var text in Texts(Root, Proxies))
        {
            if (IPAddress.TryParse(text, out var address)) proxies.Add(address);
            else Add(Root.GetSection(Proxies), $"has '{text}', which is not an IP address.");
        }
        if (proxies.Count > 0 && keys.Count == 0) Add(Root.GetSection(Proxies), "lets proxies call for others, and no key is configured. The command 'key' makes one.");
        return proxies;
    }

    private RequestLimits Limits(string name, RequestLimits defaults)
    {
        var section = Section(name);
        OnlyKnown(section, [RequestsPerMinute, Concurrent]);
        return new(
            Whole(section, RequestsPerMinute, 0, $"{defaults.RequestsPerMinute}; 0 means no bound") ?? defaults.RequestsPerMinute,
            Whole(section, Concurrent, 0, $"{defaults.Concurrent}; 0 means no bound") ?? defaults.Concurrent);
    }

    private TimeSpan? ReadKeepResponses()
    {
        if (Text(Root, KeepResponses) is not { } text) return null;
        if (Limit.Time(text) is { } time) return time;
        Add(Root.GetSection(KeepResponses), $"must be seconds as a number above 0, or \"hh:mm:ss\", and at most 365 days, not '{text}'.");
        return null;
    }

    private TelemetrySettings ReadTelemetry()
    {
        var section = Section(Telemetry);
        OnlyKnown(section, [OtlpEndpoint, Prometheus, SensitiveData]);
        Uri? endpoint = null;
        if (Text(section, OtlpEndpoint) is { } text && !(Uri.TryCreate(text, UriKind.Absolute, out endpoint) && endpoint.Scheme is "http" or "https"))
            Add(section.GetSection(OtlpEndpoint), $"must be an http or https URL, such as http://127.0.0.1:4317, not '{text}'.");
        return new(endpoint, Flag(section, Prometheus, otherwise: true), Flag(section, SensitiveData));
    }
}
