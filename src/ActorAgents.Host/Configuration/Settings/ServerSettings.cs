using ActorAgents.AspNetCore;

namespace ActorAgents.Host.Configuration.Settings;

/// <summary>What <c>serve</c> is told.</summary>
/// <param name="Urls">Where it listens.</param>
/// <param name="AllowedOrigins">Sites whose pages may call.</param>
/// <param name="Probe">Whether <c>/probe</c> is served.</param>
internal sealed record ServerSettings(
    IReadOnlyList<string> Urls, IReadOnlyList<ApiKey> Keys, IReadOnlyList<string> AllowedOrigins, long? MaxRequestBytes,
    RequestLimits? PerKey, RequestLimits? PerTenant, bool Probe, TelemetrySettings Telemetry)
{
    public const string DefaultUrl = "http://127.0.0.1:5080";

    public const string UrlForm = "http:// or https://, a host and a port, such as http://127.0.0.1:5080";

    public static bool IsUrl(string url) => Uri.TryCreate(url.Replace("://+", "://any", StringComparison.Ordinal).Replace("://*", "://any", StringComparison.Ordinal), UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https" && uri.PathAndQuery == "/";

    /// <summary>Whether only this machine reaches it.</summary>
    public static bool IsLocal(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.IsLoopback;
}

/// <param name="OtlpEndpoint">Where traces and metrics are sent to; absent, nowhere.</param>
/// <param name="Prometheus">Whether <c>/metrics</c> is served.</param>
/// <param name="SensitiveData">Whether traces carry prompts and answers.</param>
internal sealed record TelemetrySettings(Uri? OtlpEndpoint, bool Prometheus, bool SensitiveData);
