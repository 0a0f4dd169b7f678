using System.IO.Pipelines;
using System.Text;
using System.Text.Json;

namespace ActorAgents.AspNetCore;

/// <summary>
/// A turn as chunks of a UI message. Nothing is written before the turn says something, so that one that fails at once is answered with a status. Calls of
/// tools that run on the server are marked as executed by the provider; those of tools that are only declared are the client's to run.
/// </summary>
/// <param name="messageId">The message that the answer adds to; null for one of its own, which has the turn's id.</param>
/// <param name="events">What is shown, which may end before the turn does.</param>
internal sealed class UIMessageFormat(string? messageId, UntilAsked events) : ToolCallFormat
{
    private readonly UIMessageChunks _chunks = new(messageId);
    private readonly Dictionary<string, string> _asked = []; // Approvals that are not answered, by call.
    private readonly HashSet<string> _running = [];
    private IReadOnlyList<TurnEvent> _earlier = [];
    private bool _isEarlier;

    /// <summary>Whether the end of the response was written.</summary>
    public bool IsDone { get; private set; }

    /// <summary>What the client has: it is not shown, and what follows goes on from there.</summary>
    public void Skip(IEnumerable<TurnEvent> seen)
    {
        var nowhere = PipeWriter.Create(Stream.Null);
        using (var frames = new SseWriter(nowhere))
            foreach (var next in seen) Write(next, frames);
        nowhere.Complete();
        _chunks.StartAnew();
    }

    /// <summary>What comes before the turn in the same message: the ended turns that it goes on from.</summary>
    public void Precede(IReadOnlyList<TurnEvent> earlier) => _earlier = earlier;

    public override void Open(SseWriter frames)
    {
        _isEarlier = true;
        foreach (var next in _earlier) Write(next, frames);
        _isEarlier = false;
    }

    public override void Write(TurnEvent next, SseWriter frames)
    {
        WriteCalls(next, frames);
        switch (next)
        {
            case TextDelta { Text.Length: > 0 } text: _chunks.Piece(frames, next, UIMessageChunks.Text, text.Text); break;
            case ReasoningDelta { Text.Length: > 0 } reasoning: _chunks.Piece(frames, next, UIMessageChunks.Reasoning, reasoning.Text); break;
            case ContentAdded content: Content(content, frames); break;
            case ApprovalRequested asked: Ask(asked, frames); break;
            case ToolStarted started:
                _running.Add(started.CallId);
                Answered(started, frames, started.CallId, approved: true);
                break;
            case ToolProgress progress: Output(progress, frames, progress.CallId, progress.Value, isPreliminary: true); break;
            case ToolFinished finished: Finished(finished, frames); break;
            case StepFinished: _chunks.StepEnds(frames, next); break;
            case Reset:
                _chunks.ResetStep(frames);
                _asked.Clear();
                _running.Clear();
                break;
            case TerminalEvent when _isEarlier: _chunks.EndStep(frames); break;
            case TerminalEvent ended: Ended(ended, frames); break;
        }
        if (events.EndHere && !_isEarlier) Finish(next, frames, "tool-calls", null);
    }

    protected override void BeginCall(TurnEvent next, SseWriter frames, string callId, string tool)
    {
        _chunks.EndBlock(frames, next);
        var isOfLastStep = _chunks.StepIsOver && (_running.Count > 0 || next is TurnCompleted); // It waited for others to run, or is the client's.
        if (!isOfLastStep) _chunks.BeginStep(frames, next);
        var json = BeginOfCall(next, frames, "tool-input-start", callId);
        json.WriteString("toolName", tool);
        UIMessageChunks.End(frames, json);
    }

    protected override void CallArguments(TurnEvent next, SseWriter frames, string callId, string piece)
    {
        var json = BeginOfCall(next, frames, "tool-input-delta", callId);
        json.WriteString("inputTextDelta", piece);
        UIMessageChunks.End(frames, json);
    }

    protected override void CompleteCall(TurnEvent next, SseWriter frames, string callId, string tool, IReadOnlyDictionary<string, object?>? arguments)
    {
        var json = BeginOfCall(next, frames, "tool-input-available", callId);
        json.WriteString("toolName", tool);
        json.WritePropertyName("input");
        if (arguments is null) json.WriteNullValue();
        else ToolArguments.Write(json, arguments);
        if (next is not TurnCompleted) json.WriteBoolean("providerExecuted", true);
        UIMessageChunks.End(frames, json);
    }

