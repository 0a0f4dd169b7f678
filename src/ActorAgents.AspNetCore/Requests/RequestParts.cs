using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore;

/// <summary>What OpenAI's messages say: a text, or parts.</summary>
internal static class RequestParts
{
    /// <exception cref="HttpErrorException">It is absent or neither.</exception>
    public static List<AIContent> Read(RequestObject of, string member, Func<RequestObject, AIContent> part) => of.Find(member) switch
    {
        null => throw of.Missing(member, "a string or an array of parts"),
        { ValueKind: JsonValueKind.String } => [new TextContent(of.Text(member))],
        { ValueKind: JsonValueKind.Array } => [.. of.Objects(member).Select(part)],
        _ => throw of.Wrong(member, "a string or an array of parts"),
    };
}
