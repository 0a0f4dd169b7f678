using Microsoft.Extensions.AI;

namespace ActorAgents;

// A turn that ran in another process before. All of it is the owner's.
internal sealed partial class TurnLoop
{
    private readonly Resumption? _resumption;
    private Queue<TurnEvent>? _again; // What readers are told first.
    private string? _prefix;
    private bool _roundIsResumed;

    private void Resume(Resumption resumption)
    {
        (_seq, _usage, _calls, _rounds) = (resumption.Seq, resumption.Usage, resumption.Calls, resumption.Rounds);
        _again = new(resumption.Again);
        if (resumption.Seq == 0) return; // It had not begun.
        _text.Append(resumption.Text);
        _prefix = resumption.Prefix;
        _messages = [.. _input.Messages, .. resumption.Messages];
    }

    /// <summary>Goes on with the calls of the step that was over. False when there are none.</summary>
    private bool TryResumeRound()
    {
        if (_roundIsResumed || _resumption is not { Round: { Count: > 0 } calls }) return false;
        _roundIsResumed = true;
        var round = NewRound(_activity);
        foreach (var call in calls)
        {
            if (call.IsNew)
            {
                if (Dispatch(round, call.Call) is { } asked) (_again ??= new()).Enqueue(asked);
                continue;
            }
            if (call.RequestId is { } request) Volatile.Write(ref _asked, [.. _asked, request]);
            round.Add(call.Run(round, ToolSet.Find(_chat!.Tools, call.Call.Name) as AIFunction));
        }
        _step = new Step(this, round, _resumption.FinishReason);
        _phase = Phase.Tools;
        return true;
    }
}
