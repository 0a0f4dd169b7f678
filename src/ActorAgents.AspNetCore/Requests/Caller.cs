using Microsoft.AspNetCore.Http;

namespace ActorAgents.AspNetCore;

/// <summary>What requests of all protocols say about agents and turns, read and checked.</summary>
internal static class Caller
{
    private static readonly TimeSpan UsualPatience = TimeSpan.FromHours(1);

    /// <summary>Options of a turn that a request asks for: a provider that does not stream answers as a whole.</summary>
    public static readonly TurnOptions Options = new() { FallBackToNonStreaming = true };

    /// <summary>The same where nobody can answer approvals, as of agents that live for one call: such calls are refused, and the model told so.</summary>
    public static TurnOptions Unattended(AgentDefinition definition) =>
        Options with { Limits = definition.Limits with { ApprovalTimeout = TimeSpan.FromMilliseconds(1) } };

    /// <summary>The same where a person answers approvals by another request.</summary>
    public static TurnOptions Asked(AgentDefinition definition) => Options with { Limits = definition.Limits with { ApprovalTimeout = Patience(definition) } };

    /// <summary>How long a person has for an approval that is asked across requests. Where the kind sets no bound, one who never comes back would hold the turn and its agent for good.</summary>
    public static TimeSpan Patience(AgentDefinition definition) =>
        definition.Limits.ApprovalTimeout == Timeout.InfiniteTimeSpan ? UsualPatience : definition.Limits.ApprovalTimeout;

    /// <summary>The kind that <c>?agent=</c> names, or the default.</summary>
    public static string Kind(HttpContext http) => http.Request.Query["agent"].ToString() is { Length: > 0 } kind ? kind : http.Settings().Options.DefaultKind;

    /// <exception cref="HttpErrorException">The key is malformed.</exception>
    /// <exception cref="UnknownAgentException">No such kind.</exception>
    public static Agent Agent(HttpContext http, string kind, string key) => OrBadRequest(() => http.Agents()[kind, key]);

    /// <exception cref="UnknownAgentException">No such kind.</exception>
    public static StatelessAgent Stateless(HttpContext http, string kind) => OrBadRequest(() => http.Agents().Stateless(kind));

    public static TurnId Turn(string value) => OrBadRequest(() => new TurnId(value));

    /// <summary>Reads a value of a request; what does not have its form is the caller's mistake, not the server's.</summary>
    public static T OrBadRequest<T>(Func<T> read)
    {
        try { return read(); }
        catch (Exception malformed) when (malformed is ArgumentException or FormatException)
        {
            // The name of the parameter, which .NET appends, is not the caller's.
            throw new HttpErrorException(HttpError.BadRequest(malformed.Message.Split(" (Parameter '")[0]), malformed);
        }
    }
}
