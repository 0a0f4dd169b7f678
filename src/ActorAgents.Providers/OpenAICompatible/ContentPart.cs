using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorAgents.Providers;

/// <summary>Writes text, images, sound and files as parts of a message's content.</summary>
internal static class ContentPart
{
    public static bool IsInput(AIContent content) => content is TextContent or DataContent or UriContent or HostedFileContent;

    /// <exception cref="ProviderException">It can be given by address only, and is neither image nor uploaded file.</exception>
    public static void Write(Utf8JsonWriter json, AIContent content)
    {
        json.WriteStartObject();
        switch (content)
        {
            case TextContent text:
                json.WriteString("type", "text");
                json.WriteString("text", text.Text);
                break;
            case DataContent data when data.HasTopLevelMediaType("image"):
                WriteImage(json, data.Uri, data);
                break;
            case UriContent uri when uri.HasTopLevelMediaType("image"):
                WriteImage(json, uri.Uri.AbsoluteUri, uri);
                break;
            case DataContent data when data.HasTopLevelMediaType("audio"):
                WriteSound(json, data);
                break;
            case DataContent data:
                json.WriteString("type", "file");
                json.WriteStartObject("file");
                json.WriteString("filename", data.Name ?? "file"); // OpenAI requires one.
                json.WriteString("file_data", data.Uri);
                json.WriteEndObject();
                break;
            case HostedFileContent file:
                json.WriteString("type", "file");
                json.WriteStartObject("file");
                json.WriteString("file_id", file.FileId);
                json.WriteEndObject();
                break;
            case UriContent uri:
                throw Unsendable.Because($"Chat completions takes only images by address, not {uri.MediaType}: give the bytes as {nameof(DataContent)}.");
        }
        json.WriteEndObject();
    }

    private static void WriteImage(Utf8JsonWriter json, string address, AIContent image)
    {
        json.WriteString("type", "image_url");
        json.WriteStartObject("image_url");
        json.WriteString("url", address);
        if (image.AdditionalProperties?.TryGetValue("detail", out var detail) == true && detail is string level) json.WriteString("detail", level);
        json.WriteEndObject();
    }

    private static void WriteSound(Utf8JsonWriter json, DataContent sound)
    {
        json.WriteString("type", "input_audio");
        json.WriteStartObject("input_audio");
        json.WriteString("data", sound.Base64Data.Span);
        json.WriteString("format", sound.MediaType switch
        {
            "audio/mpeg" or "audio/mp3" => "mp3",
            "audio/wav" or "audio/x-wav" or "audio/wave" or "audio/vnd.wave" => "wav",
            var other => other["audio/".Length..],
        });
        json.WriteEndObject();
    }
}
