using System.Text.Json;

namespace ActorAgents.Providers;

/// <summary>Reads the value of the member whose name was just read. A value of another type is passed over, as servers send many.</summary>
internal static class JsonReading
{
    /// <summary>Null for an empty string too.</summary>
    public static string? ReadText(this ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.String) return json.GetString() is { Length: > 0 } text ? text : null;
        json.Skip();
        return null;
    }

    public static long? ReadNumber(this ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var number)) return number;
        json.Skip();
        return null;
    }

    /// <summary>Enters an object or array; what is none is passed over.</summary>
    public static bool Enter(this ref Utf8JsonReader json, JsonTokenType start)
    {
        json.Read();
        if (json.TokenType == start) return true;
        json.Skip();
        return false;
    }

    /// <summary>Goes to the name of the next member of the object at hand.</summary>
    public static bool NextMember(this ref Utf8JsonReader json) => json.Read() && json.TokenType == JsonTokenType.PropertyName;

    /// <summary>Enters the next object of the array at hand; elements of other types are passed over.</summary>
    public static bool NextObject(this ref Utf8JsonReader json)
    {
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType == JsonTokenType.StartObject) return true;
            json.Skip();
        }
        return false;
    }
}
