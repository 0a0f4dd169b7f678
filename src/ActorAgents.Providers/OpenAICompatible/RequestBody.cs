using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorAgents.Providers;

/// <summary>Writes the JSON of a request from messages and options.</summary>
internal sealed class RequestBody
{
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Without the line breaks and escapes of the defaults: models read it, and every character costs.</summary>
    public static readonly JsonSerializerOptions Values = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Utf8JsonWriter _json;
    private readonly ChatOptions _options;
    private readonly AdditionalPropertiesDictionary? _more;

    private RequestBody(Utf8JsonWriter json, ChatOptions options) => (_json, _options, _more) = (json, options, options.AdditionalProperties);

    /// <param name="maxTokens">The name of the member that bounds the answer.</param>
    /// <exception cref="ProviderException">Something in it has no form in chat completions.</exception>
    public static ReadOnlyMemory<byte> Write(IEnumerable<ChatMessage> messages, ChatOptions? options, string? model, string maxTokens, bool stream)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var json = new Utf8JsonWriter(buffer, Writing);
        json.WriteStartObject();
        var body = new RequestBody(json, options ?? new ChatOptions());
        if ((options?.ModelId ?? model) is { } named) json.WriteString("model", named);
        body.WriteMessages(messages);
        body.WriteStream(stream);
        body.WriteOptions(maxTokens);
        body.WriteFormat();
        body.WriteTools();
        body.WriteMore();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private void WriteMessages(IEnumerable<ChatMessage> messages)
    {
        _json.WriteStartArray("messages");
        if (_options.Instructions is { Length: > 0 } instructions) MessageBody.Write(_json, new ChatMessage(ChatRole.System, instructions));
        foreach (var message in messages) MessageBody.Write(_json, message);
        _json.WriteEndArray();
    }

    private void WriteStream(bool stream)
    {
        _json.WriteBoolean("stream", stream);
        if (!stream || !IsFree("stream_options")) return;
        _json.WriteStartObject("stream_options");
        _json.WriteBoolean("include_usage", true);
        _json.WriteEndObject();
    }

    private void WriteOptions(string maxTokens)
    {
        WriteNumber("temperature", _options.Temperature);
        WriteNumber("top_p", _options.TopP);
        WriteNumber("top_k", _options.TopK); // Not OpenAI's, but vLLM's and llama.cpp's.
        WriteNumber("frequency_penalty", _options.FrequencyPenalty);
        WriteNumber("presence_penalty", _options.PresencePenalty);
        if (_options.Seed is { } seed && IsFree("seed")) _json.WriteNumber("seed", seed);
        WriteNumber(maxTokens, _options.MaxOutputTokens);
        WriteText("reasoning_effort", _options.Reasoning?.Effort switch
        {
            ReasoningEffort.None => "none",
            ReasoningEffort.Low => "low",
            ReasoningEffort.Medium => "medium",
            ReasoningEffort.High => "high",
            ReasoningEffort.ExtraHigh => "xhigh",
            _ => null,
        });
        if (_options.StopSequences is not { Count: > 0 } stops || !IsFree("stop")) return;
        _json.WriteStartArray("stop");
        foreach (var stop in stops) _json.WriteStringValue(stop);
        _json.WriteEndArray();
    }

    private void WriteFormat()
    {
        if (_options.ResponseFormat is not { } format || !IsFree("response_format")) return;
        _json.WriteStartObject("response_format");
        _json.WriteString("type", format switch
        {
            ChatResponseFormatJson { Schema: not null } => "json_schema",
            ChatResponseFormatJson => "json_object",
            _ => "text",
        });
        if (format is ChatResponseFormatJson { Schema: { } schema } described)
        {
            _json.WriteStartObject("json_schema");
            _json.WriteString("name", described.SchemaName ?? "json_schema"); // OpenAI requires one.
            if (described.SchemaDescription is { } description) _json.WriteString("description", description);
            WriteSchema("schema", schema);
            WriteStrict(_more);
            _json.WriteEndObject();
        }
        _json.WriteEndObject();
    }

    /// <summary>The members about tools are sent only with tools: OpenAI refuses them otherwise.</summary>
    private void WriteTools()
    {
        if (_options.Tools is not { Count: > 0 } tools || !IsFree("tools")) return;
        _json.WriteStartArray("tools");
        foreach (var tool in tools) WriteTool(tool);
        _json.WriteEndArray();
        if (_options.AllowMultipleToolCalls is { } several && IsFree("parallel_tool_calls")) _json.WriteBoolean("parallel_tool_calls", several);
        switch (_options.ToolMode)
        {
            case RequiredChatToolMode { RequiredFunctionName: { } name } when IsFree("tool_choice"):
                _json.WriteStartObject("tool_choice");
                _json.WriteString("type", "function");
                _json.WriteStartObject("function");
                _json.WriteString("name", name);
                _json.WriteEndObject();
                _json.WriteEndObject();
                break;
            case RequiredChatToolMode: WriteText("tool_choice", "required"); break;
            case NoneChatToolMode: WriteText("tool_choice", "none"); break;
            case AutoChatToolMode: WriteText("tool_choice", "auto"); break;
        }
    }

    private void WriteTool(AITool tool)
    {
        if (tool is not AIFunctionDeclaration function)
            throw Unsendable.Because($"Tool '{tool.Name}' is a {tool.GetType().Name}: servers of chat completions take functions only.");
        _json.WriteStartObject();
        _json.WriteString("type", "function");
        _json.WriteStartObject("function");
        _json.WriteString("name", function.Name);
        if (function.Description is { Length: > 0 } description) _json.WriteString("description", description);
        WriteSchema("parameters", function.JsonSchema);
        WriteStrict(function.AdditionalProperties);
        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    private void WriteSchema(string name, JsonElement schema)
    {
        _json.WritePropertyName(name);
        schema.WriteTo(_json);
    }

    /// <summary>Where Microsoft.Extensions.AI's own OpenAI client looks for it: the additional property <c>strict</c>.</summary>
    private void WriteStrict(IReadOnlyDictionary<string, object?>? properties)
    {
        if (properties is not null && properties.TryGetValue("strict", out var value) && value is bool strict) _json.WriteBoolean("strict", strict);
    }

    /// <summary>Members of which this client knows nothing; they also take the place of the options it would write itself.</summary>
    private void WriteMore()
    {
        if (_more is null) return;
        foreach (var (name, value) in _more)
        {
            if (name is "strict" or "messages" or "stream" or "model") continue;
            _json.WritePropertyName(name);
            JsonSerializer.Serialize(_json, value, Values);
        }
    }

    private bool IsFree(string name) => _more is null || !_more.ContainsKey(name);

    private void WriteText(string name, string? value)
    {
        if (value is not null && IsFree(name)) _json.WriteString(name, value);
    }

    private void WriteNumber(string name, float? value)
    {
        if (value is { } number && IsFree(name)) _json.WriteNumber(name, number);
    }

    private void WriteNumber(string name, int? value)
    {
        if (value is { } number && IsFree(name)) _json.WriteNumber(name, number);
    }
}

/// <summary>Refuses what chat completions cannot say, before anything is sent.</summary>
internal static class Unsendable
{
    public static ProviderException Because(string message) => new(new TurnError(TurnErrorKind.InvalidRequest, message));
}
