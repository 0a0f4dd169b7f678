namespace ActorAgents.RaceTests;

// Those who want the turn to end.
internal sealed partial class RaceTurn
{
    private async Task StopLaterAsync(StopAt stop)
    {
        if (stop.Delay > 0) await Task.Delay(stop.Delay).ConfigureAwait(false);
        else Thread.SpinWait(number % 500);
        switch (stop.By)
        {
            case StopBy.Token: _caller.Cancel(); break;
            case StopBy.Handle: StopByHandle(); break;
            case StopBy.Id: await StopByIdAsync().ConfigureAwait(false); break;
            case StopBy.TwoAtOnce: await Task.WhenAll(Task.Run(StopByHandle), StopByIdAsync(), Task.Run(StopByHandle)).ConfigureAwait(false); break;
            case StopBy.Abort: _abort?.Invoke(); break;
            case StopBy.AfterStep:
                _afterStep = true;
                await Agent.InterruptAsync(Id, InterruptMode.AfterStep).ConfigureAwait(false);
                break;
        }
    }

    private Action? _abort;

    private void StopByHandle()
    {
        if (_stopByHandle?.Invoke() == true) Interlocked.Increment(ref _stopped);
    }

    private async Task StopByIdAsync()
    {
        if (await Agent.InterruptAsync(Id).ConfigureAwait(false)) Interlocked.Increment(ref _stopped);
    }

    /// <summary>Stops the turn however long it takes.</summary>
    private async Task InsistAsync()
    {
        while (!_over)
        {
            await Task.Delay(1 + number % 5).ConfigureAwait(false);
            if (number % 2 == 0) StopByHandle();
            await StopByIdAsync().ConfigureAwait(false);
        }
    }

    /// <summary>What a reader does with an event. False when it leaves.</summary>
    private async ValueTask<bool> ReactAsync(TurnEvent next, int events)
    {
        foreach (var stop in plan.Stops)
        {
            if (stop.Delay != events) continue;
            if (stop.By == StopBy.Leaving) return false;
            if (stop.By != StopBy.Reader) continue;
            if (number % 2 == 0) StopByHandle();
            else await StopByIdAsync().ConfigureAwait(false);
        }
        if (next is ApprovalRequested asked) Start(() => AnswerAsync(asked));
        if (plan.ReadsSlowly) await Task.Delay(1).ConfigureAwait(false);
        return true;
    }

    private async Task AnswerAsync(ApprovalRequested asked)
    {
        if (!plan.Answers)
        {
            if (!plan.NeedsStop) await InsistAsync().ConfigureAwait(false);
            return;
        }
        var answers = await Task.WhenAll(
            Agent.AnswerAsync(asked.RequestId, number % 3 > 0), Agent.AnswerAsync(asked.RequestId, true), Agent.AnswerAsync("unknown", true)).ConfigureAwait(false);
        if (answers[2] != ApprovalOutcome.Unknown) world.Books.Violate($"{Name}: an answer to no request was {answers[2]}.");
        if (answers.Count(outcome => outcome == ApprovalOutcome.Taken) is var taken and > 1) world.Books.Violate($"{Name}: one request took {taken} answers.");
    }
}
