using System.Collections.Immutable;

namespace ActorAgents;

/// <summary>The standing halts of this process. Read at each input's arrival; written rarely.</summary>
internal sealed class HaltBook(TimeProvider time)
{
    private ImmutableList<Halt> _halts = [];
    private long _last;

    public IReadOnlyList<Halt> Standing => Volatile.Read(ref _halts);

    public Halt Add(HaltScope scope, string reason)
    {
        var halt = new Halt(new HaltId(Interlocked.Increment(ref _last)), scope, reason, time.GetUtcNow());
        ImmutableInterlocked.Update(ref _halts, static (halts, added) => halts.Add(added), halt);
        return halt;
    }

    public bool Release(HaltId id) => ImmutableInterlocked.Update(ref _halts, static (halts, id) => halts.RemoveAll(halt => halt.Id == id), id);

    /// <summary>The oldest halt that covers the agent.</summary>
    public Halt? Covering(in AgentId id)
    {
        foreach (var halt in Volatile.Read(ref _halts)) if (halt.Scope.Covers(id)) return halt;
        return null;
    }
}
