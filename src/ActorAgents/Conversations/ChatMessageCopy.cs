using Microsoft.Extensions.AI;

namespace ActorAgents;

/// <summary>
/// Messages cross the runtime's border as copies, both ways: <see cref="ChatMessage"/> is mutable and its own <c>Clone</c> shares the list of contents.
/// The contents themselves are treated as frozen. The provider's raw object is not kept.
/// </summary>
internal static class ChatMessageCopy
{
    public static ChatMessage Of(ChatMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return new ChatMessage(message.Role, [.. message.Contents])
        {
            AuthorName = message.AuthorName,
            CreatedAt = message.CreatedAt,
            MessageId = message.MessageId,
            AdditionalProperties = message.AdditionalProperties?.Clone(),
        };
    }
}
