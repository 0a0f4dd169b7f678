using ActorAgents.Providers;

namespace ActorAgents.Host.Configuration.Agents;

/// <summary>What the agent files say together.</summary>
/// <param name="McpServers">Each once, however many agents name it.</param>
/// <param name="McpServersOf">The names of an agent's servers, by its kind.</param>
internal sealed record AgentFiles(
    IReadOnlyList<AgentDefinition> Definitions, IReadOnlyList<McpServerOptions> McpServers, IReadOnlyDictionary<string, IReadOnlyList<string>> McpServersOf);
