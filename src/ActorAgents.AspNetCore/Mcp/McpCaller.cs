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
    private readonly CancellationTokenSource _unanswered;
    private readonly Lock _gate = new();
    private TaskCompletionSource? _working;
    private bool _left;

    private McpCaller(HttpContext http) : base([Maker(http.User), .. http.User.Identities])
    {
        (_http, _user, _gone) = (http, http.User, http.RequestAborted);
        _unanswered = CancellationTokenSource.CreateLinkedTokenSource(_gone);
        (http.User, http.RequestAborted) = (this, _unanswered.Token);
    }

    /// <summary>Whether the request gets no answer though its caller is there.</summary>
    public bool IsUnanswered => _unanswered.IsCancellationRequested && !_gone.IsCancellationRequested;

    public static McpCaller Enter(HttpContext http) => new(http);

    /// <summary>
    /// Does the work of the request, which is stopped when the caller goes or cancels it. The request waits for its end, so that the work may use the request.
    /// </summary>
    /// <exception cref="OperationCanceledException">The caller went or cancelled.</exception>
    public async Task<T> WorkAsync<T>(Func<HttpContext, CancellationToken, Task<T>> work, CancellationToken cancelled)
    {
        lock (_gate)
        {
            if (_left) throw new OperationCanceledException();
            _working = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        try
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancelled, _gone);
            try { return await work(_http, stop.Token); }
            finally { if (stop.IsCancellationRequested) await _unanswered.CancelAsync(); }
        }
        finally
        {
            _working.SetResult();
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate) _left = true;
        if (_working is not null) await _working.Task;
        (_http.User, _http.RequestAborted) = (_user, _gone);
        _unanswered.Dispose();
    }

    /// <summary>A session is its maker's: the SDK compares this claim of whoever comes with a session's id.</summary>
    private static ClaimsIdentity Maker(ClaimsPrincipal user)
    {
        var name = (user.FindFirst(ClaimTypes.NameIdentifier) ?? user.FindFirst("sub") ?? user.FindFirst(ClaimTypes.Upn) ?? user.FindFirst(ClaimTypes.Name))?.Value;
        return new([new(ClaimTypes.NameIdentifier, $"{user.FindFirst(ActorAgentsClaims.Tenant)?.Value}/{name}")], "mcp");
    }
}
