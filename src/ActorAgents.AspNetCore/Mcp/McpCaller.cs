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
    private readonly CancellationTokenSource _leave = new();
    private readonly CancellationToken _over;
    private readonly CancellationTokenSource _unanswered;
    private readonly Lock _gate = new();
    private CancellationTokenRegistration _cancelled;
    private Task _cancelling = Task.CompletedTask;
    private TaskCompletionSource? _working;

    private McpCaller(HttpContext http, string maker) : base([new ClaimsIdentity([new(ClaimTypes.NameIdentifier, maker)], "mcp"), .. http.User.Identities])
    {
        (_http, _user, _gone, Maker) = (http, http.User, http.RequestAborted, maker);
        (_over, _unanswered) = (_leave.Token, CancellationTokenSource.CreateLinkedTokenSource(_gone));
        (http.User, http.RequestAborted) = (this, _unanswered.Token);
    }

    /// <summary>Whose its sessions are: the SDK compares this claim of whoever comes with a session's id. Callers of a tenant that have no name share one.</summary>
    public string Maker { get; }

    /// <summary>The client has left.</summary>
    public bool IsGone => _gone.IsCancellationRequested;

    /// <summary>The request was cancelled by another, or by the end of its session.</summary>
    public bool IsCancelled { get; private set; }

    /// <summary>Makes the request's user its caller, until it is disposed.</summary>
    public static McpCaller Enter(HttpContext http)
    {
        var name = http.User.FindFirst(ClaimTypes.NameIdentifier) ?? http.User.FindFirst("sub") ?? http.User.FindFirst(ClaimTypes.Upn) ?? http.User.FindFirst(ClaimTypes.Name);
        return new(http, string.Join('\n', http.User.FindFirst(ActorAgentsClaims.Tenant)?.Value, name?.Issuer, name?.Value));
    }

    /// <summary>Has the request end unanswered when it is cancelled, even after the work: the SDK would go on waiting for an answer that it no longer sends.</summary>
    public void EndsBy(CancellationToken cancelled)
    {
        lock (_gate)
        {
            if (!_over.IsCancellationRequested) _cancelled = cancelled.UnsafeRegister(static caller => ((McpCaller)caller!).Cancel(), this);
        }
    }

    /// <summary>Does the work of the request, which may use it: the request does not end before. The work is stopped when the caller goes or cancels it.</summary>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public async Task<T> WorkAsync<T>(Func<HttpContext, CancellationToken, Task<T>> work, CancellationToken cancelled)
    {
        lock (_gate)
        {
            _over.ThrowIfCancellationRequested();
            _working = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        try
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancelled, _over, _gone);
            return await work(_http, stop.Token);
        }
        finally
        {
            _working.SetResult();
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate) _leave.Cancel();
        await _cancelled.DisposeAsync();
        await _cancelling;
        if (_working is not null) await _working.Task;
        (_http.User, _http.RequestAborted) = (_user, _gone);
        _leave.Dispose();
        _unanswered.Dispose();
    }

    private void Cancel()
    {
        IsCancelled = true;
        _cancelling = _unanswered.CancelAsync();
    }
}
