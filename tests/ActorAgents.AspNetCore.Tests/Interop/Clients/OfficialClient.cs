namespace ActorAgents.AspNetCore.Tests.Interop.Clients;

/// <summary>A client that its users have as it is, told apart from the others by what it can show.</summary>
internal abstract class OfficialClient
{
    public static OfficialClient Of(string name) => name switch
    {
        "OpenAI" => new SdkClient(),
        "IChatClient" => new MeaiClient(),
        "IChatClient of responses" => new MeaiClient(ofResponses: true),
        _ => new NodeClient(name),
    };

    /// <summary>Whether it shows <c>reasoning_content</c>.</summary>
    public virtual bool ShowsReasoning => true;

    /// <summary>Whether it looks for an error within a stream, and tells its words.</summary>
    public virtual bool ReadsErrorsInStreams => true;

    /// <summary>Whether it tells of a whole answer why it ended.</summary>
    public virtual bool TellsReasonOfWhole => true;

    public Hearing Start(AgentServer server, Call call) => Start(server.Address, call);

    public Hearing Start(Uri address, Call call) => new(this, address, call);

    /// <summary>Does what is asked and says all that the client shows, in order; what it throws, as an error.</summary>
    public abstract Task CarryOutAsync(Uri server, Call call, Action<Said> say, CancellationToken abort);
}
