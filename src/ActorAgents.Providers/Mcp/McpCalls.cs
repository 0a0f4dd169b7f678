using System.Collections.Concurrent;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace ActorAgents.Providers;

/// <summary>
/// The calls of a session. The client's own method is not used: it forgets to tell the server of a cancellation. Its callback on the token is
/// registered before the wait's and so runs after it, and by then the continuation of the cancelled wait has removed it.
/// </summary>
/// <param name="ended">The session is over.</param>
internal sealed class McpCalls(McpClient client, CancellationToken ended)
{
    private readonly ConcurrentDictionary<string, IProgress<ProgressNotificationValue>> _progress = new();

    public async Task<CallToolResult> CallAsync(
        string tool, IReadOnlyDictionary<string, object?> arguments, IProgress<ProgressNotificationValue>? progress, CancellationToken token)
    {
        var id = Guid.NewGuid().ToString("N");
        if (progress is not null) _progress[id] = progress;
        try
        {
            var response = await client.SendRequestAsync(Request(id, tool, arguments, progress is not null), token).ConfigureAwait(false);
            return response.Result.Deserialize<CallToolResult>(McpJsonUtilities.DefaultOptions) ?? throw new McpException("The tool's result is empty.");
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            var cancelled = new CancelledNotificationParams { RequestId = new(id) };
            client.SendNotificationAsync(NotificationMethods.CancelledNotification, cancelled, cancellationToken: ended).Forget();
            throw;
        }
        finally
        {
            _progress.TryRemove(id, out _);
        }
    }

    public ValueTask OnProgress(JsonRpcNotification notification)
    {
        var news = notification.Params.Deserialize<ProgressNotificationParams>(McpJsonUtilities.DefaultOptions);
        if (news?.ProgressToken.Token is string id && _progress.TryGetValue(id, out var progress)) progress.Report(news.Progress);
        return ValueTask.CompletedTask;
    }

    private static JsonRpcRequest Request(string id, string tool, IReadOnlyDictionary<string, object?> arguments, bool hasProgress)
    {
        var parameters = new CallToolRequestParams
        {
            Name = tool,
            Arguments = arguments.ToDictionary(pair => pair.Key, pair => JsonSerializer.SerializeToElement(pair.Value, McpJsonUtilities.DefaultOptions)),
            Meta = hasProgress ? new() { ["progressToken"] = id } : null,
        };
        return new() { Id = new(id), Method = RequestMethods.ToolsCall, Params = JsonSerializer.SerializeToNode(parameters, McpJsonUtilities.DefaultOptions) };
    }
}
