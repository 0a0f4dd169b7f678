namespace ActorAgents.AspNetCore;

/// <summary>What the endpoints take and from whom.</summary>
public sealed class ActorAgentsHttpOptions
{
    /// <summary>The kind of agent that answers where a request names none.</summary>
    public string DefaultKind { get; set; } = "assistant";

    /// <summary>
    /// Who may call. Without a key the endpoints answer callers on this machine only, who may do everything, and only under a name of this machine, so
    /// that no page of another site can reach them through a name it controls (DNS rebinding).
    /// </summary>
    public IList<ApiKey> Keys { get; } = [];

    /// <summary>
    /// An authentication scheme of the application's own in place of keys. Its principals need a claim <see cref="ActorAgentsClaims.Scope"/> per scope,
    /// and <see cref="ActorAgentsClaims.Tenant"/> to be confined to a tenant.
    /// </summary>
    public string? AuthenticationScheme { get; set; }

    /// <summary>Origins (<c>https://app.example.com</c>) whose pages may call, besides the one the endpoints are served from. Others are refused by their <c>Origin</c> header. This is not CORS: add that where such pages must read the answers.</summary>
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary>Whether a text is an origin: scheme, host and port alone.</summary>
    public static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.GetLeftPart(UriPartial.Authority).Equals(text, StringComparison.OrdinalIgnoreCase);

    /// <summary>The most a body may have. Room for a prompt of a million characters and some images.</summary>
    public long MaxRequestBytes { get; set; } = 8 << 20;

    /// <summary>A comment goes to clients of a silent stream this often, so that proxies do not give it up.</summary>
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long a response of <c>/v1/responses</c> is kept once nothing follows it, with the conversation that led to it. Does not hold for kinds that say it
    /// themselves (<see cref="AgentDefinition.ForgetAfter"/>), and not for conversations that a caller named.
    /// </summary>
    public TimeSpan KeepResponses { get; set; } = TimeSpan.FromDays(1);

    /// <summary>
    /// How many agents of such responses one process keeps, each with a conversation of one response or several that go on from each other. Beyond it the longest
    /// unused is forgotten, whosever it is; those that are busy come later.
    /// </summary>
    public int MaxResponseAgents { get; set; } = 10_000;

    /// <summary>
    /// How long a context of A2A that its client did not name is kept after its last task. Does not hold for kinds that say it themselves
    /// (<see cref="AgentDefinition.ForgetAfter"/>).
    /// </summary>
    public TimeSpan KeepContexts { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How much one key may ask. Does not hold for callers without a key.</summary>
    public RequestLimits PerKey { get; set; } = new(RequestsPerMinute: 600, Concurrent: 200);

    /// <summary>How much the keys of one tenant may ask together. Does not hold for callers without a tenant. As many turns as it takes at once may wait for a person between two runs of AG-UI, of any tenant.</summary>
    public RequestLimits PerTenant { get; set; } = new(RequestsPerMinute: 6_000, Concurrent: 2_000);

    /// <summary>Serves <c>GET /probe</c>, which counts turns that live and how the others ended: for tests that prove that an abort stopped the server's side.</summary>
    public bool Probe { get; set; }
}

/// <summary>How much may be asked. What is above it is refused with 429.</summary>
/// <param name="RequestsPerMinute">Requests of any sort; a sliding minute. 0 means no bound.</param>
/// <param name="Concurrent">Requests that are being answered at once, streams above all. 0 means no bound.</param>
public sealed record RequestLimits(int RequestsPerMinute, int Concurrent);
