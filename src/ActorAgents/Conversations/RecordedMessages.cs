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

    /// <summary>
    /// Why it stands so: of an interrupted turn the name of its <see cref="InterruptReason"/>, of a failed one that of its <see cref="TurnErrorKind"/>, of one that
    /// completed that of the <see cref="TurnLimit"/> it reached, or the provider's finish reason where that is neither a stop nor a call. Otherwise null.
    /// </summary>
    public static string? GetTurnReason(this ChatMessage message) => message.AdditionalProperties?.GetValueOrDefault(Conversation.ReasonKey) as string;
}
