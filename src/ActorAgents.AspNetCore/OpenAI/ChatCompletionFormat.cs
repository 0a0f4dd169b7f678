using System.Text.Json;

namespace ActorAgents.AspNetCore;

/// <summary>
/// A turn as chunks of a chat completion. Calls of the agent's own tools run here and are not shown; those of the caller's tools are its to run. A turn
/// that ends without completing ends the stream with an error in place of <c>[DONE]</c>.
/// </summary>
internal sealed class ChatCompletionFormat(ChatCompletionRequest request, long created) : ToolCallFormat
{
    private static readonly JsonEncodedText Content = JsonEncodedText.Encode("content"), Reasoning = JsonEncodedText.Encode("reasoning_content");

    private bool _hasRole, _isNamed;
    private JsonEncodedText _id;

    protected override bool Shows(string tool) => request.IsCallers(tool);

    public override void Write(TurnEvent next, SseWriter frames)
    {
        WriteCalls(next, frames);
        switch (next)
        {
            case TextDelta { Text.Length: > 0 } text: Text(next, frames, Content, text.Text); break;
            case ReasoningDelta { Text.Length: > 0 } reasoning: Text(next, frames, Reasoning, reasoning.Text); break;
            case TurnCompleted completed: Complete(frames, completed); break;
            case TerminalEvent: Fail(frames, next, HttpErrors.Of(next)!); break;
        }
    }

    private void Text(TurnEvent next, SseWriter frames, JsonEncodedText member, string text)
    {
        var json = BeginDelta(next, frames);
        json.WriteString(member, text);
        EndDelta(frames, json, null);
    }

    private void Complete(SseWriter frames, TurnCompleted completed)
    {
        if (!_hasRole) Text(completed, frames, Content, "");
        EndDelta(frames, BeginDelta(completed, frames), ChatCompletionJson.FinishReason(completed));
        if (request.WithUsage)
        {
            var json = BeginChunk(completed, frames);
            json.WriteEndArray();
            ChatCompletionJson.Usage(json, completed.Usage);
            EndChunk(frames, json);
        }
        frames.Raw("data: [DONE]\n\n"u8);
    }

    /// <summary>The choice with a reason that is none of OpenAI's is for clients that do not look for an error in a stream, such as OpenAI's for .NET: they would take the part for the whole.</summary>
    private void Fail(SseWriter frames, TurnEvent next, HttpError error)
    {
        var json = BeginDelta(next, frames);
        EndChoice(json, "error");
        OpenAIErrorShape.WriteMember(json, error);
        EndChunk(frames, json);
    }

    protected override void BeginCall(TurnEvent next, SseWriter frames, string callId, string tool)
    {
        var json = BeginCallDelta(next, frames, callId);
        json.WriteString("id", callId);
        json.WriteString("type", "function");
        EndCallDelta(frames, json, tool, "");
    }

    protected override void CallArguments(TurnEvent next, SseWriter frames, string callId, string piece) =>
        EndCallDelta(frames, BeginCallDelta(next, frames, callId), null, piece);

    private Utf8JsonWriter BeginCallDelta(TurnEvent next, SseWriter frames, string id)
    {
        var json = BeginDelta(next, frames);
        json.WriteStartArray("tool_calls");
        json.WriteStartObject();
        json.WriteNumber("index", IndexOf(id));
        return json;
    }

    private static void EndCallDelta(SseWriter frames, Utf8JsonWriter json, string? tool, string arguments)
    {
        json.WriteStartObject("function");
        if (tool is not null) json.WriteString("name", tool);
        json.WriteString("arguments", arguments);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        EndDelta(frames, json, null);
    }

    private Utf8JsonWriter BeginDelta(TurnEvent next, SseWriter frames)
    {
        var json = BeginChunk(next, frames);
        json.WriteStartObject();
        json.WriteNumber("index", 0);
        json.WriteStartObject("delta");
        if (!_hasRole) json.WriteString("role", "assistant");
        _hasRole = true;
        return json;
    }

    private static void EndDelta(SseWriter frames, Utf8JsonWriter json, string? finishReason)
    {
        EndChoice(json, finishReason);
        EndChunk(frames, json);
    }

    private static void EndChoice(Utf8JsonWriter json, string? finishReason)
    {
        json.WriteEndObject();
        json.WriteString("finish_reason", finishReason);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private Utf8JsonWriter BeginChunk(TurnEvent next, SseWriter frames)
    {
        if (!_isNamed) (_id, _isNamed) = (JsonEncodedText.Encode($"chatcmpl-{next.Turn}"), true);
        var json = frames.BeginData();
        json.WriteStartObject();
        json.WriteString("id", _id);
        json.WriteString("object", "chat.completion.chunk");
        json.WriteNumber("created", created);
        json.WriteString("model", request.Model);
        json.WriteStartArray("choices");
        return json;
    }

    private static void EndChunk(SseWriter frames, Utf8JsonWriter json)
    {
        json.WriteEndObject();
        frames.EndData();
    }
}
