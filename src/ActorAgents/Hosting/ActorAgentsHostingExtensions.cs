using Akka;
using Akka.Actor;
using Akka.Configuration;
using Akka.DependencyInjection;
using Akka.Hosting;
using Akka.Hosting.Logging;
using Akka.Streams;
using Akka.Streams.Dsl;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ActorAgents;

/// <summary>Adds the runtime to an application.</summary>
public static class ActorAgentsHostingExtensions
{
    /// <summary>
    /// Adds <see cref="IAgents"/> and an actor system named <c>ActorAgents</c> that runs them. An application with an actor system of its own calls
    /// <see cref="ConfigureActorAgents"/> and, on its <see cref="AkkaConfigurationBuilder"/>, <see cref="WithActorAgents"/> instead.
    /// </summary>
    /// <param name="akka">Further settings of that actor system: configuration, loggers, actors of your own.</param>
    public static IServiceCollection AddActorAgents(
        this IServiceCollection services, Action<ActorAgentsBuilder> configure, Action<AkkaConfigurationBuilder, IServiceProvider>? akka = null) =>
        services.ConfigureActorAgents(configure).AddAkka("ActorAgents", (builder, provider) =>
        {
            builder.ConfigureLoggers(loggers =>
            {
                loggers.ClearLoggers();
                loggers.AddLoggerFactory();
            });
            akka?.Invoke(builder, provider);
            builder.WithActorAgents();
        });

    /// <summary>Adds <see cref="IAgents"/>, to be run by the application's own actor system. Called again, it adds to what was configured.</summary>
    public static IServiceCollection ConfigureActorAgents(this IServiceCollection services, Action<ActorAgentsBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        if (services.FirstOrDefault(service => service.ServiceType == typeof(ActorAgentsBuilder))?.ImplementationInstance is not ActorAgentsBuilder builder)
        {
            services.AddSingleton(builder = new ActorAgentsBuilder());
            services.AddSingleton<AgentsHost>();
            services.AddHostedService<TurnsEndFirst>();
            services.AddSingleton<IAgents>(provider => new TenantAgents(provider.GetRequiredService<AgentsHost>()));
        }
        configure(builder);
        return services;
    }

    /// <summary>Runs the configured agents on this actor system. Stopping it hands agents on, where they are on a cluster, leaves the turns that are stored to the next process, and ends the others with <see cref="InterruptReason.Shutdown"/>.</summary>
    public static AkkaConfigurationBuilder WithActorAgents(this AkkaConfigurationBuilder akka) => akka
        .AddHocon(Reference.Value, HoconAddMode.Append)
        .AddStartup(async (system, _) =>
        {
            var resolver = DependencyResolver.For(system).Resolver;
            var host = resolver.GetService<AgentsHost>()
                ?? throw new AgentConfigurationException($"No agents are configured: call services.{nameof(ConfigureActorAgents)}(…) before {nameof(WithActorAgents)}().");
            await host.StartAsync(system).ConfigureAwait(false);
        });

    private static readonly Lazy<Config> Reference = new(() =>
    {
        using var stream = typeof(ActorAgentsHostingExtensions).Assembly.GetManifestResourceStream("ActorAgents.reference.conf")!;
        using var reader = new StreamReader(stream);
        return ConfigurationFactory.ParseString(reader.ReadToEnd());
    });
}

/// <summary>Holds the node from the start of the actor system to its end.</summary>
internal sealed class AgentsHost(ActorAgentsBuilder builder, IServiceProvider services, ILoggerFactory loggers)
{
    private AgentNode? _node;

    public AgentNode Node => Volatile.Read(ref _node)
        ?? throw new InvalidOperationException("The runtime has not started: start the host, or await AgentRuntime.StartAsync, before using agents.");

    /// <summary>Hands on what other nodes can go on with, refuses new inputs, leaves or interrupts what runs or waits; gives up after seconds on what does not end. Nothing to do before the start, and the second time.</summary>
    public Task StopTurnsAsync() => Volatile.Read(ref _node)?.StopAsync() ?? Task.CompletedTask;

    public async Task StartAsync(ActorSystem system)
    {
        var catalog = new AgentCatalog(builder, services);
        AgentNode? node = null;
        try
        {
            catalog.Check();
            node = await AgentNode.StartAsync(system, catalog, services, builder.Time, builder.LiveTurnBound, loggers).ConfigureAwait(false);
            node.SensitiveTelemetry = builder.SensitiveTelemetry;
            await StartStreamsAsync(system).ConfigureAwait(false);
        }
        catch
        {
            node?.Dispose();
            await catalog.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        Volatile.Write(ref _node, node);
        StopWith(CoordinatedShutdown.Get(system), node);
    }

    private static void StopWith(CoordinatedShutdown shutdown, AgentNode node)
    {
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "end-turns", async () =>
        {
            try { await node.StopAsync().ConfigureAwait(false); }
            finally { node.Dispose(); }
            return Done.Instance;
        });
        // In a phase of its own, so that turns which took all of theirs leave no process of a tool source behind.
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "dispose-clients-and-tool-sources", async () =>
        {
            await node.Catalog.DisposeAsync().ConfigureAwait(false);
            return Done.Instance;
        });
    }

    /// <summary>Starts the materializer. Streams wait for it with blocked threads, so that thousands of first ones at once would take all there are.</summary>
    private static Task StartStreamsAsync(ActorSystem system) => Source.Empty<Done>().RunWith(Sink.Ignore<Done>(), system.Materializer());
}
