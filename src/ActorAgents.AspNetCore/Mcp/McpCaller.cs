using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace ActorAgents.AspNetCore;

/// <summary>
/// The caller of one request, and that request. The SDK hands it on with the message, so that whoever answers the message reaches the agents of its
/// sender, whichever session it came in and whoever made that.
/// </summary>
internal sealed class McpCaller : ClaimsPrincipal, IAsyncDisposable
{
    private readonly HttpContext _http;
    private readonly ClaimsPrincipal _user;
    private readonly CancellationToken _gone;
    private readonly CancellationTokenSource _over;
    private readonly CancellationTokenSource _unanswered;
    private readonly Lock _gate = new();
    private TaskCompletionSource? _working;

    private McpCaller(HttpContext http) : base([Maker(http.User), .. http.User.Identities])
    {
        (_http, _user, _gone) = (http, http.User, http.RequestAborted);
        (_over, _unanswered) = (CancellationTokenSource.CreateLinkedTokenSource(_gone), CancellationTokenSource.CreateLinkedTokenSource(_gone));
        (http.User, http.RequestAborted) = (this, _unanswered.Token);
    }

    /// <summary>Makes the request's user its caller, until it is disposed.</summary>
    public static McpCaller Enter(HttpContext http) => new(http);

    /// <summary>
    /// Does the work of the request, which may use it: the request does not end before. The work is stopped when the caller goes or cancels it, and there
    /// is no answer then.
    /// </summary>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public async Task<T> WorkAsync<T>(Func<HttpContext, CancellationToken, Task<T>> work, CancellationToken cancelled)
    {
        lock (_gate)
        {
            _over.Token.ThrowIfCancellationRequested();
            _working = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        try
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancelled, _over.Token);
            try { return await work(_http, stop.Token); }
            finally { if (stop.IsCancellationRequested) await _unanswered.CancelAsync(); } // The SDK goes on waiting for an answer to send.
        }
        finally
        {
            _working.SetResult();
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate) _over.Cancel();
        if (_working is not null) await _working.Task;
        (_http.User, _http.RequestAborted) = (_user, _gone);
        _over.Dispose();
        _unanswered.Dispose();
    }

    /// <summary>A session is its maker's: the SDK compares this claim of whoever comes with a session's id.</summary>
    private static ClaimsIdentity Maker(ClaimsPrincipal user)
    {
        var name = (user.FindFirst(ClaimTypes.NameIdentifier) ?? user.FindFirst("sub") ?? user.FindFirst(ClaimTypes.Upn) ?? user.FindFirst(ClaimTypes.Name))?.Value;
        return new([new(ClaimTypes.NameIdentifier, $"{user.FindFirst(ActorAgentsClaims.Tenant)?.Value}/{name}")], "mcp");
    }
}
