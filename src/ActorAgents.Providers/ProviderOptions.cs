namespace ActorAgents.Providers;

/// <summary>One configured provider. What is absent is the kind's default.</summary>
public sealed record ProviderOptions
{
    /// <summary><c>openai</c>, <c>openai-responses</c>, <c>anthropic</c>, <c>ollama</c> or <c>openai-compatible</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Where it is served. Ends in <c>/v1</c> for the OpenAI kinds; the bare origin for Anthropic and Ollama.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The model of requests that name none.</summary>
    public string? Model { get; init; }

    /// <summary>Never logged. Absent: the kind's usual environment variable.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Sent with every request.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>How long connecting may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many connections to the server there may be at once; no bound unless given. A streaming answer holds one.</summary>
    public int? MaxConnections { get; init; }
}
