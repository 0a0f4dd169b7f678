using Akka.Actor;

namespace ActorAgents;

/// <summary>The ledger of a runtime that is one process and keeps nothing.</summary>
internal sealed class MemoryHaltLedger : IHaltLedger
{
    private readonly Lock _lock = new();
    private readonly List<HaltRecord> _history = [];
    private readonly List<Halt> _standing = [];
    private AgentNode _node = default!;
    private string _address = "";

    public void Start(ActorSystem system, AgentNode node)
    {
        (_node, _address) = (node, system.Name);
        node.Obey([], 0);
    }

    public async Task<Halt> HaltAsync(HaltScope scope, string reason, string? by, CancellationToken cancellationToken)
    {
        var (halt, standing) = Write(epoch => new Halt(new HaltId(epoch), scope, reason, _node.Time.GetUtcNow()) { By = by });
        _node.Halts.Adopt(standing, halt.Id.Value);
        // Whoever else adopted it meanwhile has not stopped all of its turns yet.
        var (stopped, ends) = _node.StopTurnsOf(halt);
        await ends.ConfigureAwait(false);
        return halt with { Nodes = [new(_address, stopped)] };
    }

    public Task<bool> ReleaseAsync(HaltId id, string? tenant, string? by, CancellationToken cancellationToken)
    {
        Halt[] standing;
        long epoch;
        lock (_lock)
        {
            if (_standing.Find(halt => halt.Id == id) is not { } halt || !halt.Scope.IsOf(tenant)) return Task.FromResult(false);
            _standing.Remove(halt);
            standing = [.. _standing];
            _history.Add(new(epoch = _history.Count + 1, HaltAction.Released, halt, by, _node.Time.GetUtcNow()));
        }
        _node.Obey(standing, epoch);
        _node.Log.Released(id, by);
        return Task.FromResult(true);
    }

    public Task<IReadOnlyList<HaltRecord>> GetHistoryAsync(string? tenant, int max, long before, CancellationToken cancellationToken)
    {
        lock (_lock)
            return Task.FromResult<IReadOnlyList<HaltRecord>>([.. _history.AsEnumerable().Reverse().Where(entry => entry.Epoch < before && entry.Halt.Scope.IsOf(tenant)).Take(max)]);
    }

    private (Halt Halt, Halt[] Standing) Write(Func<long, Halt> add)
    {
        lock (_lock)
        {
            var halt = add(_history.Count + 1);
            _standing.Add(halt);
            _history.Add(new(halt.Id.Value, HaltAction.Stood, halt, halt.By, halt.Since));
            return (halt, [.. _standing]);
        }
    }
}
