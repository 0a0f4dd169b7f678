using ActorAgents.Host.Providers.Embedded;
using ActorAgents.Host.Providers.Remote;

namespace ActorAgents.Host.Providers;

/// <summary>The provider kinds of this program, by name.</summary>
internal static class ProviderKinds
{
    public static IReadOnlyDictionary<string, ProviderKind> All { get; } = By([EmbeddedProvider.Kind, .. RemoteProvider.Kinds]);

    private static SortedDictionary<string, ProviderKind> By(params ProviderKind[] kinds) =>
        new(kinds.ToDictionary(k => k.Name), StringComparer.OrdinalIgnoreCase);
}
