using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ActorAgents;

/// <summary>A runtime without a generic host: for scripts and tests. Dispose it to end its turns with <see cref="InterruptReason.Shutdown"/>.</summary>
public sealed class AgentRuntime : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly IHostedService[] _hosted;

    private AgentRuntime(ServiceProvider services)
    {
        _services = services;
        _hosted = [.. services.GetServices<IHostedService>()];
        Agents = services.GetRequiredService<IAgents>();
    }

    /// <summary>Starts a runtime.</summary>
    /// <param name="services">Further services, for factories, tools and logging.</param>
    /// <param name="akka">Further settings of the actor system.</param>
    /// <exception cref="AgentConfigurationException">A definition, provider or tool is wrong; the message lists every mistake.</exception>
    public static async Task<AgentRuntime> StartAsync(
        Action<ActorAgentsBuilder> configure, Action<IServiceCollection>? services = null,
        Action<AkkaConfigurationBuilder, IServiceProvider>? akka = null, CancellationToken cancellationToken = default)
    {
        var collection = new ServiceCollection();
        collection.AddLogging();
        collection.AddSingleton<IHostApplicationLifetime, NoLifetime>();
        collection.AddActorAgents(configure, akka);
        services?.Invoke(collection);
        var runtime = new AgentRuntime(collection.BuildServiceProvider());
        try
        {
            foreach (var service in runtime._hosted) await service.StartAsync(cancellationToken).ConfigureAwait(false);
            return runtime;
        }
        catch
        {
            await runtime.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public IAgents Agents { get; }

    public IServiceProvider Services => _services;

    /// <summary>The actor system, to run stream graphs on.</summary>
    public ActorSystem System => _services.GetRequiredService<ActorSystem>();

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _hosted.Reverse()) await service.StopAsync(CancellationToken.None).ConfigureAwait(false);
        await _services.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>There is no host to stop with the actor system.</summary>
    private sealed class NoLifetime : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => CancellationToken.None;
        public CancellationToken ApplicationStopping => CancellationToken.None;
        public CancellationToken ApplicationStopped => CancellationToken.None;
        public void StopApplication() { }
    }
}
