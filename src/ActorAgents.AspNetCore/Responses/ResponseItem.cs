using System.Text;
using System.Text.Json;

namespace ActorAgents.AspNetCore;

/// <summary>A refusal is a message of one part, as is an answer.</summary>
internal enum ItemKind { Message, Refusal, Reasoning, Call }

/// <summary>One item of a response's output.</summary>
/// <param name="Index">Its place among the items.</param>
/// <param name="CallId">Of a call; otherwise empty, as its tool.</param>
internal sealed record ResponseItem(ItemKind Kind, int Index, JsonEncodedText Id, string CallId = "", string Tool = "")
{
    private static readonly JsonEncodedText PlainName = JsonEncodedText.Encode("text"), RefusalName = JsonEncodedText.Encode("refusal");

    private StringBuilder? _pieces = new();
    private string? _text;

    /// <summary><c>in_progress</c>, <c>completed</c> or <c>incomplete</c>.</summary>
    public string Status { get; private set; } = "in_progress";

    public bool IsOver => _pieces is null;

    /// <summary>What it says; of a call, its arguments.</summary>
    public string Text => _text ?? _pieces!.ToString();

    public void Append(string piece) => _pieces!.Append(piece);

    public void End(string status)
    {
        if (IsOver) return;
        (_text, _pieces, Status) = (Text, null, status);
    }

    /// <param name="isNew">As it is announced: without what it says.</param>
    public void Write(Utf8JsonWriter json, bool isNew = false)
    {
        json.WriteStartObject();
        json.WriteString("id", Id);
        json.WriteString("type", Kind switch { ItemKind.Message or ItemKind.Refusal => "message", ItemKind.Reasoning => "reasoning", _ => "function_call" });
        json.WriteString("status", Status);
        switch (Kind)
        {
            case ItemKind.Message or ItemKind.Refusal:
                json.WriteString("role", "assistant");
                Parts(json, "content", isNew);
                break;
            case ItemKind.Reasoning:
                Parts(json, "summary", isNew);
                json.WriteNull("encrypted_content");
                break;
            default:
                json.WriteString("call_id", CallId);
                json.WriteString("name", Tool);
                json.WriteString("arguments", isNew ? "" : Text);
                break;
        }
        json.WriteEndObject();
    }

    /// <summary>The member of its part that has the text.</summary>
    public JsonEncodedText TextName => Kind == ItemKind.Refusal ? RefusalName : PlainName;

    /// <summary>Its one part, for a message or a thought.</summary>
    public void WritePart(Utf8JsonWriter json, bool isNew = false)
    {
        json.WriteStartObject();
        json.WriteString("type", Kind switch { ItemKind.Message => "output_text", ItemKind.Refusal => "refusal", _ => "summary_text" });
        json.WriteString(TextName, isNew ? "" : Text);
        if (Kind == ItemKind.Message)
        {
            foreach (var none in (ReadOnlySpan<string>)["annotations", "logprobs"])
            {
                json.WriteStartArray(none);
                json.WriteEndArray();
            }
        }
        json.WriteEndObject();
    }

    private void Parts(Utf8JsonWriter json, string name, bool isNew)
    {
        json.WriteStartArray(name);
        if (!isNew) WritePart(json);
        json.WriteEndArray();
    }
}
