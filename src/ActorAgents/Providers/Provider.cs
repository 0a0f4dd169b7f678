using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace ActorAgents;

/// <summary>A chat client with its name and what it can do. Shared by all turns.</summary>
internal sealed class Provider
{
    private readonly IChatClient _client;
    private readonly Func<Exception, TurnError?>? _classify;
    private readonly ChatClientMetadata? _metadata;
    private readonly string? _model;

    /// <exception cref="ArgumentException">The client invokes functions itself.</exception>
    public Provider(ProviderRegistration registration, IChatClient client)
    {
        if (client.GetService<FunctionInvokingChatClient>() is not null)
        {
            throw new ArgumentException(
                $"Provider '{registration.Name}' has a FunctionInvokingChatClient inside. It would run the tools itself, out of reach of the runtime: " +
                "give the inner client instead (leave out UseFunctionInvocation()).");
        }
        _client = client;
        _classify = registration.Classify;
        _metadata = client.GetService<ChatClientMetadata>();
        _model = registration.Model ?? _metadata?.DefaultModelId;
        (Name, Streams, Tools, SendsFinishReason, OnThreadPool, ContinuesText) =
            (registration.Name, registration.Streams, registration.Tools, registration.SendsFinishReason, registration.OnThreadPool, registration.ContinuesText);
    }

    private Provider(IChatClient client) => (_client, Name, Streams, SendsFinishReason) = (client, "", true, false);

    /// <summary>A client that belongs to no agent, so that it may do with functions what it likes.</summary>
    public static Provider Bare(IChatClient client) => new(client);

    public string Name { get; }
    public bool Streams { get; }
    public bool Tools { get; }
    public bool SendsFinishReason { get; }
    public bool OnThreadPool { get; }

    /// <summary>A request that ends with an answer is one for the rest of that answer.</summary>
    public bool ContinuesText { get; }

    /// <summary>The error of a stream of it that ended without a finish reason though it sends them.</summary>
    public TurnError Truncated => new(TurnErrorKind.Truncated,
        $"The stream of provider '{Name}' ended without a finish reason, so the answer may be cut. " +
        $"A provider that never sends one is registered with {nameof(ProviderBuilder.WithoutFinishReason)}().");

    /// <summary>What the client calls itself, in the terms of the GenAI conventions.</summary>
    public string Kind => _metadata?.ProviderName ?? "";

    public string? Model => _model;

    /// <summary>Who is asked when this one fails before its first piece. Set once, before the first call.</summary>
    public IReadOnlyList<Provider> Fallback { private get; set; } = [];

    /// <summary>The updates of one call; of a provider that does not stream, its whole answer at once.</summary>
    public IAsyncEnumerable<ChatResponseUpdate> Call(IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken token) =>
        Fallback.Count == 0 || options?.ConversationId is not null // What this provider keeps of the conversation the others do not have.
            ? CallAlone(messages, options, token)
            : FallbackCall.RunAsync(this, Fallback, messages, options, token);

    /// <summary>The updates of one call of this provider and no other.</summary>
    public IAsyncEnumerable<ChatResponseUpdate> CallAlone(IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken token) =>
        Streams ? _client.GetStreamingResponseAsync(messages, options, token) : CallWhole(messages, options, token);

    public TurnError Classify(Exception exception) => _classify?.Invoke(exception) ?? ProviderErrors.Classify(exception);

    public ProviderInfo Info(AgentDefinition definition) => new(
        Name, Kind, definition.Chat?.ModelId ?? _model, Streams, Tools, definition.Limits.TotalTimeout, definition.Limits.Retries,
        definition.Chat?.Temperature, definition.Chat?.MaxOutputTokens);

    private async IAsyncEnumerable<ChatResponseUpdate> CallWhole(
        IEnumerable<ChatMessage> messages, ChatOptions? options, [EnumeratorCancellation] CancellationToken token)
    {
        var response = await _client.GetResponseAsync(messages, options, token).ConfigureAwait(false);
        foreach (var update in response.ToChatResponseUpdates()) yield return update;
    }
}
