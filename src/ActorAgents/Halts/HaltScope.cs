namespace ActorAgents;

/// <summary>Which agents a halt covers.</summary>
public readonly record struct HaltScope
{
    private readonly string? _tenant;
    private readonly string? _kind;
    private readonly string? _key;

    private HaltScope(string? tenant, string? kind, string? key) => (_tenant, _kind, _key) = (tenant, kind, key);

    /// <summary>Whether it is within the tenant's reach; everything is within that of null.</summary>
    internal bool IsOf(string? tenant) => tenant is null || _tenant == tenant;

    /// <summary>Every agent.</summary>
    public static HaltScope Cluster => default;
    public static HaltScope Tenant(string tenant) => new(new AgentId("x", "x", tenant).Tenant, null, null);
    public static HaltScope Kind(string kind) => new(null, new AgentId(kind, "x").Kind, null);
    public static HaltScope TenantKind(string tenant, string kind) => new(new AgentId("x", "x", tenant).Tenant, new AgentId(kind, "x").Kind, null);
    public static HaltScope Agent(AgentId id) => new(id.Tenant, id.Kind, id.Key);

    /// <summary>Whether the agent is covered.</summary>
    public bool Covers(in AgentId id) =>
        (_tenant is null || _tenant == id.Tenant) && (_kind is null || _kind == id.Kind) && (_key is null || _key == id.Key);

    /// <summary><c>cluster | tenant:t | kind:k | tenant:t/kind:k | agent:t/k/key</c>, parts URL-encoded.</summary>
    public override string ToString() => (_tenant, _kind, _key) switch
    {
        (null, null, _) => "cluster",
        ({ } t, null, _) => $"tenant:{t}",
        (null, { } k, _) => $"kind:{k}",
        ({ } t, { } k, null) => $"tenant:{t}/kind:{k}",
        ({ } t, { } k, { } key) => $"agent:{t}/{k}/{Uri.EscapeDataString(key)}",
    };

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <exception cref="FormatException">None of the forms.</exception>
    public static HaltScope Parse(string value)
    {
        var parts = (value ?? "").Split('/');
        return parts switch
        {
            ["cluster"] => Cluster,
            [var t] when t.StartsWith("tenant:", StringComparison.Ordinal) => Tenant(t[7..]),
            [var k] when k.StartsWith("kind:", StringComparison.Ordinal) => Kind(k[5..]),
            [var t, var k] when t.StartsWith("tenant:", StringComparison.Ordinal) && k.StartsWith("kind:", StringComparison.Ordinal) => TenantKind(t[7..], k[5..]),
            [var t, var k, var key] when t.StartsWith("agent:", StringComparison.Ordinal) => Agent(new AgentId(k, Uri.UnescapeDataString(key), t[6..])),
            _ => throw new FormatException($"'{value}' is not a halt scope: use cluster, tenant:t, kind:k, tenant:t/kind:k or agent:t/k/key."),
        };
    }
}
