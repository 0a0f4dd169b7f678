using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore;

/// <summary>Reads what a response is to answer: a text, or items.</summary>
internal static class ResponseInput
{
    public static List<ChatMessage> Read(RequestObject body)
    {
        if (body.Find("input") is not { } input) throw body.Missing("input", "a string or an array of items");
        if (input.ValueKind == JsonValueKind.String) return [new(ChatRole.User, body.Text("input"))];
        if (input.ValueKind != JsonValueKind.Array) throw body.Wrong("input", "a string or an array of items");
        var messages = new List<ChatMessage>();
        foreach (var item in body.Objects("input"))
            if (Message(item) is { } message) Add(messages, message);
        return messages.Count > 0 ? messages : throw body.Missing("input", "at least one item that says something");
    }

    /// <summary>What the model said is one message, however many items it is: its calls must come together, before their results.</summary>
    private static void Add(List<ChatMessage> messages, ChatMessage message)
    {
        if (message.Role == ChatRole.Assistant && messages is [.., var last] && last.Role == ChatRole.Assistant)
            foreach (var content in message.Contents) last.Contents.Add(content);
        else messages.Add(message);
    }

    /// <summary>Null for thoughts: without the signature of the provider that thought them they are sent to none.</summary>
    private static ChatMessage? Message(RequestObject item)
    {
        var type = item.Text("type");
        switch (type)
        {
            case "message" or null when type is not null || item.Find("role") is not null: return new(Role(item), Contents(item, "content"));
            case "reasoning": return null;
            case "function_call":
                var arguments = ToolArguments.Parse(item.Text("arguments") ?? "") ?? throw item.Wrong("arguments", "a string that holds a JSON object");
                return new(ChatRole.Assistant, [new FunctionCallContent(item.RequiredText("call_id"), item.RequiredText("name"), arguments)]);
            case "function_call_output":
                var output = Contents(item, "output").Select(part => part is TextContent text ? text.Text : throw item.Wrong("output", "a string or parts of text"));
                return new(ChatRole.Tool, [new FunctionResultContent(item.RequiredText("call_id"), string.Concat(output))]);
            case "item_reference" or null: // Type may be left out of a reference too.
                throw item.Wrong("type", "that of a whole item: none is kept by its id. Name the response that it came with in 'previous_response_id'");
            default: throw item.Wrong("type", "one of message, function_call, function_call_output, reasoning");
        }
    }

    private static ChatRole Role(RequestObject item) => item.RequiredText("role") switch
    {
        "system" or "developer" => ChatRole.System,
        "user" => ChatRole.User,
        "assistant" => ChatRole.Assistant,
        _ => throw item.Wrong("role", "one of system, developer, user, assistant"),
    };

    private static List<AIContent> Contents(RequestObject item, string member) => RequestParts.Read(item, member, Part);

    private static AIContent Part(RequestObject part)
    {
        switch (part.RequiredText("type"))
        {
            case "input_text" or "output_text": return new TextContent(part.RequiredText("text"));
            case "refusal": return new TextContent(part.RequiredText("refusal"));
            case "input_image" or "input_file" when part.Text("file_id") is not null:
                throw part.Wrong("file_id", "absent: no files are kept here. Send its URL, which may be a data URL");
            case "input_image": return RequestMedia.At(part, "image_url", "image/*");
            case "input_file" when part.Text("file_data") is { } data: return RequestMedia.Data(part, "file_data", data);
            case "input_file": return RequestMedia.At(part, "file_url", "application/octet-stream");
            default: throw part.Wrong("type", "one of input_text, output_text, refusal, input_image, input_file");
        }
    }
}
