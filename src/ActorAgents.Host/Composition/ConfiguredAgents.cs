using ActorAgents.Cluster;
using ActorAgents.Host.Configuration;
using ActorAgents.Host.Providers;
using ActorAgents.Host.Tools;
using ActorAgents.Providers;
using Akka.Event;
using Akka.Hosting;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ActorAgents.Host.Composition;

/// <summary>The runtime as the configuration describes it.</summary>
internal static class ConfiguredAgents
{
    public static IServiceCollection AddConfiguredAgents(this IServiceCollection services, HostConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        if (configuration.Role != Role.Local) services.AddClusterStatus();
        return services.ConfigureActorAgents(agents => Describe(agents, configuration)).AddAkka("ActorAgents", akka => akka
            .WithSurroundings(configuration)
            .AddHocon(configuration.Hocon, HoconAddMode.Prepend)
            .ConfigureLoggers(loggers =>
            {
                loggers.ClearLoggers();
                loggers.AddLoggerFactory();
                // Akka.Hosting sets the level in code, over the file's, unless it is handed the file's.
                loggers.LogLevel = Akka.Event.Logging.LogLevelFor(configuration.Hocon.GetString("akka.loglevel", "INFO"));
            })
            .WithActorAgents());
    }

    private static void Describe(ActorAgentsBuilder agents, HostConfiguration configuration)
    {
        foreach (var provider in configuration.Settings.Providers)
            agents.AddProvider(provider.Name, services => Client(provider, services), builder => provider.Kind.Describe?.Invoke(provider, builder));
        foreach (var (name, tool) in SampleTools.All) agents.AddTool(name, tool);
        foreach (var server in configuration.AgentFiles.McpServers) agents.AddMcpServer(server);
        foreach (var agent in configuration.Agents) agents.AddAgent(agent);
        if (configuration.Settings.Server.Telemetry.SensitiveData) agents.WithSensitiveTelemetry();
        if (configuration.Settings.MaxLiveTurns is { } turns) agents.WithMaxLiveTurns(turns);
    }

    private static IChatClient Client(ProviderSettings provider, IServiceProvider services)
    {
        try
        {
            return provider.Kind.Create(provider, services);
        }
        catch (Exception e)
        {
            throw new AgentConfigurationException($"The provider '{provider.Name}' of kind '{provider.Kind.Name}' cannot be made: {e.Message}");
        }
    }
}
