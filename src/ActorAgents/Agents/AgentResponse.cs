using Microsoft.Extensions.AI;

namespace ActorAgents;

/// <summary>A whole answer.</summary>
/// <param name="Content">The text of all steps.</param>
/// <param name="Messages">What the turn added to the conversation after the input: assistant and tool messages, in order.</param>
/// <param name="ToolCalls">Every call of the turn, in the order in which the calls ended.</param>
/// <param name="OpenCalls">Calls of declared-only tools, for the caller to run.</param>
public sealed record AgentResponse(
    string Content, IReadOnlyList<ChatMessage> Messages, IReadOnlyList<ToolFinished> ToolCalls, IReadOnlyList<OpenToolCall> OpenCalls,
    TokenUsage Usage, ChatFinishReason? FinishReason, TurnLimit? LimitReached, TurnId TurnId)
{
    public override string ToString() => Content;
}

/// <summary>A whole answer with its text read as <typeparamref name="T"/>.</summary>
public sealed record AgentResponse<T>(T Result, AgentResponse Response);
