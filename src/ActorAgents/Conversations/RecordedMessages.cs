using Microsoft.Extensions.AI;

namespace ActorAgents;

/// <summary>What the messages of <see cref="Agent.GetMessagesAsync"/> say of their turn.</summary>
public static class RecordedMessages
{
    /// <summary>The turn that a message belongs to; null for one that is of no conversation.</summary>
    public static TurnId? GetTurn(this ChatMessage message) =>
        message.AdditionalProperties?.GetValueOrDefault(Conversation.TurnKey) is string turn ? new TurnId(turn) : null;

    /// <summary>How that turn stands: <c>running</c>, <c>completed</c>, <c>interrupted</c> or <c>failed</c>.</summary>
    public static string GetTurnState(this ChatMessage message) =>
        message.AdditionalProperties?.GetValueOrDefault(Conversation.StateKey) as string ?? "completed";
}
