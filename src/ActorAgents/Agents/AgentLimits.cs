using System.Runtime.CompilerServices;

namespace ActorAgents;

/// <summary>
/// The bounds of an agent's turns. Change some with <c>limits with { … }</c>. Waits take <see cref="Timeout.InfiniteTimeSpan"/> to mean none, and
/// only that: zero and negative values are refused. They are checked about four times a second. <see cref="FirstTokenTimeout"/> and
/// <see cref="IdleTimeout"/> count only while a reader waits; while a person is asked only
/// <see cref="ApprovalTimeout"/> counts, and the <see cref="ToolTimeout"/> of the other calls.
/// </summary>
public sealed record AgentLimits
{
    /// <summary>The values of an agent that names none.</summary>
    public static readonly AgentLimits Default = new();

    /// <summary>Inputs that may wait while a turn runs. Zero means none may.</summary>
    public int MaxQueuedInputs { get; init => field = AtLeast(value, 0); } = 16;

    /// <summary>Characters of one input, over all of its messages.</summary>
    public int MaxInputChars { get; init => field = AtLeast(value, 1); } = 1_000_000;

    /// <summary>How many earlier turns a request carries. Always whole turns.</summary>
    public int HistoryTurns { get; init => field = AtLeast(value, 0); } = 50;

    /// <summary>Rounds of tool calls in a turn; after them one last request without tools ends it in text.</summary>
    public int MaxToolRounds { get; init => field = AtLeast(value, 0); } = 40;

    /// <summary>Tool calls in a turn, over all rounds.</summary>
    public int MaxToolCalls { get; init => field = AtLeast(value, 0); } = 128;

    /// <summary>Tool calls of one turn that run at once.</summary>
    public int MaxParallelTools { get; init => field = AtLeast(value, 1); } = 8;

    /// <summary>How long one tool call may take.</summary>
    public TimeSpan ToolTimeout { get; init => field = Wait(value); } = TimeSpan.FromSeconds(60);

    /// <summary>How long a cancelled tool may take to return before its actor is abandoned.</summary>
    public TimeSpan ToolGrace { get; init => field = Wait(value); } = TimeSpan.FromSeconds(5);

    /// <summary>Characters of one tool result; a larger one becomes an error result.</summary>
    public int MaxToolResultChars { get; init => field = AtLeast(value, 1); } = 100_000;

    /// <summary>Rounds in a row in which a tool threw that are borne; the next one ends the turn.</summary>
    public int MaxConsecutiveFailingRounds { get; init => field = AtLeast(value, 0); } = 3;

    /// <summary>How long a request may take to its first content.</summary>
    public TimeSpan FirstTokenTimeout { get; init => field = Wait(value); } = TimeSpan.FromSeconds(60);

    /// <summary>How long the provider may be silent once it gave something.</summary>
    public TimeSpan IdleTimeout { get; init => field = Wait(value); } = TimeSpan.FromSeconds(60);

    /// <summary>How long a turn may take from leaving the queue to its end.</summary>
    public TimeSpan TotalTimeout { get; init => field = Wait(value); } = TimeSpan.FromMinutes(10);

    /// <summary>How long a call waits for its approval; then it counts as rejected.</summary>
    public TimeSpan ApprovalTimeout { get; init => field = Wait(value); } = Timeout.InfiniteTimeSpan;

    /// <summary>Repetitions of a request that failed in a way worth repeating before it gave anything.</summary>
    public int Retries { get; init => field = AtLeast(value, 0); } = 2;

    /// <summary>Characters of text in a turn, and as many of reasoning and arguments together; the turn is interrupted at the bound.</summary>
    public int MaxTextChars { get; init => field = AtLeast(value, 1); } = 4_000_000;

    /// <summary>Tokens of a turn over all steps, as the provider counts them; checked between steps. Absent means no bound.</summary>
    public long? MaxTurnTokens { get; init => field = value is null or > 0 ? value : throw new ArgumentOutOfRangeException(nameof(MaxTurnTokens), value, "Use at least 1, or leave it out."); }

    private static int AtLeast(int value, int least, [CallerMemberName] string name = "") =>
        value >= least ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be at least {least}.");

    private static TimeSpan Wait(TimeSpan value, [CallerMemberName] string name = "") =>
        value > TimeSpan.Zero || value == Timeout.InfiniteTimeSpan
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} must be positive; Timeout.InfiniteTimeSpan means no bound.");
}
