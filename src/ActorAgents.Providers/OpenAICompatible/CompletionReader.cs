using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorAgents.Providers;

/// <summary>Reads the events of one streamed completion, or a whole completion as if it were a single event, into updates.</summary>
internal sealed class CompletionReader
{
    private readonly CallJoiner _calls = new();
    private readonly List<CallPiece> _pieces = [];
    private StringBuilder? _refusal;
    private string? _id, _model;
    private DateTimeOffset? _created;
    private UsageDetails? _usage;

    // Of the choice at hand.
    private string? _text, _reasoning;
    private ChatFinishReason? _finish;

    /// <summary>Whether the server said why the answer ended.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>Set when the last event was an error and not a part of the answer.</summary>
    public ServerWords? Error { get; private set; }

    /// <summary>The next update; null when the event has nothing for a reader.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    /// <exception cref="InvalidOperationException">A string in it is not valid text.</exception>
    public ChatResponseUpdate? Read(ReadOnlySpan<byte> data)
    {
        List<AIContent>? contents = null;
        (_text, _reasoning, _finish) = (null, null, null);
        var (hasChoices, hasError, hasWords) = (false, false, false);
        var json = new Utf8JsonReader(data);
        if (!json.Enter(JsonTokenType.StartObject)) throw new JsonException("It is not an object.");
        while (json.NextMember())
        {
            if (json.ValueTextEquals("choices"u8)) hasChoices |= ReadChoices(ref json, ref contents);
            else if (json.ValueTextEquals("usage"u8)) _usage = UsageReader.Read(ref json) ?? _usage;
            else if (json.ValueTextEquals("error"u8)) hasError |= IsThere(ref json);
            else if (_id is null && json.ValueTextEquals("id"u8)) _id = json.ReadText();
            else if (_model is null && json.ValueTextEquals("model"u8)) _model = json.ReadText();
            else if (_created is null && json.ValueTextEquals("created"u8)) _created = Time(ref json);
            else
            {
                hasWords |= json.ValueTextEquals("message"u8) || json.ValueTextEquals("detail"u8);
                json.Skip();
            }
        }
        json.Read(); // There must be nothing more.
        if (hasError || (hasWords && !hasChoices)) Error = ServerWords.Read(data);
        return contents is null && _finish is null ? null : Update(contents);
    }

    /// <summary>What was kept for the end of the answer: calls that are still open, a refusal, and the usage, of which servers send several versions.</summary>
    public ChatResponseUpdate? End()
    {
        List<AIContent>? contents = null;
        Close(ref contents);
        _finish = null;
        if (_usage is not null) (contents ??= []).Add(new UsageContent(_usage));
        _usage = null;
        return contents is null ? null : Update(contents);
    }

    /// <summary>The message has the id of its response: there is one, and servers give it no other.</summary>
    private ChatResponseUpdate Update(List<AIContent>? contents) => new()
    {
        Role = ChatRole.Assistant,
        Contents = contents ?? [],
        ResponseId = _id,
        MessageId = _id,
        ModelId = _model,
        CreatedAt = _created,
        FinishReason = _finish,
    };

    private bool ReadChoices(ref Utf8JsonReader json, ref List<AIContent>? contents)
    {
        if (!json.Enter(JsonTokenType.StartArray)) return false;
        while (json.NextObject()) ReadChoice(ref json, ref contents);
        return true;
    }

    private void ReadChoice(ref Utf8JsonReader json, ref List<AIContent>? contents)
    {
        (string? refusal, var isFirst) = (null, true);
        while (json.NextMember())
        {
            if (json.ValueTextEquals("delta"u8) || json.ValueTextEquals("message"u8)) ReadDelta(ref json, ref refusal);
            else if (json.ValueTextEquals("finish_reason"u8)) _finish = FinishReason(ref json) ?? _finish;
            else if (json.ValueTextEquals("index"u8)) isFirst = json.ReadNumber() is null or 0;
            else json.Skip();
        }
        if (isFirst) Take(refusal, ref contents);
        else (_finish, _text, _reasoning) = (null, null, null); // Only one of several alternatives is read.
        _pieces.Clear();
    }

    private void Take(string? refusal, ref List<AIContent>? contents)
    {
        if (!string.IsNullOrEmpty(_reasoning)) (contents ??= new(1)).Add(new TextReasoningContent(_reasoning));
        if (!string.IsNullOrEmpty(_text)) (contents ??= new(1)).Add(new TextContent(_text));
        if (!string.IsNullOrEmpty(refusal)) (_refusal ??= new()).Append(refusal);
        foreach (var piece in _pieces) _calls.Add(piece, contents ??= []);
        if (_finish is null) return;
        IsFinished = true;
        Close(ref contents);
    }

    private void Close(ref List<AIContent>? contents)
    {
        if (_calls.HasOpen) _calls.CloseAll(contents ??= []);
        if (_refusal is null) return;
        (contents ??= []).Add(new ErrorContent(_refusal.ToString()) { ErrorCode = "Refusal" });
        _refusal = null;
    }

    private void ReadDelta(ref Utf8JsonReader json, ref string? refusal)
    {
        if (!json.Enter(JsonTokenType.StartObject)) return;
        while (json.NextMember())
        {
            if (json.ValueTextEquals("content"u8)) _text = ContentText(ref json);
            else if (json.ValueTextEquals("reasoning_content"u8)) _reasoning = json.ReadText() ?? _reasoning; // DeepSeek, llama.cpp
            else if (json.ValueTextEquals("reasoning"u8)) _reasoning ??= json.ReadText(); // OpenRouter, vLLM; some send both
            else if (json.ValueTextEquals("tool_calls"u8)) CallPiece.ReadAll(ref json, _pieces);
            else if (json.ValueTextEquals("refusal"u8)) refusal = json.ReadText();
            else json.Skip();
        }
    }

    /// <summary>A string, or an array of parts of which the text is taken (Mistral).</summary>
    private static string? ContentText(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.String) return json.GetString();
        if (json.TokenType != JsonTokenType.StartArray) { json.Skip(); return null; }
        string? text = null;
        foreach (var part in JsonElement.ParseValue(ref json).EnumerateArray())
            if (part.ValueKind == JsonValueKind.Object && part.TryGetProperty("text", out var piece) && piece.ValueKind == JsonValueKind.String) text += piece.GetString();
        return text;
    }

    private static ChatFinishReason? FinishReason(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.String) { json.Skip(); return null; }
        if (json.ValueTextEquals("stop"u8)) return ChatFinishReason.Stop;
        if (json.ValueTextEquals("length"u8)) return ChatFinishReason.Length;
        if (json.ValueTextEquals("tool_calls"u8) || json.ValueTextEquals("function_call"u8)) return ChatFinishReason.ToolCalls;
        if (json.ValueTextEquals("content_filter"u8)) return ChatFinishReason.ContentFilter;
        return json.GetString() is { } other && !string.IsNullOrWhiteSpace(other) ? new ChatFinishReason(other) : null;
    }

    /// <summary>Some servers send <c>"error": null</c> with every event.</summary>
    private static bool IsThere(ref Utf8JsonReader json)
    {
        json.Read();
        var isThere = json.TokenType switch
        {
            JsonTokenType.Null or JsonTokenType.False => false,
            JsonTokenType.String => !json.ValueTextEquals(""u8),
            _ => true,
        };
        json.Skip();
        return isThere;
    }

    private static DateTimeOffset? Time(ref Utf8JsonReader json) =>
        json.ReadNumber() is { } seconds and > 0 and < 253_402_300_800 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null; // Up to the year 9999.
}
