using System.Collections.Concurrent;

namespace ActorAgents;

/// <summary>
/// Threads of the runtime's own on which tools begin, so that one that blocks holds one of these and never a thread that streams need. When all are
/// held, further tools wait; their timeout runs meanwhile. Akka's fork-join pool will not do: of a burst it starts about as many as there are cores
/// and leaves the rest until one of those returns.
/// </summary>
internal sealed class ToolThreads : IDisposable
{
    private readonly BlockingCollection<Action> _ready = [];
    private readonly Lazy<bool> _started;

    public ToolThreads(int count) => _started = new(() =>
    {
        for (var number = 1; number <= count; number++) new Thread(Work) { Name = $"tools-{number}", IsBackground = true }.UnsafeStart();
        return true;
    });

    /// <summary>The action must not throw.</summary>
    public void Run(Action action)
    {
        _ = _started.Value;
        _ready.Add(action);
    }

    /// <summary>Nothing further is taken; what waits is still run.</summary>
    public void Dispose() => _ready.CompleteAdding();

    private void Work()
    {
        foreach (var action in _ready.GetConsumingEnumerable()) action();
    }
}
