using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorAgents.Testing;

/// <summary>What the same script is without streaming: pieces of calls become calls.</summary>
internal static class WholeResponse
{
    public static ChatResponse Of(List<ChatResponseUpdate> updates)
    {
        var response = updates.ToChatResponse();
        foreach (var message in response.Messages)
        {
            var pieces = message.Contents.OfType<ToolCallArgumentsContent>().ToArray();
            if (pieces.Length == 0) continue;
            var contents = message.Contents.Where(c => c is not ToolCallArgumentsContent).ToList();
            var closed = contents.OfType<FunctionCallContent>().Select(c => c.CallId).ToHashSet();
            contents.AddRange(pieces.GroupBy(p => p.Index).OrderBy(g => g.Key).Select(Join).Where(c => !closed.Contains(c.CallId)));
            message.Contents = contents;
        }
        return response;
    }

    private static FunctionCallContent Join(IGrouping<int, ToolCallArgumentsContent> pieces)
    {
        var id = pieces.Select(p => p.CallId).FirstOrDefault(id => id is not null) ?? $"call-{pieces.Key}";
        var name = pieces.Select(p => p.Name).FirstOrDefault(name => name is not null) ?? "";
        return FunctionCallContent.CreateFromParsedArguments(string.Concat(pieces.Select(p => p.Piece)), id, name,
            static json => json.Length == 0 ? new Dictionary<string, object?>() : JsonSerializer.Deserialize<Dictionary<string, object?>>(json));
    }
}
