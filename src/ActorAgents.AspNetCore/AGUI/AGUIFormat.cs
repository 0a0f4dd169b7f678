using System.Text.Json;

namespace ActorAgents.AspNetCore;

/// <summary>
/// A turn as events of AG-UI: a message per step, closed whenever something else begins and opened again under the same id. It serves all runs of its
/// turn, so that a call that one run showed is not begun again by the next. A run begins with the first thing there is to show.
/// </summary>
internal sealed class AGUIFormat(AGUITurn turn) : ToolCallFormat
{
    private readonly Dictionary<string, (string Step, int Uses)> _calls = []; // The id of the newest one's message, and how many there were, by the call's id.
    private readonly List<string> _openCalls = [];
    private readonly HashSet<string> _working = []; // Calls without a result.
    private readonly List<AGUIQuestion> _asked = [];
    private ShownCallIds _ids = new();
    private AGUIRun? _run;
    private TokenUsage _usage = TokenUsage.None;
    private JsonEncodedText _message, _thoughts, _open; // The step's message and reasoning; the one that is open, if any.
    private string _step = "";
    private int _count, _stretches;
    private bool _hasBegun, _inStep, _isLate;

    private AGUIRun Run => _run ?? throw new InvalidOperationException("No run has begun.");

    /// <summary>What is shown from here on belongs to another run.</summary>
    public void Begin(AGUIRun run) => (_run, _hasBegun, _usage) = (run, false, TokenUsage.None);

    /// <summary>The turn comes after this.</summary>
    /// <param name="ids">Those of the conversation so far.</param>
    /// <param name="lacking">What the client lacks of it.</param>
    public void Follow(ShownCallIds ids, AGUICatchUp? lacking) => (_ids, _run) = (ids, Run with { CatchUp = lacking });

    public bool IsBetweenSteps => !_inStep && _count > 0;

    /// <summary>The call that is heard of now, between two steps: it may be the next one's, or one that waited for its place or for its refusal. Null when it was shown.</summary>
    public string? FirstHeardOf(TurnEvent next) => ((next as ToolStarted)?.CallId ?? (next as ToolFinished)?.CallId) is { } call && !_working.Contains(call) ? call : null;

    /// <summary>Says to which of the two such a call belongs.</summary>
    /// <param name="uses">Calls of this id in all steps of the turn that are over.</param>
    public void Place(string call, int uses) => _isLate = uses > _calls.GetValueOrDefault(call).Uses;

    public override HttpError? Failure(TurnEvent next) => next is TurnInterrupted && turn.Refusal is { } refusal ? refusal : base.Failure(next);

    public override bool Withdraws => true;

    public override void Write(TurnEvent next, SseWriter frames)
    {
        WriteCalls(next, frames);
        switch (next)
        {
            case TextDelta { Text.Length: > 0 } text: Delta(next, frames, text.Text, isText: true); break;
            case ReasoningDelta { Text.Length: > 0 } reasoning: Delta(next, frames, reasoning.Text, isText: false); break;
            case ContentAdded: Custom(next, frames, "content"); break;
            case ToolProgress: Custom(next, frames, "tool-progress"); break;
            case ToolStarted started:
                Answered(started.CallId);
                BeginRun(frames); // The first sign of a run that brought an approval.
                break;
            case ToolFinished finished:
                _working.Remove(finished.CallId);
                Answered(finished.CallId);
                BeginRun(frames);
                AGUIEvents.Result(frames, AGUIHistory.ResultId(_calls[finished.CallId].Step, finished.CallId), _ids.Last(finished.CallId), finished);
                break;
            case ApprovalRequested asked: _asked.Add(new(asked, _ids.Last(asked.CallId), turn.Expiry())); break;
            case StepFinished step: StepEnded(next, frames, step); break;
            case Reset reset: // Clients keep what is taken back, for which the protocol has no word. A question is withdrawn with its call.
                _asked.RemoveAll(question => question.Call.Seq > reset.FromSeq);
                Close(frames);
                break;
            case TerminalEvent end: End(frames, end); break;
        }
    }

    protected override void BeginCall(TurnEvent next, SseWriter frames, string callId, string tool)
    {
        // One that waited is its own step's, and so is one that is left to the client in the end.
        if (!_inStep && (_isLate || next is TurnCompleted)) BeginRun(frames);
        else BeginStep(next, frames);
        _isLate = false;
        CloseMessage(frames);
        _calls[callId] = (_step, _calls.GetValueOrDefault(callId).Uses + 1);
        _working.Add(callId);
        _openCalls.Add(callId);
        AGUIEvents.CallStart(frames, _ids.Next(callId), tool, _message);
    }

    protected override void CallArguments(TurnEvent next, SseWriter frames, string callId, string piece)
    {
        if (_openCalls.Contains(callId)) AGUIEvents.CallArguments(frames, _ids.Last(callId), piece);
    }

    protected override void CompleteCall(TurnEvent next, SseWriter frames, string callId, string tool, IReadOnlyDictionary<string, object?>? arguments)
    {
        if (_openCalls.Remove(callId)) AGUIEvents.CallEnd(frames, _ids.Last(callId)); // The end of an earlier run may have closed it.
    }

