using Akka.Hosting;

namespace ActorAgents.Cluster;

internal static class SerializationExtensions
{
    private const string Name = "actoragents";

    /// <summary>Registers <see cref="AgentSerializer"/>, once, and refuses types that have no serializer.</summary>
    public static AkkaConfigurationBuilder WithAgentSerializer(this AkkaConfigurationBuilder builder) => builder
        .AddHocon(DurableAgentsExtensions.Resource("Serialization.conf"), HoconAddMode.Prepend)
        .WithCustomSerializer(Name, AgentSerializer.Types, static system => new AgentSerializer(system));
}
