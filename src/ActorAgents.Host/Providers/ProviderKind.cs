using Microsoft.Extensions.AI;

namespace ActorAgents.Host.Providers;

/// <summary>A sort of provider that settings may name.</summary>
/// <param name="Keys">What its settings may hold beside <c>Kind</c>.</param>
/// <param name="Create">Makes the client. Called once, when the runtime starts.</param>
/// <param name="Describe">Tells the runtime what it can do.</param>
internal sealed record ProviderKind(
    string Name, IReadOnlyList<ProviderKey> Keys, Func<ProviderSettings, IServiceProvider, IChatClient> Create, Action<ProviderSettings, ProviderBuilder>? Describe = null);

/// <summary>A key of a provider's settings.</summary>
/// <param name="Valid">What is valid, for people.</param>
/// <param name="IsValid">Whether a value is.</param>
internal sealed record ProviderKey(string Name, bool Required, string Valid, Func<string, bool> IsValid)
{
    /// <summary>Its value is in no message.</summary>
    public bool IsSecret { get; init; }

    /// <summary>It holds values by name, each of them <see cref="Valid"/>.</summary>
    public bool IsObject { get; init; }
}

/// <summary>A configured provider; its values are checked.</summary>
/// <param name="Values">By key, whatever its case; <c>Key:Name</c> for those that a key holds by name.</param>
internal sealed record ProviderSettings(string Name, ProviderKind Kind, IReadOnlyDictionary<string, string> Values);
