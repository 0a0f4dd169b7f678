namespace ActorAgents;

/// <summary>This node's copy of the standing halts. Read at each input's arrival, each step and each tool start; written rarely. Thread-safe.</summary>
internal sealed class HaltBook
{
    private readonly TaskCompletionSource _known = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Copy? _copy;

    /// <summary>Completes with the first copy. Until then nothing may begin: a halt may stand that is not known here.</summary>
    public Task Known => _known.Task;

    public bool IsKnown => Volatile.Read(ref _copy) is not null;

    /// <summary>How many changes the copy has seen; -1 while there is none.</summary>
    public long Epoch => Volatile.Read(ref _copy)?.Epoch ?? -1;

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<Halt> Standing => Volatile.Read(ref _copy)?.Standing ?? [];

    /// <summary>Replaces the copy, unless it is as new: lists may come in any order and more than once.</summary>
    /// <param name="standing">Oldest first.</param>
    /// <returns>The halts that did not stand before. Their turns are to be stopped now, afterwards: an input that arrives from here on is refused.</returns>
    public IReadOnlyList<Halt> Adopt(IReadOnlyList<Halt> standing, long epoch)
    {
        var copy = new Copy(epoch, [.. standing]);
        while (true)
        {
            var old = Volatile.Read(ref _copy);
            if (old is not null && old.Epoch >= epoch) return [];
            if (!ReferenceEquals(Interlocked.CompareExchange(ref _copy, copy, old), old)) continue;
            _known.TrySetResult();
            return old is null ? copy.Standing : [.. copy.Standing.Where(halt => halt.Id.Value > old.Epoch)];
        }
    }

    /// <summary>The oldest halt that covers the agent.</summary>
    public Halt? Covering(in AgentId id)
    {
        if (Volatile.Read(ref _copy) is not { Standing: { Length: > 0 } standing }) return null;
        foreach (var halt in standing) if (halt.Scope.Covers(id)) return halt;
        return null;
    }

    private sealed record Copy(long Epoch, Halt[] Standing);
}
