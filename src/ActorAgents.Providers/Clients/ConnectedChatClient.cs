using Microsoft.Extensions.AI;

namespace ActorAgents.Providers;

/// <summary>A client of our own with the connections that were made for it, and the defaults of its requests.</summary>
internal sealed class ConnectedChatClient(IChatClient client, HttpClient http, ProviderOptions options) : DelegatingChatClient(client)
{
    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? request = null, CancellationToken cancellationToken = default) =>
        base.GetStreamingResponseAsync(messages, WithDefaults(request), cancellationToken);

    public override Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? request = null, CancellationToken cancellationToken = default) =>
        base.GetResponseAsync(messages, WithDefaults(request), cancellationToken);

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) http.Dispose();
    }

    private ChatOptions? WithDefaults(ChatOptions? request)
    {
        if (options.MaxOutputTokens is null && options.Temperature is null) return request;
        var complete = request?.Clone() ?? new ChatOptions();
        complete.MaxOutputTokens ??= options.MaxOutputTokens;
        complete.Temperature ??= options.Temperature;
        return complete;
    }
}
