namespace ActorAgents;

/// <summary>The agents of this process, as one tenant sees them.</summary>
internal sealed class LocalAgents(AgentsHost host, string? tenant = null) : IAgents
{
    private AgentNode Node => host.Node;
    private readonly string _tenant = tenant ?? AgentId.DefaultTenant;

    public Agent this[string kind, string key] => this[new AgentId(kind, key, _tenant)];

    public Agent this[AgentId id] => new(Node, KindOf(Mine(id).Kind), id);

    public IAgents For(string other) => tenant is null || other == tenant
        ? new LocalAgents(host, new AgentId("x", "x", other).Tenant)
        : throw new InvalidOperationException($"These are the agents of tenant '{tenant}'; those of '{other}' cannot be had from here.");

    public IReadOnlyDictionary<string, AgentDefinition> Definitions => Node.Catalog.Definitions;

    public RuntimeStatus Status => Node.Status;

    public RuntimeSnapshot TakeSnapshot() => new SnapshotTaker(Node, tenant).Take();

    public IReadOnlyList<Halt> Halts => tenant is null ? Node.Halts.Standing : [.. Node.Halts.Standing.Where(halt => IsMine(halt.Scope))];

    public Task<bool> RemoveAsync(AgentId id, CancellationToken cancellationToken) =>
        Node.AskAsync<bool>(Mine(id), new AgentProtocol.Remove(id), cancellationToken);

    public Task<Halt> HaltAsync(HaltScope scope, string reason, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        if (!IsMine(scope)) throw new ArgumentException($"Scope {scope} reaches beyond tenant '{tenant}'.", nameof(scope));
        return Task.FromResult(Node.Halt(scope, reason));
    }

    public Task<bool> ReleaseAsync(HaltId halt, CancellationToken cancellationToken)
    {
        var released = Halts.Any(standing => standing.Id == halt) && Node.Halts.Release(halt);
        if (released) Node.Log.Released(halt);
        return Task.FromResult(released);
    }

    public StatelessAgent Stateless(string kind) => new(Node, KindOf(kind), _tenant);

    private AgentId Mine(AgentId id) => id.Kind is null ? throw TurnException.From(Node.Catalog.Unknown(""), "", default)
        : tenant is null || id.Tenant == tenant ? id
        : throw new ArgumentException($"Agent {id} belongs to another tenant than '{tenant}'.", nameof(id));

    private bool IsMine(HaltScope scope) => tenant is null || scope.TenantName == tenant;

    private AgentKind KindOf(string kind) => Node.Kinds.TryGetValue(kind ?? "", out var known)
        ? known
        : throw TurnException.From(Node.Catalog.Unknown(kind ?? ""), "", default);
}
