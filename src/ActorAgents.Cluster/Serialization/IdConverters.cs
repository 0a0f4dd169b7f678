using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.AI;

namespace ActorAgents.Cluster;

internal sealed class TurnIdConverter : JsonConverter<TurnId>
{
    public override TurnId Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => reader.GetString() is { Length: > 0 } id ? new(id) : default;

    public override void Write(Utf8JsonWriter writer, TurnId value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}

internal sealed class AgentIdConverter : JsonConverter<AgentId>
{
    public override AgentId Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => AgentId.Parse(reader.GetString()!);

    public override void Write(Utf8JsonWriter writer, AgentId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}

internal sealed class AgentInputConverter : JsonConverter<AgentInput>
{
    public override AgentInput Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
        AgentInput.Stored(JsonSerializer.Deserialize(ref reader, options.TypeInfo<List<ChatMessage>>())!);

    public override void Write(Utf8JsonWriter writer, AgentInput value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, [.. value.Messages], options.TypeInfo<List<ChatMessage>>());
}

/// <summary>The window; 0 is <see cref="Pace.Free"/>.</summary>
internal sealed class PaceConverter : JsonConverter<Pace>
{
    public override Pace Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
        reader.GetInt32() is > 0 and var window ? Pace.ByReader(window) : Pace.Free;

    public override void Write(Utf8JsonWriter writer, Pace value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Window);
}

internal sealed class HaltScopeConverter : JsonConverter<HaltScope>
{
    public override HaltScope Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => HaltScope.Parse(reader.GetString()!);

    public override void Write(Utf8JsonWriter writer, HaltScope value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
