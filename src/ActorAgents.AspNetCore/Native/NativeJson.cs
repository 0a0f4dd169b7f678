using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore;

/// <summary>The JSON of the native protocol. Times are milliseconds; counts that a provider did not report are left out.</summary>
internal static class NativeJson
{
    private static readonly JsonEncodedText TextName = JsonEncodedText.Encode("text");

    /// <summary>The members of an event, without its name and place.</summary>
    public static void WriteMembers(Utf8JsonWriter json, TurnEvent next)
    {
        switch (next)
        {
            case TextDelta text: json.WriteString(TextName, text.Text); break;
            case ReasoningDelta reasoning: json.WriteString(TextName, reasoning.Text); break;
            case TurnStarted: json.WriteString("turn", next.Turn.Value); break;
            case ContentAdded content: Content(json, content.MediaType, content.Data, content.Uri); break;
            case ToolCallDelta delta:
                if (delta.CallId is not null) json.WriteString("callId", delta.CallId);
                if (delta.Name is not null) json.WriteString("tool", delta.Name);
                json.WriteNumber("index", delta.Index);
                json.WriteString("piece", delta.Piece);
                break;
            case ToolStarted started: Call(json, started.CallId, started.Tool, started.Arguments); break;
            case ToolProgress progress:
                Call(json, progress.CallId, progress.Tool);
                json.WriteString("value", progress.Value);
                break;
            case ToolFinished finished: Finished(json, finished); break;
            case ApprovalRequested request:
                Call(json, request.CallId, request.Tool, request.Arguments);
                json.WriteString("requestId", request.RequestId);
                break;
            case Retrying retrying:
                json.WriteNumber("attempt", retrying.Attempt);
                json.WriteNumber("delayMs", (long)retrying.Delay.TotalMilliseconds);
                Error(json, retrying.Error);
                break;
            case StepFinished step:
                if (step.FinishReason is { } reason) json.WriteString("finishReason", reason.Value);
                Usage(json, step.Usage);
                break;
            case Reset reset: json.WriteNumber("fromSeq", reset.FromSeq); break;
            case TerminalEvent terminal: WriteEnd(json, terminal); break;
        }
    }

    /// <summary>How a turn ended; the members of the terminal events and of whole answers.</summary>
    public static void WriteEnd(Utf8JsonWriter json, TerminalEvent terminal)
    {
        switch (terminal)
        {
            case TurnCompleted completed:
                json.WriteString(TextName, completed.Text);
                if (completed.FinishReason is { } reason) json.WriteString("finishReason", reason.Value);
                if (completed.LimitReached is { } limit) json.WriteString("limitReached", CamelCase(limit.ToString()));
                if (completed.SteeredInto is { } into) json.WriteString("steeredInto", into.Value);
                if (completed.OpenCalls is { Count: > 0 } open) Objects(json, "openCalls", open, call => Call(json, call.CallId, call.Tool, call.Arguments));
                break;
            case TurnInterrupted interrupted:
                json.WriteString("partial", interrupted.Partial);
                json.WriteString("reason", CamelCase(interrupted.Reason.ToString()));
                break;
            case TurnFailed failed:
                json.WriteString("partial", failed.Partial);
                Error(json, failed.Error);
                break;
        }
        Usage(json, terminal.Usage);
    }

    public static void Finished(Utf8JsonWriter json, ToolFinished finished)
    {
        Call(json, finished.CallId, finished.Tool);
        json.WriteString("result", finished.Result);
        json.WriteString("outcome", CamelCase(finished.Outcome.ToString()));
        json.WriteNumber("durationMs", Math.Round(finished.Duration.TotalMilliseconds, 1));
    }

    /// <summary>A message of a conversation, with the turn it belongs to.</summary>
    public static void Message(Utf8JsonWriter json, ChatMessage message)
    {
        json.WriteString("role", message.Role.Value);
        if (message.GetTurn() is { } turn) json.WriteString("turn", turn.Value);
        json.WriteString("state", message.GetTurnState());
        Objects(json, "content", message.Contents, content => Part(json, content));
    }

