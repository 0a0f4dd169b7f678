namespace ActorAgents;

/// <summary>The runtime cannot start as it is configured. The message names every mistake and what would be valid.</summary>
/// <param name="inner">What the first factory that failed threw.</param>
public sealed class AgentConfigurationException(string message, Exception? inner = null) : Exception(message, inner);
