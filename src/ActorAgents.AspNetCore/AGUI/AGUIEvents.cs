using System.Globalization;
using System.Text.Json;

namespace ActorAgents.AspNetCore;

/// <summary>The events of AG-UI 1.0 as frames. Members that have nothing to say are left out: the protocol knows no null.</summary>
internal static class AGUIEvents
{
    private const string Version = "1.0";

    private static readonly JsonEncodedText Type = Name("type"), MessageId = Name("messageId"), DeltaName = Name("delta"), CallId = Name("toolCallId");
    private static readonly JsonElement Answer = JsonDocument.Parse(
        """{"type":"object","properties":{"approved":{"type":"boolean"},"reason":{"type":"string"}},"required":["approved"]}""").RootElement;

    public static readonly JsonEncodedText
        TextStart = Name("TEXT_MESSAGE_START"), TextContent = Name("TEXT_MESSAGE_CONTENT"), TextEnd = Name("TEXT_MESSAGE_END"),
        ReasoningStart = Name("REASONING_START"), ReasoningMessageStart = Name("REASONING_MESSAGE_START"), ReasoningContent = Name("REASONING_MESSAGE_CONTENT"),
        ReasoningMessageEnd = Name("REASONING_MESSAGE_END"), ReasoningEnd = Name("REASONING_END"),
        StepStarted = Name("STEP_STARTED"), StepFinished = Name("STEP_FINISHED");

    private static readonly JsonEncodedText CallArgs = Name("TOOL_CALL_ARGS"), CallStarts = Name("TOOL_CALL_START"), CallEnds = Name("TOOL_CALL_END"), CallResult = Name("TOOL_CALL_RESULT");
    private static readonly JsonEncodedText RunStarts = Name("RUN_STARTED"), RunFinished = Name("RUN_FINISHED"), RunFails = Name("RUN_ERROR"), Snapshot = Name("MESSAGES_SNAPSHOT"), Customs = Name("CUSTOM");

    public static void Delta(SseWriter frames, JsonEncodedText type, JsonEncodedText message, string delta)
    {
        var json = Begin(frames, type);
        json.WriteString(MessageId, message);
        json.WriteString(DeltaName, delta);
        End(frames, json);
    }

    public static void Message(SseWriter frames, JsonEncodedText type, JsonEncodedText message, string? role = null)
    {
        var json = Begin(frames, type);
        json.WriteString(MessageId, message);
        if (role is not null) json.WriteString("role", role);
        End(frames, json);
    }

    /// <param name="step">From 1; the steps of all runs of a turn are counted on.</param>
    public static void Step(SseWriter frames, JsonEncodedText type, int step)
    {
        var json = Begin(frames, type);
        json.WriteString("stepName", $"step-{step}");
        End(frames, json);
    }

    public static void CallStart(SseWriter frames, string call, string tool, JsonEncodedText message)
    {
        var json = Begin(frames, CallStarts);
        json.WriteString(CallId, call);
        json.WriteString("toolCallName", tool);
        json.WriteString("parentMessageId", message);
        End(frames, json);
    }

    public static void CallArguments(SseWriter frames, string call, string piece)
    {
        var json = Begin(frames, CallArgs);
        json.WriteString(CallId, call);
        json.WriteString(DeltaName, piece);
        End(frames, json);
    }

    public static void CallEnd(SseWriter frames, string call)
    {
        var json = Begin(frames, CallEnds);
        json.WriteString(CallId, call);
        End(frames, json);
    }

    public static void Result(SseWriter frames, string message, string call, ToolFinished finished)
    {
        var json = Begin(frames, CallResult);
        json.WriteString(MessageId, message);
        json.WriteString(CallId, call);
        json.WriteString("content", finished.Result);
        json.WriteString("role", "tool");
        if (finished.Outcome != ToolOutcome.Succeeded)
        {
            json.WriteStartObject("metadata");
            json.WriteString("outcome", JsonNamingPolicy.CamelCase.ConvertName(finished.Outcome.ToString()));
            json.WriteEndObject();
        }
        End(frames, json);
    }

    /// <summary>What the protocol has no event for, as the native protocol has it.</summary>
    public static void Custom(SseWriter frames, string name, TurnEvent value)
    {
        var json = Begin(frames, Customs);
        json.WriteString("name", name);
        json.WriteStartObject("value");
        NativeJson.WriteMembers(json, value);
        json.WriteEndObject();
        End(frames, json);
    }

