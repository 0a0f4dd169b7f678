namespace ActorAgents;

/// <summary>The agents of this runtime, as one tenant sees them.</summary>
internal sealed class TenantAgents(AgentsHost host, string? tenant = null, string? by = null) : IAgents
{
    private AgentNode Node => host.Node;
    private readonly string _tenant = tenant ?? AgentId.DefaultTenant;

    public Agent this[string kind, string key] => this[new AgentId(kind, key, _tenant)];

    public Agent this[AgentId id] => new(Node, KindOf(Mine(id).Kind), id);

    public IAgents For(string other) => tenant is null || other == tenant
        ? new TenantAgents(host, new AgentId("x", "x", other).Tenant, by)
        : throw new InvalidOperationException($"These are the agents of tenant '{tenant}'; those of '{other}' cannot be had from here.");

    public IAgents As(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return new TenantAgents(host, tenant, name.Length <= Halt.MaxByChars ? name : name[..Halt.MaxByChars]);
    }

    public IReadOnlyDictionary<string, AgentDefinition> Definitions => Node.Catalog.Definitions;

    public RuntimeStatus Status => Node.Status;

    public Task PingAsync(CancellationToken cancellationToken) => Node.PingAsync(cancellationToken);

    public RuntimeSnapshot TakeSnapshot() => new SnapshotTaker(Node, tenant).Take();

    public IReadOnlyList<Halt> Halts => tenant is null ? Node.Halts.Standing : [.. Node.Halts.Standing.Where(halt => halt.Scope.IsOf(tenant))];

    public Task<bool> RemoveAsync(AgentId id, CancellationToken cancellationToken) =>
        Node.AskAsync<bool>(Mine(id), new AgentProtocol.Remove(id), cancellationToken);

    public Task<Halt> HaltAsync(HaltScope scope, string reason, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        if (reason.Length > Halt.MaxReasonChars) throw new ArgumentException($"The reason has {reason.Length} characters; at most {Halt.MaxReasonChars} are taken.", nameof(reason));
        if (!scope.IsOf(tenant)) throw new ArgumentException($"Scope {scope} reaches beyond tenant '{tenant}'.", nameof(scope));
        return Node.Ledger.HaltAsync(scope, reason, by, cancellationToken);
    }

    public Task<bool> ReleaseAsync(HaltId halt, CancellationToken cancellationToken) => Node.Ledger.ReleaseAsync(halt, tenant, by, cancellationToken);

    public Task<IReadOnlyList<HaltRecord>> GetHaltHistoryAsync(int max, long? before, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(max);
        return Node.Ledger.GetHistoryAsync(tenant, Math.Min(max, 1000), before ?? long.MaxValue, cancellationToken);
    }

    public StatelessAgent Stateless(string kind) => new(Node, KindOf(kind), _tenant);

    private AgentId Mine(AgentId id) => id.Kind is null ? throw TurnException.From(Node.Catalog.Unknown(""), "", default)
        : tenant is null || id.Tenant == tenant ? id
        : throw new ArgumentException($"Agent {id} belongs to another tenant than '{tenant}'.", nameof(id));

    private AgentKind KindOf(string kind) => Node.Kinds.TryGetValue(kind ?? "", out var known)
        ? known
        : throw TurnException.From(Node.Catalog.Unknown(kind ?? ""), "", default);
}
