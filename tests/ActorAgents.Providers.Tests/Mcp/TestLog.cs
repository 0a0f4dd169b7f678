using Microsoft.Extensions.Logging;

namespace ActorAgents.Providers.Tests.Mcp;

/// <summary>Keeps what is logged, and lets a test wait for it.</summary>
internal sealed class TestLog : ILoggerFactory, ILogger
{
    private readonly Lock _lock = new();
    private readonly List<(LogLevel Level, string Text)> _lines = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<(LogLevel Level, string Text)> Lines
    {
        get { lock (_lock) return [.. _lines]; }
    }

    /// <summary>The ids of the processes that were started, the newest last.</summary>
    public IReadOnlyList<int> Processes => [.. Lines.Where(line => line.Text.Contains("runs as process")).Select(line => int.Parse(line.Text.TrimEnd('.').Split(' ')[^1]))];

    /// <summary>Completes when so many lines hold the text.</summary>
    public async Task HasAsync(string text, int times = 1)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            Task more;
            lock (_lock)
            {
                if (_lines.Count(line => line.Text.Contains(text)) >= times) return;
                more = _more.Task;
            }
            await more.WaitAsync(patience.Token);
        }
    }

    public void Log<TState>(LogLevel level, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> format)
    {
        TaskCompletionSource done;
        lock (_lock)
        {
            _lines.Add((level, format(state, exception)));
            (done, _more) = (_more, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        done.TrySetResult();
    }

    public bool IsEnabled(LogLevel level) => true;
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
    public ILogger CreateLogger(string name) => this;
    public void AddProvider(ILoggerProvider provider) { }
    public void Dispose() { }
}
