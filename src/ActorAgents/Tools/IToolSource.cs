using Microsoft.Extensions.AI;

namespace ActorAgents;

/// <summary>Tools that are only known while the runtime runs, such as those of an MCP server. Shared by all agents that name it; called from many threads.</summary>
public interface IToolSource
{
    /// <summary>
    /// The tools for a turn that begins now. Asked once per turn, so it should complete at once when the list is known; until it completes the turn
    /// waits and can be interrupted. Names must be unique among the agent's tools.
    /// </summary>
    /// <param name="cancellationToken">The turn ended before it had the tools.</param>
    /// <exception cref="Exception">The turn goes on without these tools; what was thrown is logged.</exception>
    ValueTask<IReadOnlyList<AITool>> GetToolsAsync(CancellationToken cancellationToken);
}
