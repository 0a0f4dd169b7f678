
namespace ActorAgents.Providers;

/// <summary>The kinds of providers this library knows.</summary>
public static class ProviderKinds
{
    private static readonly ProviderKind[] All = [OpenAIChat.Kind, OpenAIResponses.Kind, AnthropicMessages.Kind, OllamaChat.Kind, OpenAICompatible.Kind];

    /// <summary>What <see cref="ProviderOptions.Kind"/> may be, in any case.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(kind => kind.Name)];

    /// <summary>Whether a provider of that kind must be told its <see cref="ProviderOptions.Endpoint"/>: it has no usual one.</summary>
    /// <exception cref="ArgumentException">There is no such kind.</exception>
    public static bool NeedsEndpoint(string name) => Find(name).Endpoint is null;

    /// <summary>Whether a provider of that kind refuses requests without a model.</summary>
    /// <exception cref="ArgumentException">There is no such kind.</exception>
    public static bool NeedsModel(string name) => Find(name).Reader is not null;

    /// <exception cref="ArgumentException">There is no such kind.</exception>
    internal static ProviderKind Find(string name) =>
        All.FirstOrDefault(kind => kind.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException($"'{name}' is not a kind of provider. Kinds: {string.Join(", ", Names)}.");
}
