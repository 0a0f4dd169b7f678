using Microsoft.Extensions.AI;

namespace ActorAgents;

/// <summary>
/// A piece of a tool call that the model is still writing. Providers yield it so that readers see calls take shape. Pieces with the same
/// <see cref="Index"/> belong to one call and join, in order, to its JSON arguments. A <see cref="FunctionCallContent"/> with the same call id
/// closes the call; a call that none closes is parsed once when the response ends. Never part of the conversation.
/// </summary>
public sealed class ToolCallArgumentsContent(string? callId, string? name, int index, string piece) : AIContent
{
    /// <summary>Needed in at least one piece of a call that no <see cref="FunctionCallContent"/> closes.</summary>
    public string? CallId { get; } = callId;
    public string? Name { get; } = name;
    public int Index { get; } = index;
    public string Piece { get; } = piece ?? "";
}
