using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace ActorAgents.AspNetCore;

/// <summary>What the path of a request names: <c>/agents/{kind}/{key}/turns/{turn}</c>.</summary>
internal static class Route
{
    private const int KeySegment = 2;

    public static string Kind(HttpContext http) => Value(http, "kind");

    /// <exception cref="HttpErrorException">No such kind, or the key is malformed.</exception>
    public static Agent Agent(HttpContext http) => Caller.Agent(http, Kind(http), Key(http));

    /// <exception cref="HttpErrorException">Malformed.</exception>
    public static TurnId Turn(HttpContext http) => Caller.Turn(Value(http, "turn"));

    public static string Value(HttpContext http, string name) => (string)http.GetRouteValue(name)!;

    /// <summary>The key may have any character, a slash too. The server leaves <c>%2F</c> as it is, so that only the path as it was sent tells it from <c>%252F</c>.</summary>
    private static string Key(HttpContext http)
    {
        var decoded = Value(http, "key");
        if (!decoded.Contains("%2F", StringComparison.OrdinalIgnoreCase)) return decoded;
        var sent = http.Features.Get<IHttpRequestFeature>()!.RawTarget.Split('?')[0].TrimStart('/').Split('/');
        var before = http.Request.PathBase.Value!.Count(c => c == '/');
        return sent.Length > before + KeySegment ? Uri.UnescapeDataString(sent[before + KeySegment]) : decoded;
    }
}
