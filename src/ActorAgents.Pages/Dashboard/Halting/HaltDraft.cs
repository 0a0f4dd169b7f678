namespace ActorAgents.Pages;

/// <summary>A halt that is being written, and what is wrong with it.</summary>
public sealed class HaltDraft(string? tenant)
{
    /// <summary>What can be chosen. Of one tenant's agents: those of that tenant.</summary>
    public IReadOnlyList<HaltReach> Reaches { get; } = tenant is null ? Enum.GetValues<HaltReach>() : [HaltReach.Everything, HaltReach.Kind, HaltReach.Agent];

    /// <summary>The tenant that every halt is confined to. Null when to none.</summary>
    public string? ConfinedTo => tenant;

    /// <summary>How far it reaches.</summary>
    public HaltReach Reach { get; set; }

    /// <summary>For a kind or an agent.</summary>
    public string Kind { get; set; } = "";

    /// <summary>For a tenant or an agent.</summary>
    public string Tenant { get; set; } = tenant ?? "";

    /// <summary>For an agent.</summary>
    public string Key { get; set; } = "";

    /// <summary>What the turns that it stops or refuses are told.</summary>
    public string Reason { get; set; } = "";

    /// <summary>Whether a kind is asked for.</summary>
    public bool NeedsKind => Reach is HaltReach.Kind or HaltReach.TenantKind or HaltReach.Agent;

    /// <summary>Whether a tenant is asked for.</summary>
    public bool NeedsTenant => tenant is null && Reach is HaltReach.Tenant or HaltReach.TenantKind or HaltReach.Agent;

    /// <summary>The scope it would have.</summary>
    /// <param name="problem">What to correct, when it is not complete.</param>
    public HaltScope? Scope(out string? problem)
    {
        problem = Missing();
        if (problem is not null) return null;
        try
        {
            return (Reach, tenant) switch
            {
                (HaltReach.Everything, null) => HaltScope.Cluster,
                (HaltReach.Everything, _) => HaltScope.Tenant(tenant),
                (HaltReach.Kind, null) => HaltScope.Kind(Kind),
                (HaltReach.Kind, _) => HaltScope.TenantKind(tenant, Kind),
                (HaltReach.Tenant, _) => HaltScope.Tenant(Tenant.Trim()),
                (HaltReach.TenantKind, _) => HaltScope.TenantKind(Tenant.Trim(), Kind),
                _ => HaltScope.Agent(new AgentId(Kind, Key, tenant ?? Tenant.Trim())),
            };
        }
        catch (ArgumentException e)
        {
            problem = e.Message;
            return null;
        }
    }

    private string? Missing() =>
        NeedsTenant && string.IsNullOrWhiteSpace(Tenant) ? "Name the tenant."
        : NeedsKind && Kind.Length == 0 ? "Choose a kind."
        : Reach == HaltReach.Agent && Key.Length == 0 ? "Give the agent's key."
        : string.IsNullOrWhiteSpace(Reason) ? "Give a reason: it is what those who are stopped will read."
        : null;
}

/// <summary>How far a halt reaches.</summary>
public enum HaltReach
{
    /// <summary>All that the operator sees.</summary>
    Everything,
    /// <summary>All agents of a kind.</summary>
    Kind,
    /// <summary>All agents of a tenant.</summary>
    Tenant,
    /// <summary>A tenant's agents of a kind.</summary>
    TenantKind,
    /// <summary>One agent.</summary>
    Agent,
}
