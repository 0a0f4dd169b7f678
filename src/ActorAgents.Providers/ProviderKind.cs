using Microsoft.Extensions.AI;

namespace ActorAgents.Providers;

/// <summary>A sort of provider: where it usually is, where its key is found, how its client is made.</summary>
/// <param name="Endpoint">Where it is served unless the options say otherwise; null when they must.</param>
/// <param name="KeyVariable">The environment variable its key is usually in; null when it has no key.</param>
/// <param name="Create">Makes its client; an SDK's with the SDK's own retries and timeouts off.</param>
/// <param name="Reader">Makes the reader of one answer; null for a client of our own, which has no gaps to fill.</param>
internal sealed record ProviderKind(string Name, Uri? Endpoint, string? KeyVariable, Func<ClientSettings, IChatClient> Create, Func<UpdateReader>? Reader)
{
    /// <summary>The environment variable that may name its address, and how to read it.</summary>
    public (string Variable, Func<string, Uri?> Read)? Host { get; init; }

    /// <summary>Changes what is asked, where the SDK needs to be told more.</summary>
    public Action<ChatOptions>? Prepare { get; init; }

    /// <summary>What its SDK needs of a piece of reasoning beside text and signature. Without the character <c>|</c>.</summary>
    public Func<TextReasoningContent, string>? KeepOfReasoning { get; init; }

    /// <summary>Gives that back to a piece of reasoning on its way to the provider.</summary>
    public Action<TextReasoningContent, string>? RestoreReasoning { get; init; }

    /// <summary>The bound on output of a request that has none, where the provider insists on one.</summary>
    public int? MaxOutputTokens { get; init; }
}

/// <summary>What a client is made from.</summary>
internal sealed record ClientSettings(HttpClient Http, Uri Endpoint, string? GivenModel, string? GivenKey, IReadOnlyDictionary<string, string> Headers, TimeProvider Time)
{
    /// <summary>For an SDK that insists on one. A request without a model is refused before it gets there.</summary>
    public string Model => GivenModel ?? "none";

    /// <summary>For an SDK that insists on one. It is taken out of the request.</summary>
    public string Key => GivenKey ?? "none";
}

/// <summary>Sees each update of one answer, in order, and adds to it what the SDK left out: pieces of tool calls, finish reasons.</summary>
internal delegate void UpdateReader(ChatResponseUpdate update);
