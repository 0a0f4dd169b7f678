namespace ActorAgents;

/// <summary>
/// Thrown by a tool to say that its call failed, in words for the model: they become the result, and the turn goes on. Of any other exception the model is told
/// only that the function failed, since its message may hold secrets, and it counts towards <see cref="AgentLimits.MaxConsecutiveFailingRounds"/>; this does not.
/// </summary>
public sealed class ToolFailedException(string message, Exception? inner = null) : Exception(message, inner);
