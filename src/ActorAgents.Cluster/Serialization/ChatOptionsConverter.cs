using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.AI;

namespace ActorAgents.Cluster;

/// <summary>Options of a request, with the tools that are declared only. What holds code cannot be stored or sent.</summary>
internal sealed class ChatOptionsConverter : JsonConverter<ChatOptions>
{
    public override ChatOptions Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
    {
        var json = JsonElement.ParseValue(ref reader);
        var read = json.GetProperty("options").Deserialize(WireJson.Contents.TypeInfo<ChatOptions>())!;
        if (json.TryGetProperty("tools", out var tools)) read.Tools = [.. tools.Deserialize(options.TypeInfo<ToolDeclaration[]>())!.Select(static tool => tool.ToTool())];
        return read;
    }

    public override void Write(Utf8JsonWriter writer, ChatOptions value, JsonSerializerOptions options)
    {
        if (TurnOptions.WhyBound(value) is { } bound) throw new NotSupportedException(bound);
        writer.WriteStartObject();
        writer.WritePropertyName("options");
        JsonSerializer.Serialize(writer, value, WireJson.Contents.TypeInfo<ChatOptions>());
        if (value.Tools is { Count: > 0 } tools)
        {
            writer.WritePropertyName("tools");
            JsonSerializer.Serialize(writer, [.. tools.Cast<AIFunctionDeclaration>().Select(ToolDeclaration.Of)], options.TypeInfo<ToolDeclaration[]>());
        }
        writer.WriteEndObject();
    }
}

/// <summary>A tool that the caller runs.</summary>
internal sealed record ToolDeclaration(string Name, string Description, JsonElement Schema, JsonElement? ReturnSchema)
{
    public static ToolDeclaration Of(AIFunctionDeclaration tool) => new(tool.Name, tool.Description, tool.JsonSchema, tool.ReturnJsonSchema);

    public AITool ToTool() => AIFunctionFactory.CreateDeclaration(Name, Description, Schema, ReturnSchema);
}
