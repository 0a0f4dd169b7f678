using System.Collections.Concurrent;

namespace ActorAgents.Pages;

/// <summary>One sampler for the whole process, and one for each tenant whose operator has looked. An idle one holds nothing.</summary>
internal sealed class DashboardSamplers(IAgents agents, TimeProvider time, IClusterView? cluster = null)
{
    private readonly ConcurrentDictionary<string, DashboardSampler> _byTenant = new(StringComparer.Ordinal);

    /// <param name="tenant">Null for the whole process.</param>
    public DashboardSampler For(string? tenant) =>
        _byTenant.GetOrAdd(tenant ?? "", _ => new DashboardSampler(tenant is null ? agents : agents.For(tenant), time, tenant, cluster));
}
