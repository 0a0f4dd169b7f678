using System.Collections.Concurrent;

namespace ActorAgents.Pages;

/// <summary>One sampler for the whole process, and one for each tenant whose operator has looked. An idle one holds nothing.</summary>
internal sealed class WallSamplers(IAgents agents, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, WallSampler> _byTenant = new(StringComparer.Ordinal);

    /// <param name="tenant">Null for the whole process.</param>
    public WallSampler For(string? tenant) =>
        _byTenant.GetOrAdd(tenant ?? "", _ => new WallSampler(tenant is null ? agents : agents.For(tenant), time, tenant));
}
