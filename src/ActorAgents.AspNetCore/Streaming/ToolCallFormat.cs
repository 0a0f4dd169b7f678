namespace ActorAgents.AspNetCore;

/// <summary>
/// A format that shows tool calls. However a provider hands a call over, in pieces or whole, and whoever is to run it: it begins once, its arguments follow
/// as text that joins to one JSON object, and it is complete once, before its result.
/// </summary>
internal abstract class ToolCallFormat : TurnFormat
{
    private readonly List<Shown> _calls = [];
    private Dictionary<int, string>? _early; // Pieces that came before their call had a name and an id, by its index in the step.

    /// <summary>Which calls are shown, by the name of the tool; those that are left open always are, since nobody else would run them.</summary>
    protected virtual bool Shows(string tool) => true;

    protected abstract void BeginCall(TurnEvent next, SseWriter frames, string callId, string tool);

    /// <param name="piece">Never empty.</param>
    protected abstract void CallArguments(TurnEvent next, SseWriter frames, string callId, string piece);

    /// <summary>All arguments were shown. They are absent of a call that was refused before anybody could read them.</summary>
    protected virtual void CompleteCall(TurnEvent next, SseWriter frames, string callId, string tool, IReadOnlyDictionary<string, object?>? arguments) { }

    /// <summary>Completes the calls that have begun, where it is known that no more of their arguments comes.</summary>
    /// <param name="argumentsOf">Those of a call; null leaves it as it is.</param>
    protected void CompleteBegun(TurnEvent next, SseWriter frames, Func<string, IReadOnlyDictionary<string, object?>?> argumentsOf)
    {
        foreach (var call in _calls)
        {
            if (call.IsComplete || !call.HasArguments || argumentsOf(call.Id) is not { } arguments) continue;
            call.IsComplete = true;
            CompleteCall(next, frames, call.Id, call.Tool, arguments);
        }
    }

    /// <summary>A call's place among those shown, from 0.</summary>
    protected int IndexOf(string callId) => _calls.FindLastIndex(call => call.Id == callId);

    /// <summary>Writes what the event tells of calls: all but their progress and results. Nothing for most events.</summary>
    protected void WriteCalls(TurnEvent next, SseWriter frames)
    {
        switch (next)
        {
            case ToolCallDelta delta: Piece(frames, delta); break;
            case ToolStarted started: Whole(next, frames, started.CallId, started.Tool, started.Arguments); break;
            case ApprovalRequested asked: Whole(next, frames, asked.CallId, asked.Tool, asked.Arguments); break;
            case ToolFinished finished: Whole(next, frames, finished.CallId, finished.Tool, null); break; // One that never started.
            case StepFinished: _early = null; break;
            case TurnCompleted { OpenCalls: { } open }:
                foreach (var call in open) Whole(next, frames, call.CallId, call.Tool, call.Arguments, isOpen: true);
                break;
        }
    }

    private void Piece(SseWriter frames, ToolCallDelta delta)
    {
        if (delta is not { CallId: { } id, Name: { } tool })
        {
            _early ??= [];
            _early[delta.Index] = _early.GetValueOrDefault(delta.Index) + delta.Piece;
            return;
        }
        if (!Shows(tool)) return;
        var piece = _early?.Remove(delta.Index, out var early) == true ? early + delta.Piece : delta.Piece;
        Arguments(delta, frames, Begun(delta, frames, id, tool), piece);
    }

    private void Whole(TurnEvent next, SseWriter frames, string callId, string tool, IReadOnlyDictionary<string, object?>? arguments, bool isOpen = false)
    {
        if (!isOpen && !Shows(tool)) return;
        var call = Begun(next, frames, callId, tool);
        if (!call.IsComplete)
        {
            if (!call.HasArguments && arguments is not null) Arguments(next, frames, call, ToolArguments.ToText(arguments));
            call.IsComplete = true;
            CompleteCall(next, frames, callId, tool, arguments);
        }
        call.IsOver = next is ToolFinished;
    }

    /// <summary>Some providers use the ids of one step again in the next: a call that has its result is another.</summary>
    private Shown Begun(TurnEvent next, SseWriter frames, string callId, string tool)
    {
        if (_calls.FindLast(call => call.Id == callId) is { IsOver: false } known) return known;
        var begun = new Shown(callId, tool);
        _calls.Add(begun);
        BeginCall(next, frames, callId, tool);
        return begun;
    }

    private void Arguments(TurnEvent next, SseWriter frames, Shown call, string piece)
    {
        if (piece.Length == 0) return;
        call.HasArguments = true;
        CallArguments(next, frames, call.Id, piece);
    }

    private sealed class Shown(string id, string tool)
    {
        public readonly string Id = id, Tool = tool;
        public bool HasArguments, IsComplete, IsOver;
    }
}
