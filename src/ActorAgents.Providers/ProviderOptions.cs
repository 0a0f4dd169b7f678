namespace ActorAgents.Providers;

/// <summary>One configured provider. What is absent is the kind's default.</summary>
public sealed record ProviderOptions
{
    /// <summary><c>openai</c>, <c>openai-responses</c>, <c>anthropic</c>, <c>ollama</c> or <c>openai-compatible</c>: see <see cref="ProviderKinds.Names"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>Where it is served; <c>openai-compatible</c> needs one. Ends in <c>/v1</c> for the OpenAI kinds; the bare origin for Anthropic and Ollama.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The model of requests that name none. Only servers of kind <c>openai-compatible</c> may do without.</summary>
    public string? Model { get; init; }

    /// <summary>Never logged, nor part of this record's text. Absent: the kind's usual environment variable.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Sent with every request, in place of a header of that name that the client would send.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>The most tokens of an answer whose request does not say. Absent: the provider's own bound, and 8,192 for Anthropic, which needs one.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>The temperature of requests that do not say. Absent: the provider's own.</summary>
    public float? Temperature { get; init; }

    /// <summary>Registered providers to ask, in this order, when this one fails before its first piece: see <see cref="ProviderBuilder.WithFallback"/>.</summary>
    public IReadOnlyList<string> Fallback { get; init; } = [];

    /// <summary>
    /// How many requests within 30 seconds must there be before the breaker may open, which it does when half of them or more failed for the
    /// provider's fault (<see cref="TurnErrorKind.Transient"/>, <see cref="TurnErrorKind.Timeout"/>). At least 2; 0 for no breaker.
    /// </summary>
    public int BreakerRequests { get; init; } = 10;

    /// <summary>How long an open breaker fails every request at once, until one is let through to try. From 0.5 s to a day.</summary>
    public TimeSpan BreakerPause { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long connecting may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long the server may take until it begins to answer a streamed request, or has answered another; a <see cref="TurnErrorKind.Timeout"/> then. No bound
    /// unless given, beside those of the agent, which hold for every provider.
    /// </summary>
    public TimeSpan? ResponseTimeout { get; init; }

    /// <summary>How many connections to the server there may be at once; no bound unless given. A streaming answer holds one.</summary>
    public int? MaxConnections { get; init; }

    /// <summary>Without the key, and without what may be one in the endpoint.</summary>
    public override string ToString() => $"{Kind} {Model} at {(Endpoint is null ? null : Address.Plain(Endpoint)) ?? "its default endpoint"}";
}
