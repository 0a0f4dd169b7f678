using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace ActorAgents.Pages;

/// <summary>The agents that the signed-in user of a circuit may reach.</summary>
public sealed class AgentsOfUser(IAgents agents, IServiceProvider services)
{
    /// <summary>The type of the claim that names the user's tenant. Users without it reach the default tenant's agents.</summary>
    public const string TenantClaim = "actoragents.tenant";

    /// <summary>The agents, as the user's tenant sees them.</summary>
    /// <exception cref="ArgumentException">The claim's value is not a tenant.</exception>
    public async Task<IAgents> GetAsync()
    {
        if (services.GetService<AuthenticationStateProvider>() is not { } authentication) return agents;
        var state = await authentication.GetAuthenticationStateAsync();
        return state.User.FindFirst(TenantClaim) is { Value: var tenant } ? agents.For(tenant) : agents;
    }
}
