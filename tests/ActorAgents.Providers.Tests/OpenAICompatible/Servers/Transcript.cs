using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorAgents.Providers.Tests.OpenAICompatible.Servers;

/// <summary>Writes updates down so that they can be compared.</summary>
internal static class Transcript
{
    public static async Task<List<ChatResponseUpdate>> ReadAsync(this IChatClient client, ChatOptions? options = null, CancellationToken token = default)
    {
        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in client.GetStreamingResponseAsync("Hello", options, token).ConfigureAwait(false)) updates.Add(update);
        return updates;
    }

    /// <summary>The contents, one a line.</summary>
    public static string Of(IEnumerable<ChatResponseUpdate> updates) => string.Join("\n", updates.SelectMany(update =>
        update.Contents.Select(Line).Concat(update.FinishReason is { } reason ? [$"finish {reason}"] : [])));

    public static string TextOf(IEnumerable<ChatResponseUpdate> updates) => string.Concat(updates.Select(update => update.Text));

    private static string Line(AIContent content) => content switch
    {
        TextContent text => $"text {text.Text}",
        TextReasoningContent reasoning => $"reasoning {reasoning.Text}",
        ToolCallArgumentsContent piece => $"piece {piece.Index} {piece.CallId} {piece.Name} {piece.Piece}",
        FunctionCallContent call => $"call {call.CallId} {call.Name} {JsonSerializer.Serialize(call.Arguments)}{(call.Exception is null ? "" : " unreadable")}",
        UsageContent { Details: var usage } => $"usage {usage.InputTokenCount} {usage.OutputTokenCount} {usage.TotalTokenCount} cached {usage.CachedInputTokenCount} reasoning {usage.ReasoningTokenCount}",
        ErrorContent error => $"error {error.ErrorCode} {error.Message}",
        _ => content.GetType().Name,
    };
}
