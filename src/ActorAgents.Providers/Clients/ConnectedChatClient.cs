using Microsoft.Extensions.AI;

namespace ActorAgents.Providers;

/// <summary>A client with the connections that were made for it, which not every client looks after, and the defaults of its requests.</summary>
internal sealed class ConnectedChatClient(IChatClient client, HttpClient http, ProviderKind kind, ProviderOptions options) : DelegatingChatClient(client)
{
    private readonly int? _maxOutputTokens = options.MaxOutputTokens ?? kind.MaxOutputTokens;

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
        if (_maxOutputTokens is null && options.Temperature is null) return request;
        var complete = request?.Clone() ?? new ChatOptions();
        complete.MaxOutputTokens ??= _maxOutputTokens;
        complete.Temperature ??= options.Temperature;
        return complete;
    }
}
