using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace ActorAgents.Pages;

/// <summary>The agents that the signed-in user of a circuit may reach.</summary>
public sealed class AgentsOfUser(IAgents agents, IServiceProvider services)
{
    /// <summary>Those of the user's tenant (<see cref="ActorAgentsClaims.Tenant"/>); without one, those of the default tenant.</summary>
    /// <exception cref="ArgumentException">The claim's value is not a tenant.</exception>
    public async Task<IAgents> GetAsync()
    {
        if (services.GetService<AuthenticationStateProvider>() is not { } authentication) return agents;
        var state = await authentication.GetAuthenticationStateAsync();
        return agents.For(state.User);
    }
}
