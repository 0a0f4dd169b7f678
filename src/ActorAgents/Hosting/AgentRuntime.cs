using Akka.Actor;
using Microsoft.Extensions.DependencyInjection;

namespace ActorAgents;

/// <summary>A runtime without a generic host: for scripts and tests. Dispose it to end its turns with <see cref="InterruptReason.Shutdown"/>.</summary>
public sealed class AgentRuntime : IAsyncDisposable
{
    /// <summary>Starts a runtime.</summary>
    /// <param name="services">Further services, for factories and logging.</param>
    /// <exception cref="AgentConfigurationException">A definition, provider or tool is wrong; the message lists every mistake.</exception>
    public static Task<AgentRuntime> StartAsync(Action<ActorAgentsBuilder> configure, Action<IServiceCollection>? services = null, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    public IAgents Agents => throw new NotImplementedException();

    /// <summary>The actor system, to run stream graphs on.</summary>
    public ActorSystem System => throw new NotImplementedException();

    public ValueTask DisposeAsync() => throw new NotImplementedException();
}

/// <summary>The runtime cannot start as it is configured. The message names every mistake and what would be valid.</summary>
public sealed class AgentConfigurationException(string message) : Exception(message);

public static class ActorAgentsServiceCollectionExtensions
{
    /// <summary>
    /// Adds the runtime: an actor system named <c>ActorAgents</c> and <see cref="IAgents"/>. An application that has an actor system of its own
    /// uses <c>WithActorAgents</c> on its <c>AkkaConfigurationBuilder</c> instead.
    /// </summary>
    public static IServiceCollection AddActorAgents(this IServiceCollection services, Action<ActorAgentsBuilder> configure) => throw new NotImplementedException();
}
