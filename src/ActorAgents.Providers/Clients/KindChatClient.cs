using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace ActorAgents.Providers;

/// <summary>An SDK's client with its gaps filled: pieces of tool calls, reasoning that survives, requests told what the SDK leaves out.</summary>
internal sealed class KindChatClient(IChatClient sdk, ProviderKind kind, Func<UpdateReader> newReader, Uri endpoint, string? model) : DelegatingChatClient(sdk)
{
    private readonly ReasoningSeal _seal = new(kind);
    private readonly ChatClientMetadata _metadata = new(kind.Name, endpoint, model);

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var reader = newReader();
        using var call = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken); // What is registered for this call goes with it.
        await foreach (var update in base.GetStreamingResponseAsync(_seal.Open(messages), Prepared(options), call.Token).ConfigureAwait(false))
        {
            reader(update);
            foreach (var content in update.Contents) _seal.Seal(content);
            yield return update;
        }
        // An SDK may end quietly when it is cancelled; that is no end of the answer.
        cancellationToken.ThrowIfCancellationRequested();
    }

    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var call = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var response = await base.GetResponseAsync(_seal.Open(messages), Prepared(options), call.Token).ConfigureAwait(false);
        foreach (var content in response.Messages.SelectMany(message => message.Contents)) _seal.Seal(content);
        return response;
    }

    public override object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType == typeof(ChatClientMetadata) ? _metadata : base.GetService(serviceType, serviceKey);

    private ChatOptions? Prepared(ChatOptions? request)
    {
        if (request?.ModelId is null && model is null)
            throw new ProviderException(new(TurnErrorKind.InvalidRequest, $"No model is named for the provider of kind '{kind.Name}': set its Model, or the agent's."));
        if (kind.Prepare is not { } prepare) return request;
        var prepared = request?.Clone() ?? new ChatOptions();
        prepare(prepared);
        return prepared;
    }
}
