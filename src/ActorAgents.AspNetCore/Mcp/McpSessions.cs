using Microsoft.AspNetCore.Http;
using ModelContextProtocol.Server;

namespace ActorAgents.AspNetCore;

/// <summary>The sessions that live, each with its maker.</summary>
internal sealed class McpSessions
{
    /// <summary>What one maker may have: the SDK's own bound is one for all, and makes room by ending the sessions of whoever was idle for longest.</summary>
    public const int Share = 1_000;

    private readonly Dictionary<string, (string Maker, CancellationToken Ended)> _live = [];

    public int Count
    {
        get { lock (_live) return _live.Count; }
    }

    /// <summary>Runs a session to its end.</summary>
    /// <exception cref="HttpErrorException">Its maker has too many.</exception>
    public Task RunAsync(HttpContext http, McpServer server, CancellationToken ended)
    {
        if (server.SessionId is not { Length: > 0 } id) return server.RunAsync(ended); // It lives as long as its request.
        var maker = ((McpCaller)http.User).Maker;
        lock (_live)
        {
            if (_live.Values.Count(session => session.Maker == maker) >= Share)
                throw new HttpErrorException(new(StatusCodes.Status429TooManyRequests, "too_many_sessions", $"This key has {Share} sessions, the most that it may. End those that are done with DELETE.")
                {
                    RetryAfter = TimeSpan.FromMinutes(1),
                });
            _live[id] = (maker, ended);
        }
        return RunAsync(id, server, ended);
    }

    /// <summary>Whether the session that a request came in has ended.</summary>
    public bool HasEnded(HttpContext http)
    {
        lock (_live) return http.Features.Get<McpServer>()?.SessionId is { Length: > 0 } id && (!_live.TryGetValue(id, out var session) || session.Ended.IsCancellationRequested);
    }

    private async Task RunAsync(string id, McpServer server, CancellationToken ended)
    {
        try { await server.RunAsync(ended); }
        finally { lock (_live) _live.Remove(id); }
    }
}