    /// <summary>Images and files as they are; what a model says in place of an answer, such as a refusal, as text.</summary>
    private void Content(ContentAdded content, SseWriter frames)
    {
        if (content is { MediaType: "text/plain", Uri: null })
        {
            _chunks.Piece(frames, content, UIMessageChunks.Text, Encoding.UTF8.GetString(content.Data.Span));
            return;
        }
        _chunks.EndBlock(frames, content);
        _chunks.BeginStep(frames, content);
        var json = _chunks.Begin(frames, content, "file");
        json.WriteString("mediaType", content.MediaType);
        json.WriteString("url", content.Uri?.Escaped() ?? $"data:{content.MediaType};base64,{Convert.ToBase64String(content.Data.Span)}");
        UIMessageChunks.End(frames, json);
    }

    private void Ask(ApprovalRequested asked, SseWriter frames)
    {
        _asked[asked.CallId] = asked.RequestId;
        var json = BeginOfCall(asked, frames, "tool-approval-request", asked.CallId);
        json.WriteString("approvalId", asked.RequestId);
        UIMessageChunks.End(frames, json);
    }

    /// <summary>Says what the answer to a request was, which who gave it may take twice and others need. False when the call needed none.</summary>
    private bool Answered(TurnEvent next, SseWriter frames, string callId, bool approved)
    {
        if (!_asked.Remove(callId, out var request)) return false;
        var json = _chunks.Begin(frames, next, "tool-approval-response");
        json.WriteString("approvalId", request);
        json.WriteBoolean("approved", approved);
        UIMessageChunks.End(frames, json);
        return true;
    }

    private void Finished(ToolFinished finished, SseWriter frames)
    {
        _running.Remove(finished.CallId);
        if (Answered(finished, frames, finished.CallId, approved: false)) UIMessageChunks.End(frames, BeginOfCall(finished, frames, "tool-output-denied", finished.CallId));
        else if (finished.Outcome == ToolOutcome.Succeeded) Output(finished, frames, finished.CallId, finished.Result, isPreliminary: false);
        else
        {
            var json = BeginOfCall(finished, frames, "tool-output-error", finished.CallId);
            json.WriteString("errorText", finished.Result);
            UIMessageChunks.End(frames, json);
        }
    }

    private void Output(TurnEvent next, SseWriter frames, string callId, string output, bool isPreliminary)
    {
        var json = BeginOfCall(next, frames, "tool-output-available", callId);
        json.WritePropertyName("output");
        UIMessageOutput.Write(json, output);
        if (isPreliminary) json.WriteBoolean("preliminary", true);
        UIMessageChunks.End(frames, json);
    }

    private void Ended(TerminalEvent ended, SseWriter frames)
    {
        switch (ended)
        {
            case TurnCompleted completed:
                Finish(ended, frames, ChatCompletionJson.FinishReason(completed).Replace('_', '-'), completed.Usage);
                break;
            case TurnInterrupted { Reason: InterruptReason.User or InterruptReason.Caller or InterruptReason.ReaderGone or InterruptReason.Replaced } interrupted:
                _chunks.EndBlock(frames, ended);
                var abort = _chunks.Begin(frames, ended, "abort");
                abort.WriteString("reason", JsonNamingPolicy.CamelCase.ConvertName(interrupted.Reason.ToString()));
                UIMessageChunks.End(frames, abort);
                Finish(ended, frames, "interrupted", ended.Usage); // After this reason a client sends nothing by itself.
                break;
            default:
                _chunks.EndBlock(frames, ended);
                var json = _chunks.Begin(frames, ended, "error");
                json.WriteString("errorText", HttpErrors.Of(ended)!.Message);
                UIMessageChunks.End(frames, json);
                UIMessageChunks.Done(frames);
                IsDone = true;
                break;
        }
    }

    private void Finish(TurnEvent next, SseWriter frames, string reason, TokenUsage? usage)
    {
        _chunks.Finish(frames, next, reason, usage);
        IsDone = true;
    }

    private Utf8JsonWriter BeginOfCall(TurnEvent next, SseWriter frames, string type, string callId)
    {
        var json = _chunks.Begin(frames, next, type);
        json.WriteString("toolCallId", callId);
        return json;
    }
}
