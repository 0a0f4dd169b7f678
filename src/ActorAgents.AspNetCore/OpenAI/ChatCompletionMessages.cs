using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore;

/// <summary>Reads the messages of a request.</summary>
internal static class ChatCompletionMessages
{
    public static List<ChatMessage> Read(RequestObject body)
    {
        var messages = body.Objects("messages").Select(Message).ToList();
        return messages.Count > 0 ? messages : throw body.Missing("messages", "at least one message");
    }

    private static ChatMessage Message(RequestObject message)
    {
        switch (message.RequiredText("role"))
        {
            case "system" or "developer": return new(ChatRole.System, Contents(message));
            case "user": return new(ChatRole.User, Contents(message)) { AuthorName = message.Text("name") };
            case "assistant": return Answer(message);
            case "tool": return new(ChatRole.Tool, [new FunctionResultContent(message.RequiredText("tool_call_id"), Text(message))]);
            default: throw message.Wrong("role", "one of system, developer, user, assistant, tool");
        }
    }

    private static ChatMessage Answer(RequestObject message)
    {
        List<AIContent> contents = message.Find("content") is null ? [] : [.. Contents(message)];
        if (message.Text("refusal") is { Length: > 0 } refusal) contents.Add(new TextContent(refusal));
        foreach (var call in message.Objects("tool_calls"))
        {
            var function = call.Object("function") ?? throw call.Missing("function", "an object");
            var arguments = ToolArguments.Parse(function.Text("arguments") ?? "") ?? throw function.Wrong("arguments", "a string that holds a JSON object");
            contents.Add(new FunctionCallContent(call.RequiredText("id"), function.RequiredText("name"), arguments));
        }
        return contents.Count > 0 ? new(ChatRole.Assistant, contents) : throw message.Missing("content", "text, or tool_calls");
    }

    private static string Text(RequestObject message) => string.Concat(Contents(message).OfType<TextContent>().Select(text => text.Text));

    private static List<AIContent> Contents(RequestObject message) => RequestParts.Read(message, "content", Part);

    private static AIContent Part(RequestObject part)
    {
        switch (part.RequiredText("type"))
        {
            case "text": return new TextContent(part.RequiredText("text"));
            case "refusal": return new TextContent(part.RequiredText("refusal"));
            case "image_url":
                var image = part.Object("image_url") ?? throw part.Missing("image_url", "an object with a url");
                return RequestMedia.At(image, "url", "image/*");
            case "input_audio":
                var audio = part.Object("input_audio") ?? throw part.Missing("input_audio", "an object with data and format");
                return RequestMedia.Data(audio, "data", $"data:audio/{audio.RequiredText("format")};base64,{audio.RequiredText("data")}");
            default: throw part.Wrong("type", "one of text, refusal, image_url, input_audio");
        }
    }
}
