using Microsoft.Extensions.Logging;

namespace ActorAgents.Tests.Halts;

/// <summary>Throws when a turn is interrupted, and at whatever is written after that.</summary>
internal sealed class BrokenLogs : ILoggerProvider, ILogger
{
    private volatile bool _isFull;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (formatter(state, exception).Contains("was interrupted", StringComparison.Ordinal)) _isFull = true;
        if (_isFull) throw new InvalidOperationException("The disk is full.");
    }

    public void Dispose() { }
}
