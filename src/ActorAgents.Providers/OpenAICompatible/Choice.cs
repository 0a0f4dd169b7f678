using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorAgents.Providers;

/// <summary>What one element of <c>choices</c> says: the <c>delta</c> of a streamed completion, or the <c>message</c> of a whole one.</summary>
internal sealed class Choice
{
    public string? Text { get; private set; }
    public string? Reasoning { get; private set; }
    public string? Refusal { get; private set; }
    public ChatFinishReason? FinishReason { get; private set; }
    public List<CallPiece> Pieces { get; } = [];

    /// <summary>Whether it belongs to the answer; false for a further one of several alternatives.</summary>
    public bool IsFirst { get; private set; }

    /// <summary>How many strings there were for a reader, and where in the event the last of them is, without its quotes.</summary>
    public (int Count, int Start, int Length) Strings { get; private set; }

    public void Read(ref Utf8JsonReader json)
    {
        (Text, Reasoning, Refusal, FinishReason, IsFirst) = (null, null, null, null, true);
        Pieces.Clear();
        while (json.NextMember())
        {
            if (json.ValueTextEquals("delta"u8) || json.ValueTextEquals("message"u8)) ReadDelta(ref json);
            else if (json.ValueTextEquals("finish_reason"u8)) FinishReason = ReadFinishReason(ref json) ?? FinishReason;
            else if (json.ValueTextEquals("index"u8)) IsFirst = json.ReadNumber() is null or 0;
            else json.Skip();
        }
    }

    /// <summary>Begins an event.</summary>
    public void Reset() => Strings = default;

    private void ReadDelta(ref Utf8JsonReader json)
    {
        if (!json.Enter(JsonTokenType.StartObject)) return;
        while (json.NextMember())
        {
            if (json.ValueTextEquals("content"u8)) Text = ReadString(ref json);
            else if (json.ValueTextEquals("reasoning_content"u8)) Reasoning = ReadString(ref json) ?? Reasoning; // DeepSeek, llama.cpp
            else if (json.ValueTextEquals("reasoning"u8)) Reasoning = ReadString(ref json) is { } reasoning ? Reasoning ?? reasoning : Reasoning; // OpenRouter, vLLM; some send both
            else if (json.ValueTextEquals("refusal"u8)) Refusal = ReadString(ref json);
            else if (json.ValueTextEquals("tool_calls"u8)) CallPiece.ReadAll(ref json, Pieces);
            else json.Skip();
        }
    }

    /// <summary>A string that is not empty, or the texts of an array of parts (Mistral).</summary>
    private string? ReadString(ref Utf8JsonReader json)
    {
        json.Read();
        switch (json.TokenType)
        {
            case JsonTokenType.String when json.ValueSpan.Length > 0:
                Strings = (Strings.Count + 1, (int)json.TokenStartIndex + 1, json.ValueSpan.Length);
                return json.GetString();
            case JsonTokenType.StartArray:
                Strings = (Strings.Count + 2, 0, 0); // Of parts, none is all there is.
                return string.Concat(JsonElement.ParseValue(ref json).EnumerateArray().Select(TextOf)) is { Length: > 0 } text ? text : null;
            default:
                json.Skip();
                return null;
        }
    }

    private static string? TextOf(JsonElement part) =>
        part.ValueKind == JsonValueKind.Object && part.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

    private static ChatFinishReason? ReadFinishReason(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.String) { json.Skip(); return null; }
        if (json.ValueTextEquals("stop"u8)) return ChatFinishReason.Stop;
        if (json.ValueTextEquals("length"u8)) return ChatFinishReason.Length;
        if (json.ValueTextEquals("tool_calls"u8) || json.ValueTextEquals("function_call"u8)) return ChatFinishReason.ToolCalls;
        if (json.ValueTextEquals("content_filter"u8)) return ChatFinishReason.ContentFilter;
        return json.GetString() is { } other && !string.IsNullOrWhiteSpace(other) ? new ChatFinishReason(other) : null;
    }
}
