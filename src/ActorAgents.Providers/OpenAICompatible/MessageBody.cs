using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorAgents.Providers;

/// <summary>Writes a message as chat completions has it. Reasoning is not sent back, nor is what a role cannot hold, such as an image in an answer.</summary>
internal static class MessageBody
{
    /// <summary>One message may become several, or none: each result of a tool is a message of its own.</summary>
    public static void Write(Utf8JsonWriter json, ChatMessage message)
    {
        if (message.Role == ChatRole.Assistant) WriteAnswer(json, message); // Before its results: servers refuse one whose call they have not seen.
        foreach (var content in message.Contents)
            if (content is FunctionResultContent result) WriteResult(json, result);
        if (message.Role != ChatRole.Assistant && message.Role != ChatRole.Tool) WriteInput(json, message);
    }

    private static void WriteResult(Utf8JsonWriter json, FunctionResultContent result)
    {
        json.WriteStartObject();
        json.WriteString("role", "tool");
        json.WriteString("tool_call_id", result.CallId);
        json.WriteString("content", result.Result switch
        {
            null => "",
            string text => text,
            TextContent text => text.Text,
            var value => JsonSerializer.Serialize(value, RequestBody.Values),
        });
        json.WriteEndObject();
    }

    /// <summary>Its texts are pieces of one; the content is null when there are only calls.</summary>
    private static void WriteAnswer(Utf8JsonWriter json, ChatMessage message)
    {
        var refusal = message.Contents.OfType<ErrorContent>().FirstOrDefault(error => error.ErrorCode == "Refusal");
        var calls = message.Contents.OfType<FunctionCallContent>().ToList();
        var text = message.Text;
        if (text.Length == 0 && refusal is null && calls.Count == 0) return; // Servers refuse an empty answer.
        json.WriteStartObject();
        json.WriteString("role", "assistant");
        WriteName(json, message);
        if (text.Length > 0) json.WriteString("content", text); else json.WriteNull("content");
        if (refusal is not null) json.WriteString("refusal", refusal.Message);
        if (calls.Count > 0)
        {
            json.WriteStartArray("tool_calls");
            foreach (var call in calls) WriteCall(json, call);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static void WriteCall(Utf8JsonWriter json, FunctionCallContent call)
    {
        json.WriteStartObject();
        json.WriteString("id", call.CallId);
        json.WriteString("type", "function");
        json.WriteStartObject("function");
        json.WriteString("name", call.Name);
        json.WriteString("arguments", call.Arguments is null ? "{}" : JsonSerializer.Serialize(call.Arguments, RequestBody.Values));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteInput(Utf8JsonWriter json, ChatMessage message)
    {
        var parts = message.Contents.Where(ContentPart.IsInput).ToList();
        if (parts.Count == 0 && message.Contents.Count > 0) return; // Its results have been written.
        json.WriteStartObject();
        json.WriteString("role", message.Role.Value);
        WriteName(json, message);
        if (parts is [] or [TextContent]) json.WriteString("content", message.Text); // Some servers know no parts.
        else
        {
            json.WriteStartArray("content");
            foreach (var part in parts) ContentPart.Write(json, part);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    /// <summary>OpenAI refuses names with other characters.</summary>
    private static void WriteName(Utf8JsonWriter json, ChatMessage message)
    {
        if (message.AuthorName is not { Length: > 0 } author) return;
        var name = string.Concat(author.Where(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'));
        if (name.Length > 0) json.WriteString("name", name.Length > 64 ? name[..64] : name);
    }
}
