using Microsoft.Extensions.DependencyInjection;

namespace ActorAgents.Providers;

/// <summary>Registers providers by their options.</summary>
public static class ActorAgentsBuilderExtensions
{
    /// <summary>Registers a provider under a name. Wrong options are reported, with every other mistake, when the runtime starts.</summary>
    /// <param name="configure">What it can do, where that differs from the kind.</param>
    public static ActorAgentsBuilder AddProvider(
        this ActorAgentsBuilder agents, string name, ProviderOptions options, Action<ProviderBuilder>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(agents);
        ArgumentNullException.ThrowIfNull(options);
        return agents.AddProvider(name, services => ProviderClient.Create(options, services.GetService<TimeProvider>()), provider =>
        {
            if (options.Model is { } model) provider.Model(model);
            if (options.Fallback.Count > 0) provider.WithFallback([.. options.Fallback]);
            configure?.Invoke(provider);
        });
    }
}
