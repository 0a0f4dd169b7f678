using System.Text;
using System.Text.Json;

namespace ActorAgents.AspNetCore;

/// <summary>
/// A turn as the events of a response, numbered from 0. Calls of the agent's own tools run here and are not shown: a client would take a call for its own to
/// run. The same turn gives the same frames each time, so that those up to a number can be left out.
/// </summary>
/// <param name="atOnce">Whether the response is announced before its turn starts, and not only with what comes of it: until then a failure is a status.</param>
/// <param name="after">The number of the last frame that the reader has, of a response that is read again.</param>
internal sealed class ResponseFormat(ResponseState response, bool atOnce, long? after = null) : ToolCallFormat
{
    private static readonly JsonEncodedText Type = Encoded("type"), Number = Encoded("sequence_number"), ItemId = Encoded("item_id"),
        OutputIndex = Encoded("output_index"), ContentIndex = Encoded("content_index"), SummaryIndex = Encoded("summary_index"),
        Delta = Encoded("delta"), LogProbs = Encoded("logprobs");

    private static readonly FrameName Created = new("response.created"), InProgress = new("response.in_progress"),
        ItemAdded = new("response.output_item.added"), ItemDone = new("response.output_item.done"),
        Completed = new("response.completed"), Incomplete = new("response.incomplete"), Failed = new("response.failed"), Error = new("error"),
        CallDelta = new("response.function_call_arguments.delta"), CallDone = new("response.function_call_arguments.done");

    private static readonly PartNames Message = new("response.content_part", "response.output_text"),
        Refusal = new("response.content_part", "response.refusal"),
        Reasoning = new("response.reasoning_summary_part", "response.reasoning_summary_text");

    private long _next;

    private ResponseOutput Output => response.Output;

    protected override bool Shows(string tool) => response.IsCallers(tool);

    /// <summary>Takes a turn in and writes nothing.</summary>
    public static ResponseFormat Unseen(ResponseState response) => new(response, atOnce: false, long.MaxValue);

    public override void Open(SseWriter frames)
    {
        if (after is not null) frames.Comment("resumed"u8); // An answer, even when none of the frames is left; what it was asked is known once it runs.
        else if (atOnce) Create(frames);
    }

    public override HttpError? Failure(TurnEvent next) => ResponseState.FailureOf(next);

    public override void Write(TurnEvent next, SseWriter frames)
    {
        if (_next == 0 && (after is not null || next is not (TurnStarted or Retrying))) Create(frames);
        WriteCalls(next, frames);
        switch (next)
        {
            case TextDelta { Text.Length: > 0 } text: Say(frames, ItemKind.Message, text.Text); break;
            case ContentAdded { MediaType: "text/plain", Uri: null } refusal: Say(frames, ItemKind.Refusal, Encoding.UTF8.GetString(refusal.Data.Span)); break;
            case ReasoningDelta { Text.Length: > 0 } reasoning: Say(frames, ItemKind.Reasoning, reasoning.Text); break;
            case StepFinished: Close(frames, "completed"); break;
            case TerminalEvent end: End(frames, end); break;
        }
    }

    protected override void BeginCall(TurnEvent next, SseWriter frames, string callId, string tool)
    {
        Close(frames, "completed");
        Announce(frames, Output.Begin(ItemKind.Call, callId, tool));
    }

    protected override void CallArguments(TurnEvent next, SseWriter frames, string callId, string piece)
    {
        var call = Output.Call(callId);
        call.Append(piece);
        if (BeginFrame(frames, CallDelta, call) is not { } json) return;
        json.WriteString(Delta, piece);
        EndFrame(frames, json);
    }

    protected override void CompleteCall(TurnEvent next, SseWriter frames, string callId, string tool, IReadOnlyDictionary<string, object?>? arguments)
    {
        var call = Output.Call(callId);
        call.End("completed");
        if (BeginFrame(frames, CallDone, call) is { } json)
        {
            json.WriteString("name", tool);
            json.WriteString("arguments", call.Text);
            EndFrame(frames, json);
        }
        Finish(frames, call);
    }

    private void Create(SseWriter frames)
    {
        Lifecycle(frames, Created);
        Lifecycle(frames, InProgress);
    }

    private void Say(SseWriter frames, ItemKind kind, string text)
    {
        var names = NamesOf(kind);
        if (Output.Open?.Kind != kind)
        {
            Close(frames, "completed");
            var begun = Output.Begin(kind);
            Announce(frames, begun);
            Part(frames, names.PartAdded, begun, isNew: true);
        }
        var item = Output.Open!;
        item.Append(text);
        if (BeginPart(frames, names.Delta, item) is not { } json) return;
        json.WriteString(Delta, text);
        EndPart(frames, json, item);
    }

