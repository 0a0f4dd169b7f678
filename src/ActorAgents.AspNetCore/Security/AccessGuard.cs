using System.Net;
using Microsoft.AspNetCore.Http;

namespace ActorAgents.AspNetCore;

/// <summary>Refuses what no key would make right: callers from elsewhere while there is no key, and pages of other sites.</summary>
internal static class AccessGuard
{
    // A proxy on this machine makes everybody a local caller. Not every proxy says that it is one.
    private static readonly string[] Forwarding = ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via"];

    /// <summary>Null when the request may go on.</summary>
    /// <param name="links">Links on other sites may lead here, since being shown is all that a page does.</param>
    public static HttpError? Refusal(HttpContext http, bool links = false)
    {
        var options = http.Settings().Options;
        if (options.Keys.Count == 0 && options.AuthenticationScheme is null && NotLocal(http) is { } notLocal) return notLocal;
        return FromAnotherSite(http.Request, options) && !(links && IsLink(http.Request))
            ? new(StatusCodes.Status403Forbidden, "origin_not_allowed", "Pages of other sites may not call this server, unless their origin is configured as allowed (AllowedOrigins).")
            : null;
    }

    private static HttpError? NotLocal(HttpContext http)
    {
        if (http.Connection.RemoteIpAddress is { } from && !IPAddress.IsLoopback(from))
            return new(StatusCodes.Status403Forbidden, "keys_required", "No key is configured, so that only callers on the server's own machine are answered. Configure keys to serve others.");
        if (Forwarding.Any(http.Request.Headers.ContainsKey))
            return new(StatusCodes.Status403Forbidden, "keys_required", "No key is configured, and a proxy passed this request on for somebody else. Configure keys to serve others.");
        var host = http.Request.Host.Host;
        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address) ? null
            : new(StatusCodes.Status403Forbidden, "host_not_allowed", "No key is configured, so that the server is called by a local name only, such as 127.0.0.1 or localhost.");
    }

    private static bool IsLink(HttpRequest request) => HttpMethods.IsGet(request.Method) && request.Headers["Sec-Fetch-Mode"] == "navigate";

    /// <summary>
    /// Browsers say where a request comes from by <c>Origin</c>, or by <c>Sec-Fetch-Site</c> where they send no origin; other clients send neither. A link
    /// on another site is refused too: following it to <c>/chat?prompt=</c> would run a turn.
    /// </summary>
    private static bool FromAnotherSite(HttpRequest request, ActorAgentsHttpOptions options)
    {
        var origin = request.Headers.Origin.ToString();
        if (origin.Length == 0)
            return request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "same-origin" or "none");
        return !origin.Equals($"{request.Scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase)
            && !options.AllowedOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase);
    }
}
