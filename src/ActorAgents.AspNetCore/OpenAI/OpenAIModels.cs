using System.Text.Json;

namespace ActorAgents.AspNetCore;

/// <summary>The kinds of agents as OpenAI's list of models.</summary>
internal static class OpenAIModels
{
    public static void WriteList(Utf8JsonWriter json, IEnumerable<AgentDefinition> definitions)
    {
        json.WriteStartObject();
        json.WriteString("object", "list");
        json.WriteStartArray("data");
        foreach (var definition in definitions) Write(json, definition);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, AgentDefinition definition)
    {
        json.WriteStartObject();
        json.WriteString("id", definition.Kind);
        json.WriteString("object", "model");
        json.WriteNumber("created", 0); // Clients require it; a kind has no such date.
        json.WriteString("owned_by", "actoragents");
        json.WriteEndObject();
    }
}
