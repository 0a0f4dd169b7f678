namespace ActorAgents;

/// <summary>The agents of this process, as one tenant sees them.</summary>
internal sealed class LocalAgents(AgentsHost host, string? tenant = null) : IAgents
{
    private AgentNode Node => host.Node;
    private readonly string _tenant = tenant ?? AgentId.DefaultTenant;

    public Agent this[string kind, string key] => this[new AgentId(kind, key, _tenant)];

    public Agent this[AgentId id] => tenant is null || id.Tenant == tenant
        ? new(Node, KindOf(id.Kind), id)
        : throw new ArgumentException($"Agent {id} belongs to another tenant than '{tenant}'.", nameof(id));

    public IAgents For(string other) => tenant is null || other == tenant
        ? new LocalAgents(host, new AgentId("x", "x", other).Tenant)
        : throw new InvalidOperationException($"These are the agents of tenant '{tenant}'; those of '{other}' cannot be had from here.");

    public IReadOnlyDictionary<string, AgentDefinition> Definitions => Node.Catalog.Definitions;

    public RuntimeStatus Status => Node.Status;

    public IReadOnlyList<Halt> Halts => Node.Halts.Standing;

    public Task<bool> RemoveAsync(AgentId id, CancellationToken cancellationToken) => Node.AskAsync<bool>(id, new AgentProtocol.Remove(id), cancellationToken);

    public Task<Halt> HaltAsync(HaltScope scope, string reason, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return Task.FromResult(Node.Halt(scope, reason));
    }

    public Task<bool> ReleaseAsync(HaltId halt, CancellationToken cancellationToken)
    {
        var released = Node.Halts.Release(halt);
        if (released) Node.Log.Released(halt);
        return Task.FromResult(released);
    }

    public StatelessAgent Stateless(string kind) => new(Node, KindOf(kind), _tenant);

    private AgentKind KindOf(string kind) => Node.Kinds.TryGetValue(kind ?? "", out var known)
        ? known
        : throw TurnException.From(Node.Catalog.Unknown(kind ?? ""), "", default);
}
