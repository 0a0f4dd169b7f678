using Microsoft.Extensions.Logging;

namespace ActorAgents.Pages;

// How turns are read. A reader lives until its turn ends or the conversation is closed.
public sealed partial class OpenConversation
{
    private void Follow(Exchange exchange) => _ = FollowAsync(exchange);

    private async Task FollowAsync(Exchange exchange)
    {
        try
        {
            if (!await ReadAsync(exchange)) await WaitForRecordAsync(exchange);
            await TakeInAsync(); // Another page may have added the turn that runs next.
        }
        catch (OperationCanceledException) when (_closed.IsCancellationRequested)
        {
            return;
        }
        catch (RuntimeStoppedException)
        {
            if (!exchange.Answer.IsOver) exchange.Answer.Stand(AnswerState.Interrupted, Wording.Of(InterruptReason.Shutdown));
        }
        catch (Exception e)
        {
            LogLost(_log, e, exchange.Turn.Value);
            if (!exchange.Answer.IsOver) exchange.Answer.Stand(AnswerState.Failed, "The page lost this answer. It goes on without the page: load the page again to see it.");
        }
        Touch();
    }

    /// <summary>Reads the turn from its first event. False when its events are no longer kept; what was recorded is shown then.</summary>
    private async Task<bool> ReadAsync(Exchange exchange)
    {
        var answer = exchange.Timing is null ? new Answer() : exchange.Answer;
        var count = 0;
        try
        {
            await foreach (var next in _agent.Turn(exchange.Turn).ReadAsync(cancellationToken: _closed.Token))
            {
                answer.Apply(next);
                exchange.Timing?.Observe(next);
                exchange.Answer = answer;
                Touch();
                if (++count % EventsAtOnce == 0) await Task.Yield(); // What was written before need not hold up the page.
            }
            return true;
        }
        catch (TurnGoneException)
        {
            return false;
        }
    }

    /// <summary>For a turn without a log: one that ended long ago, or one that something else reads as it runs.</summary>
    private async Task WaitForRecordAsync(Exchange exchange)
    {
        while (!exchange.Answer.IsOver)
        {
            var recorded = RecordedTurns.From(await _agent.GetMessagesAsync(_closed.Token)).Find(r => r.Turn == exchange.Turn);
            if (recorded is null) exchange.Answer.Stand(AnswerState.Refused, "This message is no longer known: the agent was restarted or its conversation cleared.");
            else exchange.Answer = recorded.Answer;
            Touch();
            if (!exchange.Answer.IsOver) await Task.Delay(Poll, _time, _closed.Token);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A page could not go on reading turn {Turn}")]
    private static partial void LogLost(ILogger log, Exception exception, string turn);
}
