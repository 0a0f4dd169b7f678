namespace ActorAgents;

// What becomes of a request that failed. All of it is the owner's.
internal sealed partial class TurnLoop
{
    private Backoff? _backoff;

    /// <summary>A provider's failure: another try, or the end.</summary>
    private Retrying? Failed(Exception exception)
    {
        var error = _grant!.Provider.Classify(exception);
        var step = _step!;
        if (!step.HasOutput)
        {
            _step = null;
            step.Close();
            Telemetry.EndStep(step, _grant.Provider, _node.Time.GetElapsedTime(_stepStartedAt), error.Kind.ToString());
            if (error.Kind == TurnErrorKind.ContextTooLong && TryHalveWindow()) { _phase = Phase.NextStep; return null; }
            if (ProviderErrors.IsWorthRetrying(error.Kind) && _attempt < _limits.Retries && !(error.RetryAfter >= LongestWait)) return Retry(error);
            Fail(error);
            return null;
        }
        // A connection that broke after the answer began has cut it.
        Fail(error.Kind is TurnErrorKind.Transient ? error with { Kind = TurnErrorKind.Truncated } : error);
        return null;
    }

    /// <summary>Nobody waits longer for another try, however long the provider asks to.</summary>
    private TimeSpan LongestWait => _limits.TotalTimeout == Timeout.InfiniteTimeSpan ? TimeSpan.FromHours(1) : _limits.TotalTimeout;

    private bool TryHalveWindow()
    {
        var kept = Math.Min(_window, _grant!.Conversation.Turns.Count) / 2;
        if (_grant.Conversation.Turns.Count == 0 || kept == _window) return false;
        _window = kept;
        return true;
    }

    private Retrying Retry(TurnError error)
    {
        var delay = error.RetryAfter ?? TimeSpan.FromMilliseconds(500 * Math.Pow(2, Math.Min(_attempt, 6)) * (0.75 + Random.Shared.NextDouble() / 2));
        if (delay < TimeSpan.Zero) delay = TimeSpan.Zero; // A moment that has passed.
        _backoff?.Dispose();
        _backoff = new Backoff(_turn, _node.Time, delay);
        _phase = Phase.Backoff;
        return new Retrying(++_attempt, delay, error);
    }

    private sealed class Backoff : IDisposable
    {
        private readonly ITimer _timer;

        public Backoff(Turn turn, TimeProvider time, TimeSpan delay) =>
            _timer = time.CreateTimer(_ => { IsOver = true; turn.Signal(); }, null, delay, Timeout.InfiniteTimeSpan);

        public volatile bool IsOver;

        public void Dispose() => _timer.Dispose();
    }
}