    private void Delta(TurnEvent next, SseWriter frames, string delta, bool isText)
    {
        if (_open.EncodedUtf8Bytes.IsEmpty || !_open.Equals(isText ? _message : _thoughts)) Open(next, frames, isText);
        AGUIEvents.Delta(frames, isText ? AGUIEvents.TextContent : AGUIEvents.ReasoningContent, _open, delta);
    }

    private void Open(TurnEvent next, SseWriter frames, bool isText)
    {
        BeginStep(next, frames);
        CloseMessage(frames);
        if (isText) AGUIEvents.Message(frames, AGUIEvents.TextStart, _open = _message, "assistant");
        else
        {
            _open = _thoughts = JsonEncodedText.Encode($"{_step}-r{++_stretches}");
            AGUIEvents.Message(frames, AGUIEvents.ReasoningStart, _thoughts);
            AGUIEvents.Message(frames, AGUIEvents.ReasoningMessageStart, _thoughts, "reasoning");
        }
    }

    private void CloseMessage(SseWriter frames)
    {
        if (_open.EncodedUtf8Bytes.IsEmpty) return;
        if (_open.Equals(_message)) AGUIEvents.Message(frames, AGUIEvents.TextEnd, _message);
        else
        {
            AGUIEvents.Message(frames, AGUIEvents.ReasoningMessageEnd, _thoughts);
            AGUIEvents.Message(frames, AGUIEvents.ReasoningEnd, _thoughts);
        }
        _open = default;
    }

    private void Custom(TurnEvent next, SseWriter frames, string name)
    {
        BeginRun(frames);
        AGUIEvents.Custom(frames, name, next);
    }

    private void BeginRun(SseWriter frames)
    {
        if (_hasBegun) return;
        _hasBegun = true;
        AGUIEvents.RunStarted(frames, Run);
        _run = Run with { CatchUp = null }; // A turn may wait for long.
    }

    private void BeginStep(TurnEvent next, SseWriter frames)
    {
        if (_inStep) return;
        BeginRun(frames);
        (_inStep, _stretches) = (true, 0);
        _step = AGUIHistory.StepId(next.Turn, ++_count);
        _message = JsonEncodedText.Encode(_step);
        AGUIEvents.Step(frames, AGUIEvents.StepStarted, _count);
    }

    private void StepEnded(TurnEvent next, SseWriter frames, StepFinished step)
    {
        BeginStep(next, frames);
        CloseStep(frames);
        _usage = _usage.Plus(step.Usage);
        // Every call of the step has been heard of by now, so that one run asks all of its questions.
        if (_asked.Count > 0) Pause(next, frames);
    }

    private void Pause(TurnEvent next, SseWriter frames)
    {
        Close(frames);
        AGUIEvents.RunInterrupted(frames, Run, _usage, _asked);
        turn.Pause(next.Turn, [.. _asked.Select(question => question.Call.RequestId)], _asked.Min(question => question.Expiry));
    }

    private void Answered(string callId) => _asked.RemoveAll(question => question.Call.CallId == callId);

    private void End(SseWriter frames, TerminalEvent end)
    {
        BeginRun(frames);
        if (end is TurnCompleted or TurnInterrupted) Close(frames); // An error ends what is open.
        switch (end)
        {
            // A run that a limit stopped is no success by the protocol, and no failure.
            case TurnCompleted { LimitReached: null } completed: AGUIEvents.RunSucceeded(frames, Run, _usage, completed.OpenCalls?.Select(call => _ids.Last(call.CallId))); break;
            case TurnCompleted: AGUIEvents.RunCancelled(frames, Run, _usage); break;
            default:
                var error = Failure(end)!;
                if (end is TurnInterrupted && error.Code == "interrupted") AGUIEvents.RunCancelled(frames, Run, _usage);
                else AGUIEvents.RunError(frames, error, _usage);
                break;
        }
    }

    private void CloseStep(SseWriter frames)
    {
        CloseMessage(frames);
        if (_inStep) AGUIEvents.Step(frames, AGUIEvents.StepFinished, _count);
        _inStep = false;
    }

    private void Close(SseWriter frames)
    {
        CloseStep(frames);
        foreach (var call in _openCalls) AGUIEvents.CallEnd(frames, _ids.Last(call));
        _openCalls.Clear();
    }
}

/// <summary>A call that waits for a person.</summary>
/// <param name="CallId">As the client has it.</param>
/// <param name="Expiry">Until when.</param>
internal sealed record AGUIQuestion(ApprovalRequested Call, string CallId, DateTimeOffset Expiry);

/// <summary>What the first and the last event of a run say of it.</summary>
/// <param name="Unknown">Interrupts that the client answered and nobody raised.</param>
/// <param name="CatchUp">What the client lacks of the conversation.</param>
internal sealed record AGUIRun(string ThreadId, string RunId, string? ParentRunId, IReadOnlyList<string> Unknown, AGUICatchUp? CatchUp = null);
