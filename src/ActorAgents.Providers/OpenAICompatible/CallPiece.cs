using System.Text.Json;

namespace ActorAgents.Providers;

/// <summary>An element of <c>tool_calls</c>. Which of its members are there depends on the server.</summary>
internal readonly record struct CallPiece(long? Index, string? Id, string? Name, string Arguments)
{
    public static void ReadAll(ref Utf8JsonReader json, List<CallPiece> into)
    {
        if (!json.Enter(JsonTokenType.StartArray)) return;
        while (json.NextObject()) into.Add(Read(ref json));
    }

    private static CallPiece Read(ref Utf8JsonReader json)
    {
        long? index = null;
        string? id = null, name = null, arguments = null;
        while (json.NextMember())
        {
            if (json.ValueTextEquals("function"u8)) ReadFunction(ref json, ref name, ref arguments);
            else if (json.ValueTextEquals("index"u8)) index = json.ReadNumber();
            else if (json.ValueTextEquals("id"u8)) id = json.ReadText();
            else json.Skip();
        }
        return new(index, id, name, arguments ?? "");
    }

    private static void ReadFunction(ref Utf8JsonReader json, ref string? name, ref string? arguments)
    {
        if (!json.Enter(JsonTokenType.StartObject)) return;
        while (json.NextMember())
        {
            if (json.ValueTextEquals("name"u8)) name = json.ReadText();
            else if (json.ValueTextEquals("arguments"u8)) arguments = ArgumentsText(ref json);
            else json.Skip();
        }
    }

    /// <summary>JSON in a string; some servers send the object itself.</summary>
    private static string? ArgumentsText(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.String) return json.GetString();
        if (json.TokenType == JsonTokenType.StartObject) return JsonElement.ParseValue(ref json).GetRawText();
        json.Skip();
        return null;
    }
}