    private void Close(SseWriter frames, string status)
    {
        if (Output.Open is not { } item) return;
        Output.Close(status);
        var names = NamesOf(item.Kind);
        if (BeginPart(frames, names.Done, item) is { } json)
        {
            json.WriteString(item.TextName, item.Text);
            EndPart(frames, json, item);
        }
        Part(frames, names.PartDone, item, isNew: false);
        Finish(frames, item);
    }

    /// <summary>Of the clients some read only the error of a failed response, and some only the response.</summary>
    private void End(SseWriter frames, TerminalEvent end)
    {
        Close(frames, end is TurnCompleted ? "completed" : "incomplete");
        response.End(end, end.Usage);
        if (response.Error is { } error && BeginFrame(frames, Error) is { } json)
        {
            json.WriteString("code", ResponseState.CodeOf(error));
            json.WriteString("message", error.Message);
            json.WriteNull("param");
            EndFrame(frames, json);
        }
        Lifecycle(frames, response.Status switch { "completed" => Completed, "failed" => Failed, _ => Incomplete });
    }

    private void Announce(SseWriter frames, ResponseItem item) => Whole(frames, ItemAdded, item, isNew: true);

    private void Finish(SseWriter frames, ResponseItem item) => Whole(frames, ItemDone, item, isNew: false);

    private void Whole(SseWriter frames, FrameName name, ResponseItem item, bool isNew)
    {
        if (BeginFrame(frames, name) is not { } json) return;
        json.WriteNumber(OutputIndex, item.Index);
        json.WritePropertyName("item");
        item.Write(json, isNew);
        EndFrame(frames, json);
    }

    private void Lifecycle(SseWriter frames, FrameName name)
    {
        if (BeginFrame(frames, name) is not { } json) return;
        json.WritePropertyName("response");
        response.Write(json);
        EndFrame(frames, json);
    }

    private void Part(SseWriter frames, FrameName name, ResponseItem item, bool isNew)
    {
        if (BeginPart(frames, name, item) is not { } json) return;
        json.WritePropertyName("part");
        item.WritePart(json, isNew);
        EndFrame(frames, json);
    }

    private Utf8JsonWriter? BeginPart(SseWriter frames, FrameName name, ResponseItem item)
    {
        var json = BeginFrame(frames, name, item);
        json?.WriteNumber(item.Kind == ItemKind.Reasoning ? SummaryIndex : ContentIndex, 0);
        return json;
    }

    private static void EndPart(SseWriter frames, Utf8JsonWriter json, ResponseItem item)
    {
        if (item.Kind == ItemKind.Message)
        {
            json.WriteStartArray(LogProbs);
            json.WriteEndArray();
        }
        EndFrame(frames, json);
    }

    private Utf8JsonWriter? BeginFrame(SseWriter frames, FrameName name, ResponseItem item)
    {
        var json = BeginFrame(frames, name);
        json?.WriteString(ItemId, item.Id);
        json?.WriteNumber(OutputIndex, item.Index);
        return json;
    }

    /// <summary>Null for a frame that the reader has.</summary>
    private Utf8JsonWriter? BeginFrame(SseWriter frames, FrameName name)
    {
        var number = _next++;
        if (number <= after) return null;
        frames.Event(name.Line);
        var json = frames.BeginData();
        json.WriteStartObject();
        json.WriteString(Type, name.Json);
        json.WriteNumber(Number, number);
        return json;
    }

    private static void EndFrame(SseWriter frames, Utf8JsonWriter json)
    {
        json.WriteEndObject();
        frames.EndData();
    }

    private static PartNames NamesOf(ItemKind kind) => kind switch { ItemKind.Message => Message, ItemKind.Refusal => Refusal, _ => Reasoning };

    private static JsonEncodedText Encoded(string text) => JsonEncodedText.Encode(text);

    private sealed class FrameName(string name)
    {
        public readonly byte[] Line = Encoding.ASCII.GetBytes(name);
        public readonly JsonEncodedText Json = Encoded(name);
    }

    private sealed class PartNames(string part, string text)
    {
        public readonly FrameName PartAdded = new(part + ".added"), PartDone = new(part + ".done"), Delta = new(text + ".delta"), Done = new(text + ".done");
    }
}
