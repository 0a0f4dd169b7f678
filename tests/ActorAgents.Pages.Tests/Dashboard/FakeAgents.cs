namespace ActorAgents.Pages.Tests;

/// <summary>Says what a test wants to be measured, and counts how often it is asked.</summary>
internal sealed class FakeAgents : IAgents
{
    public RuntimeStatus Status { get; set; }

    public RuntimeSnapshot Snapshot { get; set; } = Turns([]);

    public int Looks { get; private set; }

    public bool IsBroken { get; set; }

    public IReadOnlyList<Halt> Halts { get; set; } = [];

    public IReadOnlyDictionary<string, AgentDefinition> Definitions { get; } = new Dictionary<string, AgentDefinition>();

    public Agent this[string kind, string key] => throw new NotSupportedException();

    public Agent this[AgentId id] => throw new NotSupportedException();

    public IAgents For(string tenant) => this;

    public IAgents As(string name) => this;

    public Task PingAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public RuntimeSnapshot TakeSnapshot()
    {
        Looks++;
        return IsBroken ? throw new InvalidOperationException("broken") : Snapshot;
    }

    public static RuntimeSnapshot Turns(Dictionary<TurnWait, int> waits, long chunks = 0) => new(DateTimeOffset.UnixEpoch, [Kind("writer", waits)], [], chunks);

    public static KindSnapshot Kind(string kind, Dictionary<TurnWait, int> waits) => new(kind, waits.Values.Sum(), 0, waits);

    public Task<bool> RemoveAsync(AgentId id, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<Halt> HaltAsync(HaltScope scope, string reason, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<bool> ReleaseAsync(HaltId halt, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<IReadOnlyList<HaltRecord>> GetHaltHistoryAsync(int max = 100, long? before = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public StatelessAgent Stateless(string kind) => throw new NotSupportedException();
}
