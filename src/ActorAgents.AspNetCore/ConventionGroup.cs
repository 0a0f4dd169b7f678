using Microsoft.AspNetCore.Builder;

namespace ActorAgents.AspNetCore;

/// <summary>Several endpoints to add conventions to as one.</summary>
internal sealed class ConventionGroup(IReadOnlyList<IEndpointConventionBuilder> endpoints) : IEndpointConventionBuilder
{
    public void Add(Action<EndpointBuilder> convention)
    {
        foreach (var endpoint in endpoints) endpoint.Add(convention);
    }

    public void Finally(Action<EndpointBuilder> finallyConvention)
    {
        foreach (var endpoint in endpoints) endpoint.Finally(finallyConvention);
    }
}
