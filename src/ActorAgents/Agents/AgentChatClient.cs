using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace ActorAgents;

/// <summary>
/// An agent behind the interface of a provider. The agent keeps the conversation, so of the messages given only those after the last assistant
/// message are its input, and the answer names it by <see cref="ChatResponse.ConversationId"/>.
/// </summary>
internal sealed class AgentChatClient(Agent agent) : IChatClient
{
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken).ConfigureAwait(false);

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        UpdatesAsync(agent.EventsAsync(AgentInput.AfterLastAnswer(messages), Options(Own(options)), CancellationToken.None), agent.Id.Kind, agent.Id.Value, cancellationToken);

    /// <summary>What a call of a chat client sets for its turn.</summary>
    public static TurnOptions Options(ChatOptions? options) => new() { Chat = options, FallBackToNonStreaming = true };

    /// <summary>One turn as updates; failures are thrown.</summary>
    /// <param name="conversation">What they name as their conversation.</param>
    public static async IAsyncEnumerable<ChatResponseUpdate> UpdatesAsync(
        IAsyncEnumerable<TurnEvent> events, string kind, string? conversation, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var given = new GivenText();
        await foreach (var next in events.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (next is TurnInterrupted or TurnFailed) throw TextView.Exception((TerminalEvent)next, cancellationToken);
            given.Check(next);
            if (ContentsOf(next) is not { } contents) continue;
            given.Add(next);
            yield return Update(next, contents, kind, conversation);
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(Agent) ? agent
        : serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("ActorAgents", defaultModelId: agent.Id.Kind)
        : serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose() { }

    /// <summary>The conversation id is this client's own and no provider's.</summary>
    private static ChatOptions? Own(ChatOptions? options)
    {
        if (options?.ConversationId is null) return options;
        options = options.Clone();
        options.ConversationId = null;
        return options;
    }

    private static IList<AIContent>? ContentsOf(TurnEvent next) => next switch
    {
        TextDelta text => [new TextContent(text.Text)],
        ReasoningDelta reasoning => [new TextReasoningContent(reasoning.Text)],
        ContentAdded { Uri: { } uri } content => [new UriContent(uri, content.MediaType)],
        ContentAdded content => [new DataContent(content.Data, content.MediaType)],
        ToolCallDelta delta => [new ToolCallArgumentsContent(delta.CallId, delta.Name, delta.Index, delta.Piece)],
        ToolStarted started => [new FunctionCallContent(started.CallId, started.Tool, started.Arguments.ToDictionary()) { InformationalOnly = true }],
        ToolFinished finished => [new FunctionResultContent(finished.CallId, finished.Result)],
        TurnCompleted completed => [.. Calls(completed), new UsageContent(completed.Usage.ToUsageDetails())],
        _ => null,
    };

    private static IEnumerable<AIContent> Calls(TurnCompleted completed) =>
        completed.OpenCalls?.Select(AIContent (call) => new FunctionCallContent(call.CallId, call.Tool, call.Arguments.ToDictionary())) ?? [];

    private static ChatResponseUpdate Update(TurnEvent next, IList<AIContent> contents, string kind, string? conversation) =>
        new(next is ToolFinished ? ChatRole.Tool : ChatRole.Assistant, contents)
        {
            ResponseId = next.Turn.Value,
            ConversationId = conversation,
            FinishReason = (next as TurnCompleted)?.FinishReason,
            AuthorName = kind,
        };
}
