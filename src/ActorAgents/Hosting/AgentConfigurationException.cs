namespace ActorAgents;

/// <summary>The runtime cannot start as it is configured. The message names every mistake and what would be valid.</summary>
public sealed class AgentConfigurationException(string message) : Exception(message);
