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
        StreamAsync(agent, Input(messages), Own(options), cancellationToken);

    /// <summary>One turn as updates; failures are thrown.</summary>
    public static async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        Agent agent, AgentInput input, ChatOptions? options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var turn = new TurnOptions { Chat = options, FallBackToNonStreaming = true };
        await foreach (var next in agent.EventsAsync(input, turn, cancellationToken).ConfigureAwait(false))
        {
            if (next is TurnInterrupted or TurnFailed) throw TextView.Exception((TerminalEvent)next, cancellationToken);
            if (ContentsOf(next) is { } contents) yield return Update(agent, next, contents);
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(Agent) ? agent
        : serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("ActorAgents", defaultModelId: agent.Id.Kind)
        : serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose() { }

    private static AgentInput Input(IEnumerable<ChatMessage> messages)
    {
        var all = messages.ToList();
        return all[(all.FindLastIndex(message => message.Role == ChatRole.Assistant) + 1)..];
    }

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

    private static ChatResponseUpdate Update(Agent agent, TurnEvent next, IList<AIContent> contents) => new(next is ToolFinished ? ChatRole.Tool : ChatRole.Assistant, contents)
    {
        ResponseId = next.Turn.Value,
        ConversationId = agent.Id.Value,
        FinishReason = (next as TurnCompleted)?.FinishReason,
        AuthorName = agent.Id.Kind,
    };
}
