namespace ActorAgents.Pages;

/// <summary>The tool calls among the parts of one answer.</summary>
internal sealed class ToolParts(List<AnswerPart> parts)
{
    public void Write(ToolCallDelta delta)
    {
        var call = parts.OfType<ToolPart>().LastOrDefault(c => c.State == ToolPartState.Written
            && (c.CallId is null || delta.CallId is null ? c.Index == delta.Index : c.CallId == delta.CallId));
        if (call is null) parts.Add(call = new ToolPart { Index = delta.Index });
        call.CallId ??= delta.CallId;
        if (delta.Name is { } name) call.Tool = name;
        call.Written.Append(delta.Piece);
    }

    public void Ask(ApprovalRequested asked)
    {
        var call = Of(asked.CallId, asked.Tool);
        (call.State, call.RequestId, call.Arguments) = (ToolPartState.AwaitsApproval, asked.RequestId, Wording.Of(asked.Arguments));
    }

    public void Start(ToolStarted started)
    {
        var call = Of(started.CallId, started.Tool);
        (call.State, call.Arguments) = (ToolPartState.Running, Wording.Of(started.Arguments));
    }

    public void Progress(ToolProgress progress) => Of(progress.CallId, progress.Tool).Progress = progress.Value;

    public void Finish(ToolFinished finished)
    {
        var call = Of(finished.CallId, finished.Tool);
        (call.State, call.Result, call.Outcome, call.Duration) = (ToolPartState.Ended, finished.Result, finished.Outcome, finished.Duration);
    }

    /// <summary>The turn ended: what has not finished never will.</summary>
    public void End(IReadOnlyList<OpenToolCall> open)
    {
        foreach (var left in open)
        {
            var call = Of(left.CallId, left.Tool);
            (call.State, call.Arguments) = (ToolPartState.Open, Wording.Of(left.Arguments));
        }
        foreach (var call in parts.OfType<ToolPart>())
            if (call.State < ToolPartState.Ended) (call.State, call.Outcome) = (ToolPartState.Ended, ToolOutcome.Cancelled);
    }

    /// <summary>The call of that id; a call that was written without one and had no id yet becomes it; else a new one.</summary>
    private ToolPart Of(string callId, string tool)
    {
        var calls = parts.OfType<ToolPart>();
        var call = calls.LastOrDefault(c => c.CallId == callId)
            ?? calls.FirstOrDefault(c => c.CallId is null && c.State == ToolPartState.Written && (c.Tool == tool || c.Tool == ""));
        if (call is null) parts.Add(call = new ToolPart());
        (call.CallId, call.Tool) = (callId, tool);
        return call;
    }
}
