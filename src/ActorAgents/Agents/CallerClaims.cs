using System.Security.Claims;

namespace ActorAgents;

/// <summary>The claims that the rights of a signed-in caller are read from, whoever signed them in.</summary>
public static class ActorAgentsClaims
{
    /// <summary>One per scope, of <see cref="ActorAgentsScopes"/>.</summary>
    public const string Scope = "actoragents.scope";

    /// <summary>The tenant a caller is confined to.</summary>
    public const string Tenant = "actoragents.tenant";

    /// <summary>The agents a caller reaches: those of its tenant or, without one, those of the default tenant and the halts of all. What the caller halts is recorded under its name.</summary>
    /// <exception cref="ArgumentException">The claim's value is not a tenant.</exception>
    public static IAgents For(this IAgents agents, ClaimsPrincipal caller)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (caller.FindFirst(Tenant) is { } tenant) agents = agents.For(tenant.Value);
        return caller.Identity?.Name is { } name && !string.IsNullOrWhiteSpace(name) ? agents.As(name) : agents;
    }
}

/// <summary>What a caller may do.</summary>
public static class ActorAgentsScopes
{
    /// <summary>Talk to agents; read, interrupt, clear and remove them.</summary>
    public const string Chat = "chat";

    /// <summary>Halt and release; see what runs.</summary>
    public const string Admin = "admin";

    /// <summary>Every scope.</summary>
    public static IReadOnlyList<string> All { get; } = [Chat, Admin];
}
