using Microsoft.Extensions.Logging;

namespace ActorAgents.Providers;

internal static partial class McpLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "MCP server {Server} runs as process {Process}.")]
    public static partial void ProcessStarted(this ILogger logger, string server, int process);

    [LoggerMessage(Level = LogLevel.Information, Message = "MCP server {Server} is up: {Offered} of its {All} tools are offered.")]
    public static partial void ToolsOffered(this ILogger logger, string server, int offered, int all);

    [LoggerMessage(Level = LogLevel.Warning, Message = "MCP server {Server} has no tool that matches '{Pattern}'.")]
    public static partial void PatternWithoutTool(this ILogger logger, string server, string pattern);

    [LoggerMessage(Level = LogLevel.Warning, Message = "MCP server {Server} could not be started: {Reason}")]
    public static partial void ServerDidNotStart(this ILogger logger, string server, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "MCP server {Server} is down: {Reason}. It is started again when it is needed.")]
    public static partial void ServerLost(this ILogger logger, string server, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "MCP server {Server} said that its tools changed, but did not list them; those known last are offered.")]
    public static partial void ToolsNotRefreshed(this ILogger logger, string server, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "MCP server {Server} answered a call of its tool '{Tool}' with a result that cannot be read.")]
    public static partial void ResultNotRead(this ILogger logger, string server, string tool, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "MCP server {Server} was not closed in order.")]
    public static partial void ServerNotClosed(this ILogger logger, string server, Exception exception);

    [LoggerMessage(Level = LogLevel.Debug, Message = "MCP server {Server}: {Line}")]
    public static partial void ServerWrote(this ILogger logger, string server, string line);
}