    public static void RunStarted(SseWriter frames, AGUIRun run)
    {
        var json = BeginBoundary(frames, RunStarts, run);
        json.WriteString("protocolVersion", Version);
        if (run.ParentRunId is not null) json.WriteString("parentRunId", run.ParentRunId);
        if (run.Unknown.Count > 0)
        {
            json.WriteStartObject("metadata");
            Texts(json, "unknownInterrupts", run.Unknown);
            json.WriteEndObject();
        }
        End(frames, json);
        if (run.CatchUp is not { } lacking) return;
        if (lacking.News.Count > 0) Messages(frames, lacking, withNews: false);
        Messages(frames, lacking, withNews: true);
    }

    /// <param name="pending">Calls of the client's tools.</param>
    public static void RunSucceeded(SseWriter frames, AGUIRun run, TokenUsage usage, IEnumerable<string>? pending)
    {
        var json = BeginOutcome(frames, run, "success");
        if (pending is not null) Texts(json, "pendingToolCallIds", pending);
        EndOutcome(frames, json, usage);
    }

    public static void RunCancelled(SseWriter frames, AGUIRun run, TokenUsage usage) => EndOutcome(frames, BeginOutcome(frames, run, "cancelled"), usage);

    public static void RunInterrupted(SseWriter frames, AGUIRun run, TokenUsage usage, IEnumerable<AGUIQuestion> questions)
    {
        var json = BeginOutcome(frames, run, "interrupt");
        NativeJson.Objects(json, "interrupts", questions, question =>
        {
            json.WriteString("id", question.Call.RequestId);
            json.WriteString("reason", "tool_call");
            json.WriteString("message", $"May the agent run '{question.Call.Tool}'?");
            json.WriteString(CallId, question.CallId);
            json.WritePropertyName("responseSchema");
            Answer.WriteTo(json);
            json.WriteString("expiresAt", question.Expiry.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteStartObject("metadata");
            json.WriteString("tool", question.Call.Tool);
            json.WritePropertyName("arguments");
            ToolArguments.Write(json, question.Call.Arguments);
            json.WriteEndObject();
        });
        EndOutcome(frames, json, usage);
    }

    public static void RunError(SseWriter frames, HttpError error, TokenUsage usage)
    {
        var json = Begin(frames, RunFails);
        json.WriteString("message", error.Message);
        json.WriteString("code", error.Code);
        Usage(json, usage);
        End(frames, json);
    }

    private static void Messages(SseWriter frames, AGUICatchUp lacking, bool withNews)
    {
        var json = Begin(frames, Snapshot);
        json.WriteStartArray("messages");
        lacking.Write(json, withNews);
        json.WriteEndArray();
        End(frames, json);
    }

    /// <summary>Of the run's own requests alone. A total is the sum of the other two, whatever a provider takes for it.</summary>
    private static void Usage(Utf8JsonWriter json, TokenUsage usage)
    {
        if (usage == TokenUsage.None) return;
        json.WriteStartArray("usage");
        json.WriteStartObject();
        Count("inputTokens", usage.InputTokens);
        Count("outputTokens", usage.OutputTokens);
        Count("totalTokens", usage.InputTokens + usage.OutputTokens);
        Count("reasoningTokens", usage.ReasoningTokens);
        Count("cachedInputTokens", usage.CachedInputTokens);
        json.WriteEndObject();
        json.WriteEndArray();

        void Count(string name, long? count)
        {
            if (count is { } value) json.WriteNumber(name, value);
        }
    }

    private static void Texts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static Utf8JsonWriter BeginOutcome(SseWriter frames, AGUIRun run, string outcome)
    {
        var json = BeginBoundary(frames, RunFinished, run);
        json.WriteStartObject("outcome");
        json.WriteString(Type, outcome);
        return json;
    }

    private static void EndOutcome(SseWriter frames, Utf8JsonWriter json, TokenUsage usage)
    {
        json.WriteEndObject();
        Usage(json, usage);
        End(frames, json);
    }

    private static Utf8JsonWriter BeginBoundary(SseWriter frames, JsonEncodedText type, AGUIRun run)
    {
        var json = Begin(frames, type);
        json.WriteString("threadId", run.ThreadId);
        json.WriteString("runId", run.RunId);
        return json;
    }

    private static Utf8JsonWriter Begin(SseWriter frames, JsonEncodedText type)
    {
        var json = frames.BeginData();
        json.WriteStartObject();
        json.WriteString(Type, type);
        return json;
    }

    private static void End(SseWriter frames, Utf8JsonWriter json)
    {
        json.WriteEndObject();
        frames.EndData();
    }

    private static JsonEncodedText Name(string text) => JsonEncodedText.Encode(text);
}
