using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorAgents.Providers;

/// <summary>Reads the events of one streamed completion, or a whole completion as if it were a single event, into updates.</summary>
internal sealed class CompletionReader
{
    private readonly Choice _choice = new();
    private readonly CallJoiner _calls = new();
    private TextTemplate _template;
    private StringBuilder? _refusal;
    private string? _id, _model;
    private DateTimeOffset? _created;
    private UsageDetails? _usage;

    /// <summary>Whether the server said why the answer ended.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>Set when the last event was an error and not a part of the answer.</summary>
    public ServerWords? Error { get; private set; }

    /// <summary>The next update; null when the event has nothing for a reader.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    /// <exception cref="InvalidOperationException">A string in it is not valid text.</exception>
    public ChatResponseUpdate? Read(ReadOnlySpan<byte> data)
    {
        if (_template.TryRead(data, out var text)) return Update([_template.IsReasoning ? new TextReasoningContent(text) : new TextContent(text)], null);
        List<AIContent>? contents = null;
        ChatFinishReason? reason = null;
        var (hasChoices, hasError, hasWords) = (false, false, false);
        _choice.Reset();
        var json = new Utf8JsonReader(data);
        if (!json.Enter(JsonTokenType.StartObject)) throw new JsonException("It is not an object.");
        while (json.NextMember())
        {
            if (json.ValueTextEquals("choices"u8)) hasChoices |= ReadChoices(ref json, ref contents, ref reason);
            else if (json.ValueTextEquals("usage"u8)) _usage = UsageReader.Read(ref json) ?? _usage;
            else if (json.ValueTextEquals("error"u8)) hasError |= IsThere(ref json);
            else if (_id is null && json.ValueTextEquals("id"u8)) _id = json.ReadText();
            else if (_model is null && json.ValueTextEquals("model"u8)) _model = json.ReadText();
            else if (_created is null && json.ValueTextEquals("created"u8)) _created = ReadTime(ref json);
            else
            {
                hasWords |= json.ValueTextEquals("message"u8) || json.ValueTextEquals("detail"u8);
                json.Skip();
            }
        }
        json.Read(); // There must be nothing more.
        if (hasError || (hasWords && !hasChoices)) Error = ServerWords.Read(data);
        else if (reason is null && contents is [TextContent or TextReasoningContent] && _choice.Strings is (1, var start, var length))
            _template.Learn(data, start, length, contents[0] is TextReasoningContent);
        return contents is null && reason is null ? null : Update(contents, reason);
    }

    /// <summary>What was kept for the end of the answer: calls that are still open, a refusal, and the usage, of which servers send several versions.</summary>
    public ChatResponseUpdate? End()
    {
        List<AIContent>? contents = null;
        Close(ref contents);
        if (_usage is not null) (contents ??= []).Add(new UsageContent(_usage));
        return contents is null ? null : Update(contents, null);
    }

    /// <summary>The message has the id of its response: there is one, and servers give it no other.</summary>
    private ChatResponseUpdate Update(List<AIContent>? contents, ChatFinishReason? reason) => new()
    {
        Role = ChatRole.Assistant,
        Contents = contents ?? [],
        ResponseId = _id,
        MessageId = _id,
        ModelId = _model,
        CreatedAt = _created,
        FinishReason = reason,
    };

    private bool ReadChoices(ref Utf8JsonReader json, ref List<AIContent>? contents, ref ChatFinishReason? reason)
    {
        if (!json.Enter(JsonTokenType.StartArray)) return false;
        while (json.NextObject())
        {
            _choice.Read(ref json);
            if (!_choice.IsFirst) continue;
            reason = _choice.FinishReason ?? reason;
            Take(ref contents);
        }
        return true;
    }

    private void Take(ref List<AIContent>? contents)
    {
        if (_choice.Reasoning is { } reasoning) (contents ??= new(1)).Add(new TextReasoningContent(reasoning));
        if (_choice.Text is { } text) (contents ??= new(1)).Add(new TextContent(text));
        if (_choice.Refusal is { } refusal) (_refusal ??= new()).Append(refusal);
        foreach (var piece in _choice.Pieces) _calls.Add(piece, contents ??= []);
        if (_choice.FinishReason is null) return;
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

    private static DateTimeOffset? ReadTime(ref Utf8JsonReader json) =>
        json.ReadNumber() is { } seconds and > 0 and < 253_402_300_800 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null; // Up to the year 9999.
}
