using System.Diagnostics;
using Microsoft.Extensions.AI;

namespace ActorAgents;

// The calls of a step, and what follows from them. All of it is the owner's.
internal sealed partial class TurnLoop
{
    public bool MayStartTools => !_afterStep;

    public ToolRound NewRound(Activity? activity)
    {
        var round = new ToolRound(_turn, _node, _kind, _limits, _grant!.Agent, _chat!.Clone(), activity);
        Volatile.Write(ref _round, round);
        return round;
    }

    /// <summary>Whether a call of an earlier step has the id, or one that came with the input. Not asked where the provider has those, and knows them by its own ids.</summary>
    public bool HasCalled(string callId)
    {
        if (_chat!.ConversationId is not null) return false;
        foreach (var message in _messages!)
            foreach (var content in message.Contents)
                if (content is FunctionCallContent call && call.CallId == callId) return true;
        return false;
    }

    /// <summary>Decides what becomes of a call: it runs, waits for a person, stays open, or fails at once.</summary>
    public TurnEvent? Dispatch(ToolRound round, FunctionCallContent call)
    {
        var tool = ToolSet.Find(_chat!.Tools, call.Name);
        var open = !_lastStep && (tool is AIFunctionDeclaration and not AIFunction || tool is null && _kind.Definition.EndOnUnknownTool);
        var refusal = open ? null : Refusal();
        var guarded = !open && refusal is null && tool!.GetService<ApprovalRequiredAIFunction>() is not null;
        var run = new ToolRun(round, call, tool as AIFunction, guarded ? Guid.NewGuid().ToString("N") : null) { IsOpen = open };
        if (guarded) Volatile.Write(ref _asked, [.. _asked, run.RequestId!]);
        round.Add(run);
        if (refusal is { } result) run.TryFinish(result);
        else if (!open) _calls++;
        return guarded ? new ApprovalRequested(run.CallId, run.RequestId!, run.Name, run.Arguments) : null;

        ToolResult? Refusal()
        {
            if (_lastStep) return ToolResult.Error("not run (limit).");
            if (call.Exception is { } bad) return ToolResult.Error($"the arguments of {call.Name} are not valid JSON: {bad.GetBaseException().Message}");
            if (tool is not AIFunction) return ToolResult.Error($"Requested function \"{call.Name}\" not found.");
            if (_calls < _limits.MaxToolCalls) return null;
            _limit = TurnLimit.ToolCalls;
            return ToolResult.Error("not run (limit).");
        }
    }

    private void RoundEnded()
    {
        var round = _step!.Tools!;
        var reason = _step.FinishReason;
        var runs = round.Runs.ToArray();
        var threw = runs.FirstOrDefault(run => run.Threw);
        _failingRounds = threw is null ? 0 : _failingRounds + 1;
        var fails = _failingRounds > _limits.MaxConsecutiveFailingRounds;
        if (fails) round.Close(); // Nobody is handed its open calls.
        var open = runs.Where(run => run.IsOpen && !run.IsDone).Select(run => new OpenToolCall(run.CallId, run.Name, run.Arguments)).ToArray();
        if (open.Length > 0 && !_turn.TryEnd()) return; // A stop came first: it gives the open calls, which nobody will be handed, their results.
        if (round.Results() is { } results) Add(results);
        Volatile.Write(ref _round, null);
        _step = null;
        round.Options.ConversationId = _chat!.ConversationId;
        _chat = round.Options.Clone(); // As the tools left it; what they do late changes nothing.
        _rounds++;
        if (round.RanAtProvider) Complete(reason); // The response is the answer: nothing of ours follows from it.
        else if (_lastStep) { _limit ??= TurnLimit.ToolRounds; Complete(ChatFinishReason.ToolCalls); }
        else if (fails) Fail(ToolsFailed(threw!, round.ShowDetails));
        else if (open.Length > 0) EndCompleted(ChatFinishReason.ToolCalls, open);
        else if (round.IsTerminated) Complete(ChatFinishReason.Stop);
        else if (_afterStep) _turn.Stop(InterruptReason.User);
        else if (_limits.MaxTurnTokens is { } most && _usage.TotalTokens >= most) { _limit = TurnLimit.TurnTokens; Complete(ChatFinishReason.Length); }
        else
        {
            if (_rounds >= _limits.MaxToolRounds) _limit ??= TurnLimit.ToolRounds;
            _phase = Phase.NextStep;
        }
    }

    private TurnError ToolsFailed(ToolRun last, bool withDetails) => new(TurnErrorKind.ToolsFailed,
        $"Tools failed in {_failingRounds} rounds in a row, the last one '{last.Name}'{(withDetails ? $": {last.Failure?.Message}" : ".")}") { Cause = last.Failure };
}
