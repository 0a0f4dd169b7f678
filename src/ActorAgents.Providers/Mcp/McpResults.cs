using Microsoft.Extensions.AI;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace ActorAgents.Providers;

/// <summary>What a model gets of a call's result.</summary>
internal static class McpResults
{
    /// <summary>
    /// Text, resources as text and links become one string; with an image, sound or binary resource among them they are a list of contents. Structured content
    /// counts where there is nothing else, for the protocol asks servers to write it as text too.
    /// </summary>
    public static object? Of(CallToolResult result)
    {
        var contents = result.Content.Select(Content).ToList();
        if (result.IsError is true) return Error(contents.Count == 0 ? "the tool failed and did not say why." : Text(contents));
        if (contents.Count == 0) return result.StructuredContent;
        return contents.All(content => content is TextContent) ? Text(contents) : contents;
    }

    public static string Error(string text) => text.StartsWith("Error", StringComparison.OrdinalIgnoreCase) ? text : "Error: " + text;

    private static AIContent Content(ContentBlock block)
    {
        var content = block switch
        {
            ResourceLinkBlock link => new TextContent(link.Description is null ? $"{link.Name}: {link.Uri}" : $"{link.Name}: {link.Uri} ({link.Description})"),
            _ => block.ToAIContent() ?? new TextContent($"[{block.Type}]"),
        };
        content.RawRepresentation = null;
        return content;
    }

    private static string Text(IEnumerable<AIContent> contents) => string.Join('\n', contents.Select(content => (content as TextContent)?.Text ?? "[not text]"));
}
