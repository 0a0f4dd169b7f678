using System.Net;
using ActorAgents.AspNetCore;

namespace ActorAgents.Host.Configuration.Settings;

/// <summary>What <c>serve</c> is told.</summary>
/// <param name="Urls">Where it listens.</param>
/// <param name="AllowedOrigins">Sites whose pages may call.</param>
/// <param name="Proxies">Proxies, beside those on this machine, whose word on the caller is taken; absent, no proxy's is.</param>
/// <param name="KeepResponses">How long the agents of responses are kept, and <paramref name="MaxResponseAgents"/> how many; absent, as the server has it.</param>
/// <param name="Probe">Whether <c>/probe</c> is served.</param>
internal sealed record ServerSettings(
    IReadOnlyList<string> Urls, IReadOnlyList<ApiKey> Keys, IReadOnlyList<string> AllowedOrigins, IReadOnlyList<IPAddress> Proxies, long? MaxRequestBytes,
    RequestLimits PerKey, RequestLimits PerTenant, TimeSpan? KeepResponses, int? MaxResponseAgents, bool Probe, TelemetrySettings Telemetry)
{
    public const string DefaultUrl = "http://127.0.0.1:5080";

    public const string UrlForm = "http://, a host and a port, such as http://127.0.0.1:5080; TLS is a proxy's work";

    public static bool IsUrl(string url) => Parse(url) is { Scheme: "http", PathAndQuery: "/" };

    /// <summary>Whether only this machine reaches it.</summary>
    public static bool IsLocal(string url) => Parse(url) is { } uri && (uri.Host == "localhost" || IPAddress.TryParse(uri.Host, out var address) && IPAddress.IsLoopback(address));

    /// <summary>Whether it asks for a free port at an IPv4 and an IPv6 address together, which no server can find.</summary>
    public static bool IsAnyPortOfLocalhost(string url) => Parse(url) is { Host: "localhost", Port: 0 };

    /// <summary>How this machine reaches it.</summary>
    public static string Reached(string url) => new[] { "0.0.0.0", "[::]", "*", "+" }.Aggregate(url.TrimEnd('/'),
        static (reached, every) => reached.Replace($"://{every}:", "://127.0.0.1:", StringComparison.Ordinal));

    /// <summary>A URL whose port is 0, any free one, with that port; another as it is.</summary>
    public static string WithPort(string url, int free) => Parse(url) is { Port: 0 } ? $"{url[..(url.LastIndexOf(':') + 1)]}{free}" : url;

    // The server takes '*' and '+' for every address.
    private static Uri? Parse(string url) =>
        Uri.TryCreate(url.Replace("://+", "://any", StringComparison.Ordinal).Replace("://*", "://any", StringComparison.Ordinal), UriKind.Absolute, out var uri) ? uri : null;
}

/// <param name="OtlpEndpoint">Where traces and metrics are sent to; absent, nowhere.</param>
/// <param name="Prometheus">Whether <c>/metrics</c> is served.</param>
/// <param name="SensitiveData">Whether traces carry prompts and answers.</param>
internal sealed record TelemetrySettings(Uri? OtlpEndpoint, bool Prometheus, bool SensitiveData);
