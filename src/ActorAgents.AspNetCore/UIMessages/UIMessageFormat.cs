using System.Text;
using System.Text.Json;

namespace ActorAgents.AspNetCore;

/// <summary>
/// A turn as chunks of a UI message. Nothing is written before the turn says something, so that one that fails at once is answered with a status. Calls of
/// tools that run on the server are marked as executed by the provider; those of tools that are only declared are the client's to run.
/// </summary>
/// <param name="turn">The turn that answers. Events of others are those of an earlier part of the message.</param>
/// <param name="events">What is shown, which may end before the turn does.</param>
internal sealed class UIMessageFormat(TurnId turn, UntilAsked events) : ToolCallFormat
{
    private readonly UIMessageChunks _chunks = new();
    private readonly Dictionary<string, StringBuilder> _arguments = []; // Of calls that are not complete.
    private SseWriter? _nowhere;
    private TurnEvent? _skipped;
    private IReadOnlySet<string> _settled = new HashSet<string>();

    public TurnId Turn => turn;

    /// <summary>Whether the end of the response was written.</summary>
    public bool IsDone { get; private set; }

    /// <summary>The ids of the calls before, and of those that were shown.</summary>
    public ShownCallIds Ids { get; private set; } = new();

    /// <param name="before">The turns before those that are shown.</param>
    /// <param name="messageId">The message that the answer adds to; null for one of its own.</param>
    public void Follow(IEnumerable<KeptTurn> before, string? messageId) => (Ids, _chunks.MessageId) = (ShownCallIds.Of(before), messageId);

    /// <summary>What comes next is of an earlier turn, after which the client gave the results of these calls.</summary>
    public void Settle(IReadOnlySet<string> settled) => _settled = settled;

    /// <summary>What the client has: it is not shown, and what follows goes on from there.</summary>
    public void Skip(TurnEvent seen) => Write(_skipped = seen, _nowhere ??= new SseWriter(new Nowhere()));

    /// <summary>All was skipped.</summary>
    public void SkipEnds(UIMessageSeen seen)
    {
        if (_nowhere is null) return;
        CompleteBegun(_skipped!, _nowhere, call => seen.HasInputOf(Ids.Last(call)) ? Arguments(call) : null);
        _nowhere.Dispose();
        _nowhere = null;
        _chunks.StartAnew();
    }

    public override bool EndsWith(TurnEvent next) => IsDone;

    public override void Write(TurnEvent next, SseWriter frames)
    {
        WriteCalls(next, frames);
        switch (next)
        {
            case TextDelta { Text.Length: > 0 } text: _chunks.Piece(frames, next, UIMessageChunks.Text, text.Text); break;
            case ReasoningDelta { Text.Length: > 0 } reasoning: _chunks.Piece(frames, next, UIMessageChunks.Reasoning, reasoning.Text); break;
            case ContentAdded content: Content(content, frames); break;
            case ApprovalRequested asked: Ask(asked, frames); break;
            case ToolStarted started: Answered(started, frames, approved: true); break;
            case ToolProgress progress: Output(progress, frames, progress.CallId, progress.Value, isPreliminary: true); break;
            case ToolFinished finished: Finished(finished, frames); break;
            case StepFinished: _chunks.StepEnds(frames, next); break;
            case TerminalEvent when IsEarlier(next): _chunks.EndStep(frames); break;
            case TerminalEvent ended: Ended(ended, frames); break;
        }
        if (!events.EndHere) return;
        // Nothing runs, and the agent's own calls have begun to wait or are over: what is left is the client's, which must have run it before it answers.
        CompleteBegun(next, frames, Arguments);
        Finish(next, frames, "tool-calls", null);
    }

    private bool IsEarlier(TurnEvent next) => next.Turn != turn;

    private Dictionary<string, object?>? Arguments(string callId) => ToolArguments.Parse(_arguments[callId].ToString());

    protected override void BeginCall(TurnEvent next, SseWriter frames, string callId, string tool)
    {
        _chunks.EndBlock(frames, next);
        var isOfLastStep = _chunks.StepIsOver && (events.Questions.OthersRun(callId) || next is TurnCompleted); // It waited for others to run, or is the client's.
        if (!isOfLastStep) _chunks.BeginStep(frames, next);
        Ids.Next(callId);
        _arguments[callId] = new();
        var json = BeginOfCall(next, frames, "tool-input-start", callId);
        json.WriteString("toolName", tool);
        UIMessageChunks.End(frames, json);
    }

    protected override void CallArguments(TurnEvent next, SseWriter frames, string callId, string piece)
    {
        if (_arguments.TryGetValue(callId, out var all)) all.Append(piece);
        var json = BeginOfCall(next, frames, "tool-input-delta", callId);
        json.WriteString("inputTextDelta", piece);
        UIMessageChunks.End(frames, json);
    }

    protected override void CompleteCall(TurnEvent next, SseWriter frames, string callId, string tool, IReadOnlyDictionary<string, object?>? arguments)
    {
        _arguments.Remove(callId);
        // One that waits for an approval counts as the client's until it is answered, or a page whose own tool ran beside it would go on without the answer.
        if (next is ApprovalRequested) return;
        var isClients = next is TurnCompleted || events.EndHere;
        if (isClients && IsEarlier(next) && _settled.Contains(callId)) return; // The client would run it once more.
        var json = BeginOfCall(next, frames, "tool-input-available", callId);
        json.WriteString("toolName", tool);
        json.WritePropertyName("input");
        if (arguments is null) json.WriteNullValue();
        else ToolArguments.Write(json, arguments);
        if (!isClients) json.WriteBoolean("providerExecuted", true);
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
        var json = BeginOfCall(asked, frames, "tool-approval-request", asked.CallId);
        json.WriteString("approvalId", asked.RequestId);
        UIMessageChunks.End(frames, json);
    }

    /// <summary>Says what the answer to a request was, which who gave it may take twice and others need. False when the call needed none.</summary>
    private bool Answered(TurnEvent next, SseWriter frames, bool approved)
    {
        if (events.Questions.Answered is not { } request) return false;
        var json = _chunks.Begin(frames, next, "tool-approval-response");
        json.WriteString("approvalId", request);
        json.WriteBoolean("approved", approved);
        json.WriteBoolean("providerExecuted", true);
        UIMessageChunks.End(frames, json);
        return true;
    }

    private void Finished(ToolFinished finished, SseWriter frames)
    {
        if (Answered(finished, frames, approved: false)) UIMessageChunks.End(frames, BeginOfCall(finished, frames, "tool-output-denied", finished.CallId));
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
        json.WriteString("toolCallId", Ids.Last(callId));
        return json;
    }
}
