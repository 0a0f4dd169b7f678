using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ActorAgents.Host.Composition;

/// <summary>Stands in for the runtime's extensions of the same names. Being nearer, these win over the real ones: they go when those come.</summary>
internal static class ActorAgentsShim
{
    public static IServiceCollection ConfigureActorAgents(this IServiceCollection services, Action<ActorAgentsBuilder> configure)
    {
        configure(new ActorAgentsBuilder());
        return services;
    }

    public static AkkaConfigurationBuilder WithActorAgents(this AkkaConfigurationBuilder akka) =>
        throw new NotImplementedException("The runtime is not part of this build.");
}
