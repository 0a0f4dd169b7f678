namespace ActorAgents.Testing;

/// <summary>A counter that can be awaited. Counting is one interlocked operation while nobody waits.</summary>
internal sealed class Tally(string what)
{
    private readonly Lock _lock = new();
    private List<Waiter>? _waiters;
    private long _value;

    public long Value => Volatile.Read(ref _value);

    public void Add(long amount = 1)
    {
        Interlocked.Add(ref _value, amount);
        if (Volatile.Read(ref _waiters) is not null) Wake();
    }

    public Task ReachesAsync(long goal) => WhenAsync(value => value >= goal, $"{goal} {what}");

    public Task IsZeroAsync() => WhenAsync(value => value == 0, $"no {what}");

    private Task WhenAsync(Func<long, bool> test, string goal)
    {
        if (test(Value)) return Task.CompletedTask;
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _waiters = [.. _waiters ?? [], new Waiter(test, done)];
        }
        // Whoever counted before the list was visible is seen by this look, everybody later sees the list.
        Interlocked.MemoryBarrier();
        Wake();
        return Patience.BoundAsync(done.Task, () => $"Expected {goal}; there were {Value}");
    }

    private void Wake()
    {
        lock (_lock)
        {
            if (_waiters is null) return;
            var value = Value;
            var left = _waiters.Where(w => !w.Test(value)).ToList();
            foreach (var waiter in _waiters.Except(left)) waiter.Done.TrySetResult();
            _waiters = left.Count == 0 ? null : left;
        }
    }

    private sealed record Waiter(Func<long, bool> Test, TaskCompletionSource Done);
}
