using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore;

/// <summary>The <c>content</c> of a message: text, or an array of a protocol's parts.</summary>
internal static class RequestContents
{
    /// <param name="part">Null for what is to be left out.</param>
    /// <exception cref="HttpErrorException">It is missing, or neither of both.</exception>
    public static List<AIContent> Read(RequestObject message, Func<RequestObject, AIContent?> part) => message.Find("content") switch
    {
        null => throw message.Missing("content", "a string or an array of parts"),
        { ValueKind: JsonValueKind.String } => [new TextContent(message.Text("content"))],
        { ValueKind: JsonValueKind.Array } => [.. message.Objects("content").Select(part).OfType<AIContent>()],
        _ => throw message.Wrong("content", "a string or an array of parts"),
    };
}
