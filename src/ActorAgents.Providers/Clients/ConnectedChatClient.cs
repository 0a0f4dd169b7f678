using Microsoft.Extensions.AI;

namespace ActorAgents.Providers;

/// <summary>A client of our own with the connections that were made for it, and the default of its requests.</summary>
internal sealed class ConnectedChatClient(IChatClient client, HttpClient http, int? maxOutputTokens) : DelegatingChatClient(client)
{
    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        base.GetStreamingResponseAsync(messages, Bounded(options), cancellationToken);

    public override Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        base.GetResponseAsync(messages, Bounded(options), cancellationToken);

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) http.Dispose();
    }

    private ChatOptions? Bounded(ChatOptions? options)
    {
        if (maxOutputTokens is null || options?.MaxOutputTokens is not null) return options;
        var bounded = options?.Clone() ?? new ChatOptions();
        bounded.MaxOutputTokens = maxOutputTokens;
        return bounded;
    }
}
