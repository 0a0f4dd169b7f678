using ActorAgents.Providers;

namespace ActorAgents.Host.Configuration.Agents;

/// <summary>What the agent files say together.</summary>
/// <param name="McpServers">Each once, however many agents name it.</param>
internal sealed record AgentFiles(IReadOnlyList<AgentDefinition> Definitions, IReadOnlyList<McpServerOptions> McpServers);
