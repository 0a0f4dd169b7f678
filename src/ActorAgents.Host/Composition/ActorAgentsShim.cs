using Akka.Hosting;

namespace ActorAgents.Host.Composition;

/// <summary>Stands in for the runtime's extension of the same name.</summary>
internal static class ActorAgentsShim
{
    public static AkkaConfigurationBuilder WithActorAgents(this AkkaConfigurationBuilder builder, Action<ActorAgentsBuilder> configure) =>
        throw new NotImplementedException("The runtime is not part of this build.");
}
