using ActorAgents.Host.Chat.Views;
using Microsoft.Extensions.AI;

namespace ActorAgents.Host.Chat;

/// <summary>A conversation as lines.</summary>
internal static class HistoryLines
{
    public static IEnumerable<string> For(IEnumerable<ChatMessage> messages) => messages.SelectMany(m => m.Contents.Select(c => (m, c)))
        .Select(p => (p.m, Text: Content(p.c))).Where(p => p.Text is not null)
        .Select(p => $"{p.m.Role}{Mark(p.m)}: {p.Text}");

    private static string Mark(ChatMessage message) =>
        message.GetTurnState() is var state and not "completed" ? $" ({state})" : "";

    private static string? Content(AIContent content) => content switch
    {
        TextContent text when !string.IsNullOrWhiteSpace(text.Text) => text.Text.Trim(),
        TextReasoningContent { Text.Length: > 0 } reasoning => $"[thought] {Printable.Line(reasoning.Text, 200)}",
        FunctionCallContent call => $"[calls] {ToolLines.Call(call.Name, call.Arguments is null ? new Dictionary<string, object?>() : new Dictionary<string, object?>(call.Arguments))}",
        FunctionResultContent result => $"[result] {Printable.Line(result.Result?.ToString() ?? "nothing", 200)}",
        DataContent data => $"[{data.MediaType}: {data.Data.Length} bytes]",
        UriContent uri => $"[{uri.MediaType}: {uri.Uri}]",
        _ => null,
    };
}
