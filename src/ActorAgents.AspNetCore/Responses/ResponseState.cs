using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore;

/// <summary>A response as it stands.</summary>
internal sealed class ResponseState(ResponseId id, JsonElement settings)
{
    private static readonly SseWriter Nowhere = new(PipeWriter.Create(Stream.Null)); // Nothing is ever written to it.

    private HashSet<string> _tools = ToolsOf(settings);
    private ResponseFormat? _fold;
    private string? _incomplete;
    private TokenUsage? _usage;

    /// <summary>Changes until the first that is shown of it.</summary>
    public ResponseId Id { get; set; } = id;

    /// <summary>Of a turn that waits in its agent's queue they are known once it runs.</summary>
    public JsonElement Settings
    {
        get;
        set => (field, _tools) = (value, ToolsOf(value));
    } = settings;

    public ResponseOutput Output { get; } = new(id.Turn);

    /// <summary><c>queued</c>, <c>in_progress</c>, <c>completed</c>, <c>incomplete</c>, <c>cancelled</c> or <c>failed</c>.</summary>
    public string Status { get; set; } = "in_progress";

    /// <summary>Whether its turn was seen to run.</summary>
    public bool HasStarted { get; private set; }

    /// <summary>Why it failed.</summary>
    public HttpError? Error { get; private set; }

    /// <summary>Whether a tool is the caller's to run.</summary>
    public bool IsCallers(string tool) => _tools.Contains(tool);

    /// <summary>As the conversation has it, which does not tell tokens and the words of failures.</summary>
    public static ResponseState Of(ResponseId id, KeptTurn kept)
    {
        var input = kept.Messages.ToList().FindLastIndex(message => ResponseSettings.Find(message) is not null);
        var response = new ResponseState(id, ResponseSettings.Of(id, kept));
        var open = (kept.End as TurnCompleted)?.OpenCalls?.Select(call => call.CallId).ToHashSet();
        foreach (var message in kept.Messages.Skip(input + 1))
        {
            if (message.Role == ChatRole.Assistant) response.Output.Add(message, call => open?.Contains(call) == true);
            else response.Output.Close();
        }
        if (kept.End is { } end) response.End(end);
        return response;
    }

    /// <summary>Takes in an event as a stream shows it, so that a response is the same either way.</summary>
    public void Add(TurnEvent next)
    {
        if (next is TurnStarted) (HasStarted, Status) = (true, "in_progress");
        _fold ??= ResponseFormat.Unseen(this);
        _fold.Write(next, Nowhere);
    }

    /// <summary>What an event is as a failure; null when the response is one that did not fail.</summary>
    public static HttpError? FailureOf(TurnEvent next) => next is TerminalEvent end && StatusOf(end).Status == "failed" ? HttpErrors.Of(end) : null;

    /// <param name="usage">Absent when it is not kept.</param>
    public void End(TerminalEvent end, TokenUsage? usage = null)
    {
        _usage = usage;
        (Status, _incomplete) = StatusOf(end);
        Error = FailureOf(end);
        Output.Close(end is TurnCompleted ? "completed" : "incomplete");
        Output.Cut();
    }

    private static (string Status, string? Incomplete) StatusOf(TerminalEvent end) => end switch
    {
        TurnCompleted completed => ChatCompletionJson.FinishReason(completed) switch
        {
            "length" => ("incomplete", "max_output_tokens"),
            "content_filter" => ("incomplete", "content_filter"),
            _ => ("completed", null),
        },
        TurnInterrupted { Reason: InterruptReason.TextLimit } => ("incomplete", "max_output_tokens"),
        TurnInterrupted when HttpErrors.Of(end)!.Status == StatusCodes.Status409Conflict => ("cancelled", null),
        _ => ("failed", null),
    };

    private static HashSet<string> ToolsOf(JsonElement settings) => [.. settings.GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("name").GetString()!)];

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id", Id.ToString());
        json.WriteString("object", "response");
        json.WriteNumber("created_at", Id.Created);
        json.WriteString("status", Status);
        json.WritePropertyName("error");
        if (Error is null) json.WriteNullValue(); else WriteError(json, Error);
        json.WritePropertyName("incomplete_details");
        if (_incomplete is null) json.WriteNullValue();
        else NativeWire.Whole(json, () => json.WriteString("reason", _incomplete));
        json.WriteStartArray("output");
        foreach (var item in Output.Items) item.Write(json);
        json.WriteEndArray();
        json.WritePropertyName("usage");
        if (_usage is null) json.WriteNullValue(); else WriteUsage(json, _usage);
        foreach (var setting in Settings.EnumerateObject()) setting.WriteTo(json);
        json.WriteEndObject();
    }

    /// <summary>The codes are a closed list of OpenAI's.</summary>
    public static string CodeOf(HttpError error) => error.Status switch
    {
        StatusCodes.Status429TooManyRequests => "rate_limit_exceeded",
        < StatusCodes.Status500InternalServerError => "invalid_prompt",
        _ => "server_error",
    };

    private static void WriteError(Utf8JsonWriter json, HttpError error) => NativeWire.Whole(json, () =>
    {
        json.WriteString("code", CodeOf(error));
        json.WriteString("message", error.Message);
    });

    /// <summary>Clients require the counts: one that the provider did not report is 0.</summary>
    private static void WriteUsage(Utf8JsonWriter json, TokenUsage usage)
    {
        json.WriteStartObject();
        json.WriteNumber("input_tokens", usage.InputTokens ?? 0);
        json.WriteStartObject("input_tokens_details");
        json.WriteNumber("cached_tokens", usage.CachedInputTokens ?? 0);
        json.WriteNumber("cache_write_tokens", 0);
        json.WriteEndObject();
        json.WriteNumber("output_tokens", usage.OutputTokens ?? 0);
        json.WriteStartObject("output_tokens_details");
        json.WriteNumber("reasoning_tokens", usage.ReasoningTokens ?? 0);
        json.WriteEndObject();
        json.WriteNumber("total_tokens", usage.TotalTokens ?? (usage.InputTokens ?? 0) + (usage.OutputTokens ?? 0));
        json.WriteEndObject();
    }
}
