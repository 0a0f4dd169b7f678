using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace ActorAgents.Pages;

/// <summary>What the user of a circuit may see and stop.</summary>
internal sealed class DashboardAccess(AgentsOfUser agents, DashboardSamplers samplers, IServiceProvider services)
{
    /// <summary>
    /// Null for a user whose scopes do not include admin. An application that gives its users no scopes has rules of its own, by which the user came here.
    /// </summary>
    public async Task<DashboardOperator?> GetAsync()
    {
        var user = services.GetService<AuthenticationStateProvider>() is { } authentication ? (await authentication.GetAuthenticationStateAsync()).User : new ClaimsPrincipal();
        if (user.HasClaim(c => c.Type == ActorAgentsClaims.Scope) && !user.HasClaim(ActorAgentsClaims.Scope, ActorAgentsScopes.Admin)) return null;
        var tenant = user.FindFirst(ActorAgentsClaims.Tenant)?.Value;
        return new DashboardOperator(await agents.GetAsync(), samplers.For(tenant), tenant);
    }
}

/// <summary>An operator: of one tenant's agents, or of all when the tenant is null.</summary>
internal sealed record DashboardOperator(IAgents Agents, DashboardSampler Sampler, string? Tenant);
