using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore;

/// <summary>What a message says: a text, or an array of a protocol's parts.</summary>
internal static class RequestParts
{
    /// <param name="part">Null for what is to be left out.</param>
    /// <exception cref="HttpErrorException">The member is absent, or neither.</exception>
    public static List<AIContent> Read(RequestObject of, string member, Func<RequestObject, AIContent?> part) => of.Find(member) switch
    {
        null => throw of.Missing(member, "a string or an array of parts"),
        { ValueKind: JsonValueKind.String } => [new TextContent(of.Text(member))],
        { ValueKind: JsonValueKind.Array } => [.. of.Objects(member).Select(part).OfType<AIContent>()],
        _ => throw of.Wrong(member, "a string or an array of parts"),
    };
}
