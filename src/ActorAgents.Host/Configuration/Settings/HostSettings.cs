using ActorAgents.Host.Providers;

namespace ActorAgents.Host.Configuration.Settings;

/// <summary>What <c>appsettings.json</c> and the environment say under <c>ActorAgents</c>.</summary>
/// <param name="DefaultKind">The kind of agent that is meant when none is named.</param>
/// <param name="MaxLiveTurns">How many turns run at once; absent means no bound.</param>
internal sealed record HostSettings(
    string DefaultKind, int? MaxLiveTurns, IReadOnlyList<ProviderSettings> Providers, ServerSettings Server, PersistenceSettings Persistence, ClusterSettings Cluster);
