using System.Text;
using System.Text.Json;

namespace ActorAgents.AspNetCore;

/// <summary>What a tool gave, in both directions: as the model reads it, which is text, and as pages show it, which is any JSON.</summary>
internal static class UIMessageOutput
{
    /// <summary>An object or array goes out as such, so that pages can show its parts; all else as text.</summary>
    public static void Write(Utf8JsonWriter json, string text)
    {
        if (text.Length > 0 && text[0] is '{' or '[' && Parse(text) is { } document)
        {
            using (document) document.RootElement.WriteTo(json);
            return;
        }
        json.WriteStringValue(text);
    }

    public static string ToText(JsonElement? output) => output switch
    {
        null => "null",
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { } value => value.GetRawText(),
    };

    private static JsonDocument? Parse(string text)
    {
        if (SurrogateEscapes.FindHalf(Encoding.UTF8.GetBytes(text)) >= 0) return null;
        try { return JsonDocument.Parse(text); }
        catch (JsonException) { return null; }
    }
}
