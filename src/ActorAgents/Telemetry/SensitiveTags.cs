using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorAgents;

/// <summary>What was said, on the spans of those who asked for it. The names and forms are those of OpenTelemetry's GenAI conventions.</summary>
internal static class SensitiveTags
{
    private static readonly JsonSerializerOptions Compact = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false };

    public static void Set(Activity turn, IReadOnlyList<ChatMessage> input, TerminalEvent terminal)
    {
        turn.SetTag("gen_ai.input.messages", Json(json =>
        {
            foreach (var message in input) Message(json, message.Role.Value, message.Text);
        }));
        turn.SetTag("gen_ai.output.messages", Json(json => Message(json, "assistant", terminal.TextSoFar)));
    }

    public static void Set(Activity tool, ToolRun run)
    {
        tool.SetTag("gen_ai.tool.call.arguments", JsonSerializer.Serialize(run.Arguments, Compact));
        tool.SetTag("gen_ai.tool.call.result", run.Text);
    }

    private static void Message(Utf8JsonWriter json, string role, string text)
    {
        json.WriteStartObject();
        json.WriteString("role", role);
        json.WriteStartArray("parts");
        json.WriteStartObject();
        json.WriteString("type", "text");
        json.WriteString("content", text);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string Json(Action<Utf8JsonWriter> items)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartArray();
            items(json);
            json.WriteEndArray();
        }
        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }
}
