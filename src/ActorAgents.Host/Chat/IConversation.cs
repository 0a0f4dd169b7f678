using Microsoft.Extensions.AI;

namespace ActorAgents.Host.Chat;

/// <summary>One agent as the chat sees it.</summary>
internal interface IConversation
{
    AgentDefinition Definition { get; }

    /// <summary>One turn; always ends with a <see cref="TerminalEvent"/>, also when the token interrupts it.</summary>
    IAsyncEnumerable<TurnEvent> EventsAsync(string prompt, CancellationToken interrupt);

    Task<ApprovalOutcome> AnswerAsync(string requestId, bool approved, string? reason);

    Task<IReadOnlyList<ChatMessage>> GetMessagesAsync(CancellationToken cancellationToken);

    Task ClearAsync(CancellationToken cancellationToken);
}

/// <summary>A conversation with an agent of the runtime.</summary>
internal sealed class AgentConversation(Agent agent) : IConversation
{
    private static readonly TurnOptions Options = new() { FallBackToNonStreaming = true };

    public AgentDefinition Definition => agent.Definition;

    public IAsyncEnumerable<TurnEvent> EventsAsync(string prompt, CancellationToken interrupt) => agent.EventsAsync(prompt, Options, interrupt);

    public Task<ApprovalOutcome> AnswerAsync(string requestId, bool approved, string? reason) => agent.AnswerAsync(requestId, approved, reason);

    public Task<IReadOnlyList<ChatMessage>> GetMessagesAsync(CancellationToken cancellationToken) => agent.GetMessagesAsync(cancellationToken);

    public Task ClearAsync(CancellationToken cancellationToken) => agent.ClearAsync(cancellationToken);
}
