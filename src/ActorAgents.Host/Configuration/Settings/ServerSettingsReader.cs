using ActorAgents.AspNetCore;
using Microsoft.Extensions.Configuration;

namespace ActorAgents.Host.Configuration.Settings;

/// <summary>Reads the settings of <c>serve</c>.</summary>
internal sealed class ServerSettingsReader(SettingsSource source, ICollection<Mistake> mistakes) : SectionReader(source, mistakes)
{
    private const string Urls = "Urls", Keys = "Keys", AllowedOrigins = "AllowedOrigins", MaxRequestBytes = "MaxRequestBytes",
        PerKey = "PerKey", PerTenant = "PerTenant", Probe = "Probe", Telemetry = "Telemetry",
        Hash = "Hash", Scopes = "Scopes", Tenant = "Tenant", RequestsPerMinute = "RequestsPerMinute", Concurrent = "Concurrent",
        OtlpEndpoint = "OtlpEndpoint", Prometheus = "Prometheus", SensitiveData = "SensitiveData";

    public static readonly string[] Names = [Urls, Keys, AllowedOrigins, MaxRequestBytes, PerKey, PerTenant, Probe, Telemetry];

    public ServerSettings Read() => new(
        ReadUrls(), [.. Root.GetSection(Keys).GetChildren().Select(ReadKey).OfType<ApiKey>()], Origins(), Whole(Root, MaxRequestBytes),
        Limits(PerKey), Limits(PerTenant), Flag(Root, Probe), ReadTelemetry());

    private IReadOnlyList<string> ReadUrls()
    {
        var urls = Texts(Root, Urls);
        foreach (var url in urls.Where(url => !ServerSettings.IsUrl(url))) Add(Root.GetSection(Urls), $"has '{url}', which is not a URL to listen at: use {ServerSettings.UrlForm}.");
        return urls.Count > 0 ? urls : [ServerSettings.DefaultUrl];
    }

    private IReadOnlyList<string> Origins()
    {
        var origins = Texts(Root, AllowedOrigins);
        foreach (var origin in origins.Where(origin => !Uri.TryCreate(origin, UriKind.Absolute, out var uri) || uri.GetLeftPart(UriPartial.Authority) != origin))
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

    private RequestLimits? Limits(string name)
    {
        var section = Root.GetSection(name);
        if (!section.Exists()) return null;
        OnlyKnown(section, [RequestsPerMinute, Concurrent]);
        return new(Whole(section, RequestsPerMinute, 0) ?? 0, Whole(section, Concurrent, 0) ?? 0);
    }

    private TelemetrySettings ReadTelemetry()
    {
        var section = Root.GetSection(Telemetry);
        OnlyKnown(section, [OtlpEndpoint, Prometheus, SensitiveData]);
        Uri? endpoint = null;
        if (Text(section, OtlpEndpoint) is { } text && !(Uri.TryCreate(text, UriKind.Absolute, out endpoint) && endpoint.Scheme is "http" or "https"))
            Add(section.GetSection(OtlpEndpoint), $"must be an http or https URL, such as http://127.0.0.1:4317, not '{text}'.");
        return new(endpoint, Flag(section, Prometheus, otherwise: true), Flag(section, SensitiveData));
    }
}
