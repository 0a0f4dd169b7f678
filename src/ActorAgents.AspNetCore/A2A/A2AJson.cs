using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore;

/// <summary>The objects of A2A. Statuses have no time: no event of a turn has one.</summary>
internal static class A2AJson
{
    /// <summary>The artifact that holds the answer's text.</summary>
    public const string Answer = "answer";

    private const string OpenCalls = "open-calls";

    public static void Task(Utf8JsonWriter json, A2ATask task, IEnumerable<ChatMessage> history, bool withArtifacts = true)
    {
        json.WriteStartObject();
        json.WriteString("id", task.Id.ToString());
        json.WriteString("contextId", task.Id.Key);
        json.WritePropertyName("status");
        Status(json, task);
        if (withArtifacts) Artifacts(json, task);
        if (history.Any()) History(json, task.Id, history);
        if (task.End is { } end) Metadata(json, end);
        json.WriteEndObject();
    }

    /// <summary>The state, with what the task asks, or what went wrong.</summary>
    public static void Status(Utf8JsonWriter json, A2ATask task)
    {
        json.WriteStartObject();
        json.WriteString("state", task.State);
        if (task.Asked.Count > 0 && task.End is null) Questions(json, task);
        else if (task.End is { } end && HttpErrors.Of(end) is { } error)
        {
            BeginMessage(json, task.Id, end, "error");
            TextPart(json, error.Message);
            EndMessage(json, "error", error.Code);
        }
        json.WriteEndObject();
    }

    /// <summary>A status that tells what the agent does.</summary>
    /// <param name="call">The call that it tells of.</param>
    public static void Activity(Utf8JsonWriter json, A2ATask task, TurnEvent at, string type, string text, (string Id, string Tool)? call = null)
    {
        json.WriteStartObject();
        json.WriteString("state", task.State);
        BeginMessage(json, task.Id, at, type);
        TextPart(json, text);
        if (call is { } of)
        {
            json.WriteStartObject();
            json.WriteStartObject("data");
            json.WriteString("callId", of.Id);
            json.WriteString("tool", of.Tool);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        EndMessage(json, "type", type);
        json.WriteEndObject();
    }

    /// <summary>An artifact of one file; the first is number 1.</summary>
    public static void File(Utf8JsonWriter json, ContentAdded file, int number)
    {
        BeginArtifact(json, $"file-{number}");
        json.WriteStartObject();
        if (file.Uri is not null) json.WriteString("url", file.Uri.Escaped());
        else json.WriteBase64String("raw", file.Data.Span);
        json.WriteString("mediaType", file.MediaType);
        json.WriteEndObject();
        EndArtifact(json);
    }

    /// <summary>Calls that nobody here can run; A2A has no way to hand back their results.</summary>
    public static void Open(Utf8JsonWriter json, IReadOnlyList<OpenToolCall> calls)
    {
        BeginArtifact(json, OpenCalls);
        foreach (var call in calls) CallPart(json, null, call.CallId, call.Tool, call.Arguments);
        EndArtifact(json);
    }

    public static void BeginArtifact(Utf8JsonWriter json, string id)
    {
        json.WriteStartObject();
        json.WriteString("artifactId", id);
        json.WriteStartArray("parts");
    }

    public static void EndArtifact(Utf8JsonWriter json)
    {
        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static void TextPart(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("text", text);
        json.WriteEndObject();
    }

    /// <summary>The member <c>metadata</c> of a task that is over.</summary>
    public static void Metadata(Utf8JsonWriter json, TerminalEvent end)
    {
        json.WriteStartObject("metadata");
        if (end is TurnCompleted completed)
        {
            if (completed.FinishReason is { } reason) json.WriteString("finishReason", reason.Value);
            if (completed.LimitReached is { } limit) json.WriteString("limitReached", JsonNamingPolicy.CamelCase.ConvertName(limit.ToString()));
        }
        NativeJson.Usage(json, end.Usage);
        json.WriteEndObject();
    }

    private static void Artifacts(Utf8JsonWriter json, A2ATask task)
    {
        var open = (task.End as TurnCompleted)?.OpenCalls ?? [];
        if (task.Answer.Length == 0 && task.Files.Count == 0 && open.Count == 0) return;
        json.WriteStartArray("artifacts");
        if (task.Answer.Length > 0)
        {
            BeginArtifact(json, Answer);
            TextPart(json, task.Answer.ToString());
            EndArtifact(json);
        }
        for (var i = 0; i < task.Files.Count; i++) File(json, task.Files[i], i + 1);
        if (open.Count > 0) Open(json, open);
        json.WriteEndArray();
    }

    private static void History(Utf8JsonWriter json, A2ATaskId id, IEnumerable<ChatMessage> history)
    {
        json.WriteStartArray("history");
        foreach (var (message, number) in history.Select((message, i) => (message, i)))
        {
            json.WriteStartObject();
            json.WriteString("messageId", message.MessageId ?? $"{id.Turn}-input-{number}");
            Place(json, id, "ROLE_USER");
            foreach (var content in message.Contents)
            {
                if (content is TextContent text) TextPart(json, text.Text);
                else if (content is DataContent or UriContent) HistoryFile(json, content);
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>That there was one, and of which type: its bytes would come back with every question about the task.</summary>
    private static void HistoryFile(Utf8JsonWriter json, AIContent content)
    {
        json.WriteStartObject();
        if (content is UriContent uri) json.WriteString("url", uri.Uri.Escaped());
        else json.WriteString("text", "[file]");
        json.WriteString("mediaType", (content as DataContent)?.MediaType ?? ((UriContent)content).MediaType);
        json.WriteEndObject();
    }

    private static void Questions(Utf8JsonWriter json, A2ATask task)
    {
        BeginMessage(json, task.Id, task.Asked[^1], "approval");
        TextPart(json, task.Asked.Count == 1
            ? $"May {task.Asked[0].Tool} be called? Answer this task with yes or no, or with data {{\"approved\", \"reason\"?}}."
            : $"May these be called: {string.Join(", ", task.Asked.Select(asked => asked.Tool))}? Answer this task with data {{\"requestId\", \"approved\", \"reason\"?}} for each.");
        foreach (var asked in task.Asked) CallPart(json, asked.RequestId, asked.CallId, asked.Tool, asked.Arguments);
        EndMessage(json, "type", "approval");
    }

    private static void CallPart(Utf8JsonWriter json, string? requestId, string callId, string tool, IReadOnlyDictionary<string, object?> arguments)
    {
        json.WriteStartObject();
        json.WriteStartObject("data");
        if (requestId is not null) json.WriteString("requestId", requestId);
        json.WriteString("callId", callId);
        json.WriteString("tool", tool);
        json.WritePropertyName("arguments");
        ToolArguments.Write(json, arguments);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void BeginMessage(Utf8JsonWriter json, A2ATaskId id, TurnEvent at, string type)
    {
        json.WriteStartObject("message");
        json.WriteString("messageId", $"{id.Turn}-{at.Epoch}-{at.Seq}-{type}"); // One event may be told of twice.
        Place(json, id, "ROLE_AGENT");
    }

    private static void Place(Utf8JsonWriter json, A2ATaskId id, string role)
    {
        json.WriteString("contextId", id.Key);
        json.WriteString("taskId", id.ToString());
        json.WriteString("role", role);
        json.WriteStartArray("parts");
    }

    private static void EndMessage(Utf8JsonWriter json, string name, string value)
    {
        json.WriteEndArray();
        json.WriteStartObject("metadata");
        json.WriteString(name, value);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
