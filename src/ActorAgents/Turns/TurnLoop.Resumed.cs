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
        (_usage, _calls, _rounds) = (resumption.Usage, resumption.Calls, resumption.Rounds);
        _again = new(resumption.Again);
        _afterStep = resumption.StopsAfterStep;
        if (resumption.Seq == 0) return; // It had not begun.
        if (_rounds >= _limits.MaxToolRounds) (_limit, _lastStep) = (TurnLimit.ToolRounds, true);
        _prefix = resumption.Prefix;
        _messages = [.. _input.Messages, .. resumption.Messages];
        _asked = [.. resumption.Round.Select(call => call.RequestId).OfType<string>()];
        _ahead = resumption.Round.Where(call => call.Waits).ToDictionary(call => call.RequestId!, _ => (Given?)null);
    }

    private sealed record Given(bool Approved, string? Reason);

    /// <summary>The requests that wait since an earlier process, and what was answered until their calls are here again; itself the lock. Null afterwards.</summary>
    private Dictionary<string, Given?>? _ahead;

    private bool AsksAgain(string requestId)
    {
        if (_ahead is not { } ahead) return false;
        lock (ahead) return ahead.TryGetValue(requestId, out var answer) && answer is null && _ahead is not null;
    }

    private bool AnswerAhead(string requestId, bool approved, string? reason)
    {
        if (_ahead is not { } ahead) return false;
        lock (ahead)
        {
            if (_ahead is null || !ahead.TryGetValue(requestId, out var answer) || answer is not null) return false;
            ahead[requestId] = new(approved, reason);
            return true;
        }
    }

    /// <summary>Ends the turn where only its end was missing.</summary>
    private bool TryEndResumed()
    {
        if (_resumption is not { IsAnswered: true }) return false;
        Complete(_resumption.FinishReason);
        return true;
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
            round.Add(call.Run(round, ToolSet.Find(_chat!.Tools, call.Call.Name) as AIFunction));
        }
        lock (_ahead!)
        {
            foreach (var (request, answer) in _ahead) if (answer is not null) round.Answer(request, answer.Approved, answer.Reason);
            _ahead = null;
        }
        _step = new Step(_turn, round, _resumption.FinishReason);
        _phase = Phase.Tools;
        return true;
    }
}
