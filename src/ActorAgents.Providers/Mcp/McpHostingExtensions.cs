using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ActorAgents.Providers;

/// <summary>Adds MCP servers to the runtime.</summary>
public static class McpHostingExtensions
{
    /// <summary>
    /// Registers a server's tools as a tool source of the server's name, for <see cref="AgentBuilder.WithToolSource"/>. Nothing is started before a turn needs
    /// it; the runtime ends it when it stops.
    /// </summary>
    /// <exception cref="ArgumentException">An option is wrong; the message names it.</exception>
    public static ActorAgentsBuilder AddMcpServer(this ActorAgentsBuilder agents, McpServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(agents);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        return agents.AddToolSource(options.Name, services =>
            new McpToolSource(options, services.GetService<ILoggerFactory>(), services.GetService<TimeProvider>()));
    }
}
