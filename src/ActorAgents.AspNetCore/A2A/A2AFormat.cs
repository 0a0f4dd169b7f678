using System.Buffers;
using System.Text.Json;

namespace ActorAgents.AspNetCore;

/// <summary>
/// A task as a stream: the task as it is, then what changes. The answer's text comes as pieces of one artifact; reasoning, told when it pauses, and the
/// agent's tools are messages of a status. Arguments and results of those stay here: agents are opaque to each other.
/// </summary>
/// <param name="task">As it is now; the events that are written follow its place.</param>
/// <param name="untilAsked">Ends when the task asks for an approval, since who reads is who answers.</param>
internal sealed class A2AFormat(A2ACall call, A2ATask task, bool untilAsked) : TurnFormat
{
    private readonly byte[] _first = Before(call, task.Id, append: false), _further = Before(call, task.Id, append: true);
    private bool _hasAnswer = task.Answer.Length > 0;

    public override bool EndsWith(TurnEvent next) => next is TerminalEvent || untilAsked && next is ApprovalRequested;

    public override void Open(SseWriter frames)
    {
        var json = Begin(frames, "task");
        A2AJson.Task(json, task, []);
        End(frames, json);
    }

    public override bool Withdraws => true;

    public override void Write(TurnEvent next, SseWriter frames)
    {
        if (next is TextDelta text)
        {
            Reasoned(next, frames);
            if (text.Text.Length == 0) return;
            frames.Data(_hasAnswer ? _further : _first, text.Text, "}]}}}}"u8);
            _hasAnswer = true;
            return;
        }
        if (next is not ReasoningDelta) Reasoned(next, frames);
        var waiting = task.Asked.Count;
        task.Apply(next);
        var answered = task.Asked.Count < waiting;
        switch (next)
        {
            case TurnStarted or ApprovalRequested: Status(frames, null); break;
            case ToolStarted started: Activity(next, frames, "tool-started", $"Calls {started.Tool}.", started.CallId, started.Tool, answered); break;
            case ToolProgress progress: Activity(next, frames, "tool-progress", progress.Value, progress.CallId, progress.Tool, answered); break;
            case ToolFinished finished: Activity(next, frames, "tool-finished", $"{finished.Tool}: {finished.Outcome}.", finished.CallId, finished.Tool, answered); break;
            case ContentAdded file: Artifact(frames, json => A2AJson.File(json, file, task.Files.Count)); break;
            case Reset: _hasAnswer = false; break;
            case TerminalEvent end: Ended(frames, end); break;
        }
    }

    /// <summary>While questions are open the status is theirs.</summary>
    private void Activity(TurnEvent next, SseWriter frames, string type, string text, string callId, string tool, bool answered)
    {
        if (task.Asked.Count == 0) Told(frames, next, type, text, (callId, tool));
        else if (answered) Status(frames, null);
    }

    private void Ended(SseWriter frames, TerminalEvent end)
    {
        if (end is TurnCompleted completed)
        {
            // The piece that says that it is the last has text only where the pieces before it do not hold.
            if (_hasAnswer || task.IsReset) frames.Data(Before(call, task.Id, append: !task.IsReset, last: true), task.IsReset ? completed.Text : "", "}]}}}}"u8);
            if (completed.OpenCalls is { Count: > 0 } open) Artifact(frames, json => A2AJson.Open(json, open));
        }
        Status(frames, end);
    }

    private void Reasoned(TurnEvent next, SseWriter frames)
    {
        if (task.Reasoning.Length == 0) return;
        if (task.Asked.Count == 0) Told(frames, next, "reasoning", task.Reasoning.ToString(), null);
        task.Reasoning.Clear();
    }

    private void Told(SseWriter frames, TurnEvent at, string type, string text, (string, string)? call)
    {
        var json = BeginUpdate(frames, "statusUpdate");
        json.WritePropertyName("status");
        A2AJson.Activity(json, task, at, type, text, call);
        EndUpdate(frames, json);
    }

    private void Status(SseWriter frames, TerminalEvent? end)
    {
        var json = BeginUpdate(frames, "statusUpdate");
        json.WritePropertyName("status");
        A2AJson.Status(json, task);
        if (end is not null) A2AJson.Metadata(json, end);
        EndUpdate(frames, json);
    }

    /// <summary>An artifact that comes whole.</summary>
    private void Artifact(SseWriter frames, Action<Utf8JsonWriter> artifact)
    {
        var json = BeginUpdate(frames, "artifactUpdate");
        json.WriteBoolean("lastChunk", true);
        json.WritePropertyName("artifact");
        artifact(json);
        EndUpdate(frames, json);
    }

    private Utf8JsonWriter BeginUpdate(SseWriter frames, string kind)
    {
        var json = Begin(frames, kind);
        json.WriteStartObject();
        Names(json, task.Id);
        return json;
    }

    private static void EndUpdate(SseWriter frames, Utf8JsonWriter json)
    {
        json.WriteEndObject();
        End(frames, json);
    }

    private Utf8JsonWriter Begin(SseWriter frames, string kind)
    {
        var json = frames.BeginData();
        BeginResult(json, call, kind);
        return json;
    }

    private static void End(SseWriter frames, Utf8JsonWriter json)
    {
        json.WriteEndObject();
        json.WriteEndObject();
        frames.EndData();
    }

    private static void BeginResult(Utf8JsonWriter json, A2ACall call, string kind)
    {
        json.WriteStartObject();
        A2ACall.WriteHead(json, call);
        json.WriteStartObject("result");
        json.WritePropertyName(kind);
    }

    private static void Names(Utf8JsonWriter json, A2ATaskId id)
    {
        json.WriteString("taskId", id.ToString());
        json.WriteString("contextId", id.Key);
    }

    /// <summary>What stands before the text of a piece of the answer; after it all that is open is closed.</summary>
    private static byte[] Before(A2ACall call, A2ATaskId id, bool append, bool last = false)
    {
        var bytes = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(bytes, SseWriter.JsonOptions);
        BeginResult(json, call, "artifactUpdate");
        json.WriteStartObject();
        Names(json, id);
        if (append) json.WriteBoolean("append", true);
        if (last) json.WriteBoolean("lastChunk", true);
        json.WritePropertyName("artifact");
        A2AJson.BeginArtifact(json, A2AJson.Answer);
        json.WriteStartObject();
        json.WritePropertyName("text");
        json.Flush();
        return bytes.WrittenSpan.ToArray();
    }
}
