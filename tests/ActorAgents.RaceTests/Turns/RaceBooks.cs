using System.Collections.Concurrent;

namespace ActorAgents.RaceTests;

/// <summary>What is known of a round: its turns, what was opened and closed, and everything that went wrong.</summary>
internal sealed class RaceBooks
{
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<Action> _silent = [];
    private readonly ConcurrentQueue<string> _violations = [];
    private readonly ConcurrentDictionary<string, bool> _toolCalls = [];

    public long Opened, Closed, Gone;

    public ConcurrentDictionary<int, RaceTurn> Turns { get; } = [];

    /// <summary>Completes with the first violation.</summary>
    public Task Failed => _failed.Task;

    /// <summary>Completes when those that ignore their token may return.</summary>
    public Task Released => _released.Task;

    public IReadOnlyCollection<string> Violations => _violations;

    /// <summary>How the turns ended, of which somebody saw the end.</summary>
    public string Summary() => string.Join(", ", Turns.Values
        .GroupBy(turn => turn.Seen?.Terminal switch
        {
            null => "unseen",
            TurnInterrupted interrupted => interrupted.Reason.ToString(),
            TurnFailed failed => $"failed {failed.Error.Kind}",
            TurnCompleted { SteeredInto: not null } => "steered",
            _ => "completed",
        })
        .OrderByDescending(group => group.Count()).Select(group => $"{group.Key} {group.Count()}")) + $", gone {Gone}";

    public void Violate(string what)
    {
        _violations.Enqueue(what);
        _failed.TrySetResult();
    }

    public void ToolStarted(string call)
    {
        if (!_toolCalls.TryAdd(call, true)) Violate($"Tool call {call} ran twice.");
    }

    /// <summary>Runs the action when the silent ones are released.</summary>
    public void WhenReleased(Action action)
    {
        _silent.Enqueue(action);
        if (_released.Task.IsCompleted) RunSilent();
    }

    public void Release()
    {
        _released.TrySetResult();
        RunSilent();
    }

    private void RunSilent()
    {
        while (_silent.TryDequeue(out var action)) action();
    }
}
