namespace ActorAgents.Pages;

/// <summary>An input and its answer.</summary>
public sealed class Exchange(TurnId turn, string prompt, Answer answer)
{
    internal TurnId Turn { get; } = turn;
    internal string Prompt { get; } = prompt;

    /// <summary>Another one when the turn's own events take the place of what was recorded.</summary>
    internal Answer Answer { get; set; } = answer;
    internal AnswerTiming? Timing { get; init; }
    internal bool IsStopping { get; set; }
}
