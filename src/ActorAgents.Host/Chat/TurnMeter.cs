namespace ActorAgents.Host.Chat;

/// <summary>Measures one turn as its reader sees it.</summary>
internal sealed class TurnMeter(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private TimeSpan? _firstToken;
    private TimeSpan _writing;
    private long? _stepStart;

    public void Observe(TurnEvent e)
    {
        switch (e)
        {
            case TextDelta or ReasoningDelta or ToolCallDelta:
                _firstToken ??= time.GetElapsedTime(_start);
                _stepStart ??= time.GetTimestamp();
                break;
            case StepFinished or TerminalEvent when _stepStart is { } start:
                // Only the time in which the model wrote: waiting for tools says nothing of its pace.
                _writing += time.GetElapsedTime(start);
                _stepStart = null;
                break;
        }
    }

    public TurnFigures Figures(TokenUsage usage) => new(usage, time.GetElapsedTime(_start), _firstToken, _writing);
}

/// <param name="FirstToken">Time to the first piece of anything; absent when there was none.</param>
/// <param name="Writing">Time in which the model wrote.</param>
internal sealed record TurnFigures(TokenUsage Usage, TimeSpan Elapsed, TimeSpan? FirstToken, TimeSpan Writing);
