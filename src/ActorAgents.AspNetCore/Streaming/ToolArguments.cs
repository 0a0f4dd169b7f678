using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore;

/// <summary>The arguments of a tool call as JSON.</summary>
internal static class ToolArguments
{
    private static readonly JsonSerializerOptions Options = new(AIJsonUtilities.DefaultOptions) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Those of a call; none where a provider gave none.</summary>
    public static IReadOnlyDictionary<string, object?> Of(FunctionCallContent call) => (call.Arguments ?? new Dictionary<string, object?>()).AsReadOnly();

    public static void Write(Utf8JsonWriter json, IReadOnlyDictionary<string, object?> arguments)
    {
        json.WriteStartObject();
        foreach (var (name, value) in arguments)
        {
            json.WritePropertyName(name);
            if (value is JsonElement element) Write(json, element);
            else JsonSerializer.Serialize(json, value, Options);
        }
        json.WriteEndObject();
    }

    /// <summary>Models write half pairs now and then. They are no reason to lose the stream, or the conversation that has them.</summary>
    private static void Write(Utf8JsonWriter json, JsonElement value)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value);
        if (SurrogateEscapes.FindHalf(raw) < 0)
        {
            value.WriteTo(json);
            return;
        }
        using var mended = JsonDocument.Parse(SurrogateEscapes.Mend(value.GetRawText()));
        mended.RootElement.WriteTo(json);
    }

    /// <summary>Reads what a caller hands back. No text is no arguments; null when it is no JSON object, or cannot be written again.</summary>
    public static Dictionary<string, object?>? Parse(string json)
    {
        if (string.IsNullOrWhiteSpace(json)) return [];
        if (SurrogateEscapes.FindHalf(System.Text.Encoding.UTF8.GetBytes(json)) >= 0) return null;
        try { return JsonSerializer.Deserialize<Dictionary<string, object?>>(json, AIJsonUtilities.DefaultOptions); }
        catch (JsonException) { return null; }
    }

    /// <summary>The same as text, for protocols that carry it within a string.</summary>
    public static string ToText(IReadOnlyDictionary<string, object?> arguments)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping })) Write(json, arguments);
        return System.Text.Encoding.UTF8.GetString(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }
}
