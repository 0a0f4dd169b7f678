namespace ActorAgents.Providers;

/// <summary>What an <see cref="OpenAICompatibleChatClient"/> may need to know of its server. The defaults suit nearly all.</summary>
public sealed record OpenAICompatibleOptions
{
    /// <summary>
    /// Whether <c>ChatOptions.MaxOutputTokens</c> is sent as <c>max_completion_tokens</c> and not as <c>max_tokens</c>. Absent: only to OpenAI and Azure,
    /// whose reasoning models refuse the old name; many other servers know no other and ignore a bound they do not know.
    /// </summary>
    public bool? UseMaxCompletionTokens { get; init; }

    /// <summary>The bound on one event, and on a whole answer, in bytes. 16 MiB: an image in base64 fits.</summary>
    public int MaxEventBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>What the HTTP client adds to requests, of which no value may get into a message.</summary>
    internal IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>For the date in a <c>Retry-After</c> header.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
