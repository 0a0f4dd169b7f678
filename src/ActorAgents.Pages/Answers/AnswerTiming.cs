namespace ActorAgents.Pages;

/// <summary>How fast an answer came, as its reader saw it. Only for a reader that was there from the start.</summary>
internal sealed class AnswerTiming(TimeProvider time)
{
    private long _started;
    private long _lastPiece;

    public TimeSpan? FirstToken { get; private set; }

    /// <summary>How long the model wrote; what tools and people took is not in it.</summary>
    public TimeSpan Writing { get; private set; }

    public double? TokensPerSecond(TokenUsage usage) =>
        usage.OutputTokens is { } tokens and > 0 && Writing > TimeSpan.FromMilliseconds(100) ? tokens / Writing.TotalSeconds : null;

    public void Observe(TurnEvent next)
    {
        var now = time.GetTimestamp();
        switch (next)
        {
            case TurnStarted:
                _started = now;
                break;
            case TextDelta or ReasoningDelta or ToolCallDelta:
                if (_started != 0) FirstToken ??= time.GetElapsedTime(_started, now);
                if (_lastPiece != 0) Writing += time.GetElapsedTime(_lastPiece, now);
                _lastPiece = now;
                break;
            default:
                _lastPiece = 0;
                break;
        }
    }
}
