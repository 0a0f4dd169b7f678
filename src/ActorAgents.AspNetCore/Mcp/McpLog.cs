using System.Text.Json;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;

namespace ActorAgents.AspNetCore;

/// <summary>The application's log, for the SDK: without whole messages, and without what clients bring about by ordinary means as errors of the server's.</summary>
internal sealed class McpLog(ILoggerFactory loggers) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new Logger(loggers.CreateLogger(categoryName));

    public void AddProvider(ILoggerProvider provider) => loggers.AddProvider(provider);

    public void Dispose()
    {
        // The factory is the application's.
    }

    private sealed class Logger(ILogger logger) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => logger.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel > LogLevel.Trace && logger.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var isClients = exception is OperationCanceledException or McpException or JsonException;
            if (logLevel > LogLevel.Trace) logger.Log(isClients ? LogLevel.Debug : logLevel, eventId, state, exception, formatter);
        }
    }
}
