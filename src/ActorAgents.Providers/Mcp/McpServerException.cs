namespace ActorAgents.Providers;

/// <summary>An MCP server could not be started, or is not started again yet. The message says which and why.</summary>
public sealed class McpServerException : Exception
{
    internal McpServerException(string message, Exception? inner = null) : base(message, inner) { }
}
