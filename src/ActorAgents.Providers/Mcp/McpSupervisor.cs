using Microsoft.Extensions.Logging;

namespace ActorAgents.Providers;

/// <summary>
/// One server through all its sessions. It is not started, starting, up, or down until a time; one lock guards the moves between them, and nothing
/// foreign runs under it. Whoever needs the server while it is not started, or down and its time has come, starts it and leaves the task in
/// <c>_session</c>; everybody after finds that task, so there is one start however many ask. A start that succeeds leaves the task there: the server is up. A
/// start that fails, or the end of the session, which its watcher or a failing call may see first, takes the task away and sets the time: the server is
/// down. Only the current session can be lost, so seeing its end twice counts once. A new session starts when the one before is closed, its process with it, so
/// there are never two. Closing forbids starts, cancels one that runs, waits for it and closes what came of it.
/// </summary>
internal sealed class McpSupervisor(McpServerOptions options, Func<CancellationToken, Task<McpSession>> start, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _closing = new();
    private Task<McpSession>? _session; // Starting until it completes, up from then on; null while not started or down.
    private McpSession? _last; // The newest that ever was up, perhaps closed by now.
    private bool _lost = true; // Whether that one is no longer the current.
    private long _since; // When it came up, or when the server went down.
    private TimeSpan _wait; // For how long it stays down.
    private int _failures;
    private Task? _closed;

    /// <summary>The session, which is started if need be. Completed at once when the server is up.</summary>
    /// <exception cref="McpServerException">It cannot be started, or not yet again.</exception>
    public Task<McpSession> SessionAsync()
    {
        lock (_lock)
        {
            if (_closed is not null) return Task.FromException<McpSession>(new McpServerException($"The MCP server '{options.Name}' was disposed."));
            if (_session is not null) return _session;
            var left = _wait - time.GetElapsedTime(_since);
            if (left <= TimeSpan.Zero) return _session = Task.Run(StartAsync);
            var message = $"The MCP server '{options.Name}' failed {_failures} times; it is started again in {left.TotalSeconds:0.#} s at the earliest.";
            return Task.FromException<McpSession>(new McpServerException(message));
        }
    }

    /// <summary>The session is of no more use. Closes it.</summary>
    public void Lose(McpSession session, string reason)
    {
        lock (_lock)
        {
            if (_lost || _last != session) return;
            (_lost, _session) = (true, null);
            if (time.GetElapsedTime(_since) >= McpBackoff.Stable) _failures = 0;
            GoDown();
        }
        if (!_closing.IsCancellationRequested) logger.ServerLost(options.Name, reason);
        _ = session.CloseAsync();
    }

    public ValueTask DisposeAsync()
    {
        lock (_lock) return new(_closed ??= Task.Run(CloseAsync));
    }

    private async Task<McpSession> StartAsync()
    {
        using var timeout = new CancellationTokenSource(options.StartTimeout, time);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _closing.Token);
        try
        {
            if (_last is { } last) await last.CloseAsync().ConfigureAwait(false);
            var session = await start(bound.Token).ConfigureAwait(false);
            lock (_lock) (_last, _lost, _since) = (session, false, time.GetTimestamp());
            _ = WatchAsync(session);
            return session;
        }
        catch (Exception exception)
        {
            lock (_lock)
            {
                _session = null;
                GoDown();
            }
            var reason = timeout.IsCancellationRequested ? $"it did not answer within {options.StartTimeout.TotalSeconds:0.###} s" : exception.Message;
            if (!_closing.IsCancellationRequested) logger.ServerDidNotStart(options.Name, reason);
            throw new McpServerException($"The MCP server '{options.Name}' could not be started: {reason}", exception);
        }
    }

    private void GoDown()
    {
        _since = time.GetTimestamp();
        _wait = McpBackoff.After(++_failures, Random.Shared.NextDouble());
    }

    private async Task WatchAsync(McpSession session)
    {
        await session.Ended.ConfigureAwait(false);
        Lose(session, "it ended or closed its output");
    }

    private async Task CloseAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        Task? session;
        lock (_lock) session = _session;
        if (session is not null) await session.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_last is { } last) await last.CloseAsync().ConfigureAwait(false);
    }
}
