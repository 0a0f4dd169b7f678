using Microsoft.Extensions.Logging;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace ActorAgents.Providers;

/// <summary>One conversation with a server, from its first answer to its end.</summary>
internal sealed class McpSession
{
    /// <summary>The first revision in which notifications are only sent to clients that asked for them.</summary>
    private const string AskedForNotifications = "2026-07-28";

    /// <summary>How long closing may wait for the other side. Own choice.</summary>
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The least time between two lists of the tools, for a server that says with each that they changed. Own choice.</summary>
    private static readonly TimeSpan RefreshPause = TimeSpan.FromSeconds(1);

    private readonly McpLink _link;
    private readonly McpClient _client;
    private readonly McpServerOptions _options;
    private readonly Action<IReadOnlyList<Tool>> _offer;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _ending = new();
    private readonly Lazy<Task> _close;
    private int _changes;

    private McpSession(McpLink link, McpClient client, McpServerOptions options, Action<IReadOnlyList<Tool>> offer, ILogger logger, TimeProvider time)
    {
        (_link, _client, _options, _offer, _logger, _time) = (link, client, options, offer, logger, time);
        _close = new(CloseOnceAsync);
        Calls = new(client, _ending.Token);
        Ended = Task.WhenAny(client.Completion, link.Lost);
    }

    /// <summary>Completes when the server is gone, or the session closed. Never fails.</summary>
    public Task Ended { get; }

    /// <param name="offer">Gets the tools before this returns, and again whenever the server said that they changed: one call at a time.</param>
    /// <param name="token">Gives up; the link is closed then, as after every failure.</param>
    public static async Task<McpSession> StartAsync(
        McpLink link, McpServerOptions options, Action<IReadOnlyList<Tool>> offer, ILogger logger, TimeProvider time, CancellationToken token)
    {
        McpClient? client = null;
        try
        {
            // A day is as good as never: the token is the bound, and an infinite one would switch off the SDK's fallback to older servers.
            var settings = new McpClientOptions { ClientInfo = new() { Name = "ActorAgents", Version = "1" }, InitializationTimeout = TimeSpan.FromDays(1) };
            await using (token.UnsafeRegister(static link => _ = ((McpLink)link!).CloseAsync(), link).ConfigureAwait(false))
            {
                client = await McpClient.CreateAsync(link.Transport, settings, cancellationToken: token).ConfigureAwait(false);
                var session = new McpSession(link, client, options, offer, logger, time);
                client.RegisterNotificationHandler(NotificationMethods.ToolListChangedNotification, (_, _) => session.OnToolsChanged());
                client.RegisterNotificationHandler(NotificationMethods.ProgressNotification, (news, _) => session.Calls.OnProgress(news));
                session.AskForChanges();
                offer(await session.ListAsync(token).ConfigureAwait(false));
                return session;
            }
        }
        catch (Exception exception)
        {
            await TakeDownAsync(link, client, options, logger).ConfigureAwait(false);
            // The SDK only says that the stream ended.
            if (exception is IOException && link.Lost.IsCompleted) throw new McpServerException(await link.Lost.ConfigureAwait(false), exception);
            throw;
        }
    }

    public McpCalls Calls { get; }

    /// <summary>Ends the server's process, or says good-bye to it. Never fails; the same task for all.</summary>
    public Task CloseAsync() => _close.Value;

    private async Task CloseOnceAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await TakeDownAsync(_link, _client, _options, _logger).ConfigureAwait(false);
    }

    /// <summary>Never fails: whatever cannot be ended, the rest is.</summary>
    private static async Task TakeDownAsync(McpLink link, McpClient? client, McpServerOptions options, ILogger logger)
    {
        await TryAsync(() => link.CloseAsync()).ConfigureAwait(false);
        if (client is not null) await TryAsync(() => client.DisposeAsync().AsTask().WaitAsync(CloseTimeout)).ConfigureAwait(false);
        await TryAsync(() => link.DisposeAsync().AsTask()).ConfigureAwait(false);

        async Task TryAsync(Func<Task> end)
        {
            try { await end().ConfigureAwait(false); }
            catch (Exception exception) { logger.ServerNotClosed(options.Name, exception); }
        }
    }

    private async Task<IReadOnlyList<Tool>> ListAsync(CancellationToken token) =>
        [.. (await _client.ListToolsAsync(cancellationToken: token).ConfigureAwait(false)).Select(tool => tool.ProtocolTool)];

    private void AskForChanges()
    {
        var asks = string.CompareOrdinal(_client.NegotiatedProtocolVersion, AskedForNotifications) >= 0;
        if (!asks || _client.ServerCapabilities.Tools?.ListChanged is not true) return;
        // Answered when the subscription ends, so nobody waits for it.
        _client.SendRequestAsync<SubscriptionsListenRequestParams, EmptyResult>(
            RequestMethods.SubscriptionsListen, new() { Notifications = new() { ToolsListChanged = true } }, cancellationToken: _ending.Token).AsTask().Forget();
    }

    /// <summary>Must not wait for an answer: at the end of a connection the SDK fails what is unanswered only once every handler has returned.</summary>
    private ValueTask OnToolsChanged()
    {
        if (Interlocked.Increment(ref _changes) == 1) _ = RefreshAsync();
        return ValueTask.CompletedTask;
    }

    /// <summary>However many changes arrive while the list is asked for, and in the pause after that, it is asked for once more.</summary>
    private async Task RefreshAsync()
    {
        int seen;
        do
        {
            seen = Volatile.Read(ref _changes);
            try
            {
                using var bound = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token);
                bound.CancelAfter(_options.StartTimeout);
                var tools = await ListAsync(bound.Token).ConfigureAwait(false);
                if (!_ending.IsCancellationRequested) _offer(tools);
            }
            catch (Exception exception) { _logger.ToolsNotRefreshed(_options.Name, exception); }
            await Task.Delay(RefreshPause, _time, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        while (!_ending.IsCancellationRequested && Interlocked.CompareExchange(ref _changes, 0, seen) != seen);
    }
}
