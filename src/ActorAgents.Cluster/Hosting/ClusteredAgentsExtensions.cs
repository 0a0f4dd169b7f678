using Akka.Cluster.Hosting;
using Akka.Configuration;
using Akka.Event;
using Akka.Hosting;
using Akka.Remote.Hosting;

namespace ActorAgents.Cluster;

/// <summary>Puts agents on the nodes of a cluster.</summary>
public static class ClusteredAgentsExtensions
{
    /// <summary>
    /// Makes the process a node of a cluster, whose nodes share the agents between them; all need the same definitions, providers and tools. The node joins when the
    /// runtime has started and leaves when its host stops, after it has handed its agents to the others. A node with agents needs a journal too
    /// (<see cref="DurableAgentsExtensions.WithDurableAgents"/>), the same as the others: halts are kept there. Reports itself to health checks with the tag <c>actoragents</c>.
    /// </summary>
    /// <remarks>Its settings win over Akka's and over what was added before; add your own afterwards to change them.</remarks>
    /// <exception cref="AgentConfigurationException">An option is wrong; the message lists every mistake.</exception>
    public static AkkaConfigurationBuilder WithClusteredAgents(this AkkaConfigurationBuilder akka, ClusteredAgentsOptions options)
    {
        ArgumentNullException.ThrowIfNull(akka);
        ArgumentNullException.ThrowIfNull(options);
        var plan = ClusterPlan.Of(options);
        return akka
            .WithAgentSerializer()
            .AddHocon(DurableAgentsExtensions.Resource("Cluster.conf"), HoconAddMode.Prepend)
            .AddHocon(ConfigurationFactory.ParseString($"akka.cluster.split-brain-resolver.stable-after = {options.StableAfter.ToHocon()}"), HoconAddMode.Prepend)
            .WithRemoting(RemotingOf(plan))
            .WithClustering(new ClusterOptions { Roles = [.. RolesOf(options)] })
            .WithDurableHalts()
            .AddSetup(new PlacementSetup(new ShardedPlacement(plan)))
            .AddStartup((system, _) =>
            {
                if (plan is { IsOpen: true, Certificates: null })
                    system.Log.Warning("The cluster's port is open to other machines without certificates: whoever reaches it can join. Set {0}.{1}, or keep others from it.",
                        nameof(ClusteredAgentsOptions), nameof(ClusteredAgentsOptions.Tls));
            })
            .WithHealthCheck("actoragents-cluster", (system, _, _) => Task.FromResult(ClusterStatus.Of(system).Check()), tags: ["actoragents"]);
    }

    private static IEnumerable<string> RolesOf(ClusteredAgentsOptions options) =>
        (options.HostsAgents ? options.Roles.Prepend(ClusteredAgentsOptions.AgentsRole) : options.Roles).Distinct();

    private static RemoteOptions RemotingOf(ClusterPlan plan)
    {
        var remoting = new RemoteOptions
        {
            HostName = plan.Options.Host, Port = plan.Options.Port,
            PublicHostName = plan.Options.PublicHost, PublicPort = plan.Options.PublicPort,
            EnableSsl = plan.Certificates is not null,
        };
        if (plan.Certificates is { } certificates)
            remoting.Ssl = new SslOptions { X509Certificate = certificates.Own, RequireMutualAuthentication = true, CustomValidator = certificates.Accepts };
        return remoting;
    }
}
