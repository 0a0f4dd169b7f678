
namespace ActorAgents.Providers;

/// <summary>The kinds of providers this library knows.</summary>
public static class ProviderKinds
{
    private static readonly ProviderKind[] All = [OpenAIChat.Kind, OpenAIResponses.Kind, AnthropicMessages.Kind, OllamaChat.Kind, OpenAICompatible.Kind];

    /// <summary>What <see cref="ProviderOptions.Kind"/> may be, in any case.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(kind => kind.Name)];

    /// <exception cref="ArgumentException">There is no such kind.</exception>
    internal static ProviderKind Find(string name) =>
        All.FirstOrDefault(kind => kind.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException($"'{name}' is not a kind of provider. Kinds: {string.Join(", ", Names)}.");
}
