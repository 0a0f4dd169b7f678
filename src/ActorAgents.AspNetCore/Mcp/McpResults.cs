using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ModelContextProtocol.Protocol;

namespace ActorAgents.AspNetCore;

/// <summary>What calls come to.</summary>
internal static class McpResults
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <param name="late">The tools that answers were about which changed nothing.</param>
    public static CallToolResult Of(WholeTurn turn, IEnumerable<string>? late = null)
    {
        var end = turn.End;
        List<ContentBlock> content = [];
        if (end.Text.Length > 0 || turn.Content.Count == 0) content.Add(Text(end.Text));
        content.AddRange(turn.Content.Select(Of));
        foreach (var call in end.OpenCalls ?? []) content.Add(Text($"Not run, since callers of this protocol run no tools: {call.Tool} {ToolArguments.ToText(call.Arguments)}"));
        foreach (var tool in late ?? []) content.Add(Text($"The answer about '{tool}' changed nothing: it was answered before, or nobody answered in time."));
        return new CallToolResult
        {
            Content = content,
            Meta = new JsonObject { ["actoragents.turn"] = end.Turn.Value, ["actoragents.usage"] = JsonSerializer.SerializeToNode(end.Usage, Json) },
        };
    }

    /// <summary>A failure for the model that called to read, with what had been said before it.</summary>
    public static CallToolResult Of(HttpError error)
    {
        var result = new CallToolResult { IsError = true, Content = [Text(error.Message)] };
        if (error.Partial is { Length: > 0 } partial) result.Content.Add(Text(partial));
        if (error.Turn is { } turn) result.Meta = new JsonObject { ["actoragents.turn"] = turn.Value };
        return result;
    }

    private static TextContentBlock Text(string text) => new() { Text = text };

    private static ContentBlock Of(ContentAdded added) => added switch
    {
        { Uri: { } uri } => new ResourceLinkBlock { Uri = uri.Escaped(), Name = uri.ToString(), MimeType = added.MediaType },
        { MediaType: var type } when Is(type, "image/") => ImageContentBlock.FromBytes(added.Data, type),
        { MediaType: var type } when Is(type, "audio/") => AudioContentBlock.FromBytes(added.Data, type),
        { MediaType: var type } when Is(type, "text/") => Text(System.Text.Encoding.UTF8.GetString(added.Data.Span)),
        _ => new EmbeddedResourceBlock { Resource = BlobResourceContents.FromBytes(added.Data, $"actoragents:{added.Turn}/{added.Seq}", added.MediaType) },
    };

    private static bool Is(string mediaType, string top) => mediaType.StartsWith(top, StringComparison.OrdinalIgnoreCase);
}
