using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace ActorAgents.AspNetCore;

/// <summary>What the path of a request names: <c>/agents/{kind}/{key}/turns/{turn}</c>.</summary>
internal static class Route
{
    public static string Kind(HttpContext http) => Value(http, "kind");

    /// <exception cref="HttpErrorException">The key is malformed.</exception>
    /// <exception cref="UnknownAgentException">No such kind.</exception>
    public static Agent Agent(HttpContext http) => Caller.Agent(http, Kind(http), Key(http));

    /// <exception cref="HttpErrorException">Malformed.</exception>
    public static TurnId Turn(HttpContext http) => Caller.Turn(Value(http, "turn"));

    public static string Value(HttpContext http, string name) => (string)http.GetRouteValue(name)!;

    /// <summary>The path as it was sent, without a slash at its end: what further paths are built on.</summary>
    public static string Sent(HttpContext http)
    {
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (Uri.TryCreate(target, UriKind.Absolute, out var whole) && whole.Scheme is "http" or "https") target = target[target.IndexOf('/', whole.Scheme.Length + 3)..];
        return target.Split('?')[0].TrimEnd('/');
    }

    /// <summary>The key may have any character, a slash too. The server leaves <c>%2F</c> as it is, so that only the path as it was sent tells it from <c>%252F</c>.</summary>
    public static string Key(HttpContext http)
    {
        var routed = Value(http, "key");
        if (!routed.Contains("%2F", StringComparison.OrdinalIgnoreCase)) return routed;
        var sent = Sent(http).Split('/').FirstOrDefault(part =>
            Uri.UnescapeDataString(part.Replace("%2F", "%252F", StringComparison.Ordinal).Replace("%2f", "%252f", StringComparison.Ordinal)) == routed);
        return sent is null ? routed : Uri.UnescapeDataString(sent);
    }
}
