using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;

namespace ActorAgents.Cluster;

/// <summary>
/// Values whose type the contract leaves open: arguments of calls, results, additional properties. Text, truth values and whole numbers are read as what
/// they were; all else as a <see cref="JsonElement"/>. Nothing in the text decides on a type. What has no form in JSON is null: a journal must not stand still
/// over what a provider attached to a message.
/// </summary>
internal sealed class ValueConverter : JsonConverter<object>
{
    public override bool HandleNull => true;

    public override object? Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.String => reader.GetString(),
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.Number when reader.TryGetInt64(out var number) => number,
        _ => JsonElement.ParseValue(ref reader),
    };

    public override void Write(Utf8JsonWriter writer, object? value, JsonSerializerOptions options)
    {
        switch (value)
        {
            case null: writer.WriteNullValue(); break;
            case string text: writer.WriteStringValue(text); break;
            case bool truth: writer.WriteBooleanValue(truth); break;
            case int number: writer.WriteNumberValue(number); break;
            case long number: writer.WriteNumberValue(number); break;
            case JsonElement { ValueKind: not JsonValueKind.Undefined } element: element.WriteTo(writer); break;
            default:
                if (ElementOf(value) is { } any) any.WriteTo(writer); else writer.WriteNullValue();
                break;
        }
    }

    private static JsonElement? ElementOf(object value)
    {
        try { return JsonSerializer.SerializeToElement(value, AIJsonUtilities.DefaultOptions.GetTypeInfo(value.GetType())); }
        catch (Exception) { return null; } // Of foreign types anything may be thrown; a value that cannot be written is left out.
    }
}

internal static class TypeInfos
{
    public static JsonTypeInfo<T> TypeInfo<T>(this JsonSerializerOptions options) => (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
}