    public static void Agent(Utf8JsonWriter json, AgentDefinition definition)
    {
        json.WriteString("kind", definition.Kind);
        json.WriteString("description", definition.Description);
        json.WriteString("provider", definition.Provider);
        if (definition.Chat?.ModelId is { } model) json.WriteString("model", model);
        json.WriteStartArray("tools");
        foreach (var tool in definition.Tools) json.WriteStringValue(tool);
        json.WriteEndArray();
    }

    public static void Halt(Utf8JsonWriter json, Halt halt)
    {
        json.WriteNumber("id", halt.Id.Value);
        json.WriteString("scope", halt.Scope.ToString());
        json.WriteString("reason", halt.Reason);
        json.WriteString("since", halt.Since);
        if (halt.By is not null) json.WriteString("by", halt.By);
    }

    /// <summary>What a node made of a halt; one that is silent has stopped nothing that is known of.</summary>
    public static void Node(Utf8JsonWriter json, HaltedNode node)
    {
        json.WriteString("node", node.Node);
        json.WriteBoolean("acknowledged", node.Stopped is not null);
        if (node.Stopped is { } stopped) json.WriteNumber("stopped", stopped);
    }

    public static void HaltRecord(Utf8JsonWriter json, HaltRecord entry)
    {
        json.WriteNumber("epoch", entry.Epoch);
        json.WriteString("action", CamelCase(entry.Action.ToString()));
        json.WriteString("at", entry.At);
        if (entry.By is not null) json.WriteString("by", entry.By);
        json.WriteStartObject("halt");
        Halt(json, entry.Halt);
        json.WriteEndObject();
    }

    /// <summary>An array of objects; <paramref name="write"/> writes the members of each.</summary>
    public static void Objects<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            write(item);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Part(Utf8JsonWriter json, AIContent content)
    {
        switch (content)
        {
            case TextContent text: Type("text"); json.WriteString(TextName, text.Text); break;
            case TextReasoningContent reasoning: Type("reasoning"); json.WriteString(TextName, reasoning.Text); break;
            case FunctionCallContent call: Type("tool-call"); Call(json, call.CallId, call.Name, call.Arguments?.AsReadOnly()); break;
            case FunctionResultContent result:
                Type("tool-result");
                json.WriteString("callId", result.CallId);
                json.WriteString("result", result.Result?.ToString());
                break;
            case DataContent data: Type("content"); Content(json, data.MediaType, data.Data, null); break;
            case UriContent uri: Type("content"); Content(json, uri.MediaType, default, uri.Uri); break;
            default: Type("other"); break;
        }

        void Type(string name) => json.WriteString("type", name);
    }

    private static void Content(Utf8JsonWriter json, string mediaType, ReadOnlyMemory<byte> data, Uri? uri)
    {
        json.WriteString("mediaType", mediaType);
        if (uri is not null) json.WriteString("uri", uri.Escaped());
        else json.WriteBase64String("data", data.Span);
    }

    private static void Call(Utf8JsonWriter json, string callId, string tool, IReadOnlyDictionary<string, object?>? arguments = null)
    {
        json.WriteString("callId", callId);
        json.WriteString("tool", tool);
        if (arguments is null) return;
        json.WritePropertyName("arguments");
        ToolArguments.Write(json, arguments);
    }

    private static void Error(Utf8JsonWriter json, TurnError error)
    {
        json.WriteStartObject("error");
        json.WriteString("kind", CamelCase(error.Kind.ToString()));
        json.WriteString("message", error.ToPublicMessage());
        if (error.RetryAfter is { } wait) json.WriteNumber("retryAfterMs", (long)wait.TotalMilliseconds);
        if (error.RequestId is not null) json.WriteString("requestId", error.RequestId);
        json.WriteEndObject();
    }

    /// <summary>The member <c>usage</c>.</summary>
    public static void Usage(Utf8JsonWriter json, TokenUsage usage)
    {
        json.WriteStartObject("usage");
        Count("inputTokens", usage.InputTokens);
        Count("outputTokens", usage.OutputTokens);
        Count("totalTokens", usage.TotalTokens);
        Count("cachedInputTokens", usage.CachedInputTokens);
        Count("reasoningTokens", usage.ReasoningTokens);
        json.WriteEndObject();

        void Count(string name, long? count)
        {
            if (count is { } value) json.WriteNumber(name, value);
        }
    }

    private static string CamelCase(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);
}
