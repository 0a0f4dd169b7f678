using ActorAgents.Cluster;
using ActorAgents.Host.Configuration;
using ActorAgents.Host.Configuration.Settings;
using Akka.Hosting;

namespace ActorAgents.Host.Composition;

/// <summary>What agents have outside their process: the journal of those that outlive it, and the other nodes.</summary>
internal static class Surroundings
{
    public static AkkaConfigurationBuilder WithSurroundings(this AkkaConfigurationBuilder akka, HostConfiguration configuration)
    {
        if (configuration.NeedsJournal) akka.WithDurableAgents(Journal(configuration.Settings.Persistence));
        if (configuration.Role != Role.Local) akka.WithClusteredAgents(Node(configuration.Role, configuration.Settings.Cluster));
        return akka;
    }

    private static DurableAgentsOptions Journal(PersistenceSettings settings) => settings.Kind switch
    {
        PersistenceKind.Memory => DurableAgentsOptions.InMemory(),
        PersistenceKind.Sqlite => DurableAgentsOptions.Sqlite(settings.File!),
        _ => DurableAgentsOptions.PostgreSql(settings.ConnectionString!),
    };

    private static ClusteredAgentsOptions Node(Role role, ClusterSettings settings)
    {
        var options = new ClusteredAgentsOptions
        {
            Host = settings.Host, Port = settings.Port, PublicHost = settings.PublicHost, PublicPort = settings.PublicPort,
            HostsAgents = role == Role.Node,
            Tls = settings.Tls is not { } tls ? null : new ClusterTlsOptions
            {
                Certificate = tls.Certificate, Password = tls.Password, Authority = tls.Authority, CheckHostNames = tls.CheckHostNames,
            },
        };
        if (settings.StableAfter is { } time) options.StableAfter = time;
        foreach (var seed in settings.Seeds) options.SeedNodes.Add(seed.ToString());
        return options;
    }
}
