using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore;

/// <summary>
/// The members of a response that say its request again, as a JSON object. Clients require most of them; they stay with the input in the conversation, so that
/// a response is the same when it is asked for later.
/// </summary>
internal static class ResponseSettings
{
    /// <summary>The key in the additional properties of the last message of an input. What follows that message is the response.</summary>
    private const string Key = "actoragents.response";

    private static readonly RequestObject Nothing = new(JsonElement.Parse("{}"), "");

    /// <summary>As they were kept. A turn that another protocol began, or that waits still, has none.</summary>
    public static JsonElement Of(ResponseId id, KeptTurn? kept) =>
        kept?.Messages.Select(Find).LastOrDefault(found => found is not null) ?? Make(json => Members(json, Nothing, id.Kind, null));

    public static JsonElement Of(RequestObject body, string? conversation) => Make(json => Members(json, body, body.RequiredText("model"), conversation));

    public static void Attach(List<ChatMessage> input, JsonElement settings) => (input[^1].AdditionalProperties ??= [])[Key] = settings.GetRawText();

    public static JsonElement? Find(ChatMessage message) =>
        message.AdditionalProperties?.GetValueOrDefault(Key) is string settings ? JsonElement.Parse(settings) : null;

    private static JsonElement Make(Action<Utf8JsonWriter> members)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        return JsonElement.Parse(bytes.WrittenSpan);
    }

    private static void Members(Utf8JsonWriter json, RequestObject body, string model, string? conversation)
    {
        json.WriteString("model", model);
        json.WriteBoolean("background", body.Flag("background"));
        json.WriteBoolean("store", body.OptionalFlag("store") ?? true);
        json.WritePropertyName("conversation");
        if (conversation is null) json.WriteNullValue(); else Object(json, () => json.WriteString("id", conversation));
        foreach (var name in (ReadOnlySpan<string>)["previous_response_id", "instructions", "user", "safety_identifier", "prompt_cache_key"])
            json.WriteString(name, body.Text(name));
        foreach (var name in (ReadOnlySpan<string>)["temperature", "top_p"]) Number(json, name, body.Number(name));
        Number(json, "max_output_tokens", body.Integer("max_output_tokens", 1));
        json.WriteNull("max_tool_calls");
        json.WriteNull("service_tier");
        json.WriteNull("prompt");
        json.WriteNull("access_programs");
        json.WriteNumber("top_logprobs", 0);
        json.WriteString("truncation", "disabled");
        json.WriteBoolean("parallel_tool_calls", body.OptionalFlag("parallel_tool_calls") ?? true);
        json.WritePropertyName("metadata");
        Object(json, () => Metadata(json, body));
        json.WritePropertyName("reasoning");
        Object(json, () =>
        {
            json.WriteString("effort", body.Object("reasoning")?.Text("effort"));
            json.WriteString("summary", body.Object("reasoning")?.Text("summary"));
        });
        json.WritePropertyName("text");
        Object(json, () => Text(json, body.Object("text") ?? Nothing));
        json.WritePropertyName("tool_choice");
        if (body.Find("tool_choice") is { } choice && body.Find("tools") is not null) choice.WriteTo(json); else json.WriteStringValue("auto");
        json.WriteStartArray("tools");
        foreach (var tool in body.Objects("tools")) Object(json, () => Tool(json, tool));
        json.WriteEndArray();
    }

    private static void Metadata(Utf8JsonWriter json, RequestObject body)
    {
        if (body.Object("metadata") is not { } metadata) return;
        foreach (var member in metadata.Element.EnumerateObject()) json.WriteString(member.Name, metadata.Text(member.Name));
    }

    private static void Text(Utf8JsonWriter json, RequestObject text)
    {
        json.WritePropertyName("format");
        if (text.Object("format") is { } format) format.Element.WriteTo(json); else Object(json, () => json.WriteString("type", "text"));
        if (text.Text("verbosity") is { } verbosity) json.WriteString("verbosity", verbosity);
    }

    private static void Tool(Utf8JsonWriter json, RequestObject tool)
    {
        json.WriteString("type", "function");
        json.WriteString("name", tool.RequiredText("name"));
        json.WriteString("description", tool.Text("description"));
        json.WritePropertyName("parameters");
        if (tool.Object("parameters") is { } parameters) parameters.Element.WriteTo(json); else json.WriteNullValue();
        json.WritePropertyName("strict");
        if (tool.OptionalFlag("strict") is { } strict) json.WriteBooleanValue(strict); else json.WriteNullValue();
    }

    private static void Number(Utf8JsonWriter json, string name, float? number)
    {
        if (number is { } known) json.WriteNumber(name, known); else json.WriteNull(name);
    }

    private static void Object(Utf8JsonWriter json, Action members) => NativeWire.Whole(json, members);
}
