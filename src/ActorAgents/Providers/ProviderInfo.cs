namespace ActorAgents;

/// <summary>What is known of a provider without asking it. Reading it never calls the provider and never fails for missing credentials.</summary>
/// <param name="Name">The name it is registered under.</param>
/// <param name="Kind">What the client calls itself, such as <c>openai</c>; empty when it does not say.</param>
/// <param name="SupportsTools">Whether tools are offered to it at all.</param>
/// <param name="Timeout">The bound on a whole turn with it.</param>
public sealed record ProviderInfo(
    string Name, string Kind, string? Model, bool SupportsStreaming, bool SupportsTools, TimeSpan Timeout, int Retries, float? Temperature, int? MaxTokens);
