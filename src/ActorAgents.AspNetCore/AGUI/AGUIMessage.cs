using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore;

/// <summary>A message of a request.</summary>
/// <param name="Content">Null for what is nothing to an agent: reasoning, activities, and roles of later versions.</param>
internal sealed record AGUIMessage(string Id, ChatMessage? Content)
{
    /// <summary>Whether it is for the agent: neither its own nor nobody's.</summary>
    public bool IsInput => Content is not null && Content.Role != ChatRole.Assistant;

    /// <summary>The content, with the provider's id in a result.</summary>
    public ChatMessage? For(ShownCallIds ids) => Content?.Contents is not [FunctionResultContent result] ? Content
        : new(ChatRole.Tool, [new FunctionResultContent(ids.Provided(result.CallId), result.Result)]) { MessageId = Id };

    public static AGUIMessage Read(RequestObject message)
    {
        var id = message.RequiredText("id");
        var content = Of(message);
        content?.MessageId = id;
        return new(id, content);
    }

    private static ChatMessage? Of(RequestObject message)
    {
        switch (message.RequiredText("role"))
        {
            case "system" or "developer": return new(ChatRole.System, message.RequiredText("content"));
            case "user": return new(ChatRole.User, Contents(message)) { AuthorName = message.Text("name") };
            case "assistant": return Answer(message);
            case "tool": return new(ChatRole.Tool, [new FunctionResultContent(message.RequiredText("toolCallId"), Result(message))]);
            default: return null;
        }
    }

    /// <summary>What the agent said it knows itself: it is checked, and marks what came after it.</summary>
    private static ChatMessage Answer(RequestObject message)
    {
        foreach (var call in message.Objects("toolCalls"))
        {
            call.RequiredText("id");
            var function = call.Object("function") ?? throw call.Missing("function", "an object");
            function.RequiredText("name");
            function.RequiredText("arguments");
        }
        return new(ChatRole.Assistant, message.Text("content") ?? "");
    }

    private static string Result(RequestObject message)
    {
        var text = string.Concat(Contents(message).OfType<TextContent>().Select(part => part.Text));
        return message.Text("error") is not { } error ? text : text.Length == 0 ? $"Error: {error}" : $"{text}\nError: {error}";
    }

    /// <summary>Writes the members of a part as it could have been sent.</summary>
    public static void WritePart(Utf8JsonWriter json, AIContent part)
    {
        if (part is TextContent text)
        {
            json.WriteString("type", "text");
            json.WriteString("text", text.Text);
            return;
        }
        var (type, value, mime) = part is UriContent link ? ("url", link.Uri.Escaped(), link.MediaType) : ("data", ((DataContent)part).Base64Data.ToString(), ((DataContent)part).MediaType);
        json.WriteString("type", mime.Split('/')[0] is var sort and ("image" or "audio" or "video") ? sort : "document");
        json.WriteStartObject("source");
        json.WriteString("type", type);
        json.WriteString("value", value);
        if (!mime.EndsWith("/*", StringComparison.Ordinal)) json.WriteString("mimeType", mime); // That of a link that did not say.
        json.WriteEndObject();
    }

    private static List<AIContent> Contents(RequestObject message) => RequestParts.Read(message, "content", Part);

    /// <summary>Null for what cannot be used, such as a file that only its provider can read: the protocol has it left out, not refused.</summary>
    private static AIContent? Part(RequestObject part)
    {
        switch (part.RequiredText("type"))
        {
            case "text": return new TextContent(part.RequiredText("text"));
            case "image": return Media(part, "image/*");
            case "audio": return Media(part, "audio/*");
            case "video": return Media(part, "video/*");
            case "document": return Media(part, "application/octet-stream");
            default: return null;
        }
    }

    private static AIContent? Media(RequestObject part, string otherwise)
    {
        var source = part.Object("source") ?? throw part.Missing("source", "an object with type and value");
        var (type, value, mime) = (source.RequiredText("type"), source.RequiredText("value"), source.Text("mimeType"));
        switch (type)
        {
            case "data": return RequestMedia.Data(source, "value", $"data:{mime ?? throw source.Missing("mimeType", "the media type of the data")};base64,{value}");
            case "url": return RequestMedia.At(source, "value", mime ?? otherwise, "mimeType");
            default: return null;
        }
    }
}
