using Microsoft.Extensions.AI;

namespace ActorAgents;

/// <summary>What one call may set; everything absent comes from the agent's definition.</summary>
public sealed record TurnOptions
{
    /// <summary>The turn's id; a new one unless given. The same id again attaches to that turn (detached) or is refused (attached).</summary>
    public TurnId? TurnId { get; init; }

    /// <summary>
    /// The turn that this one is to follow. If another came after it, or the agent does not know it, the input is refused as
    /// <see cref="TurnErrorKind.Overtaken"/>: of several that would follow one turn exactly one does.
    /// </summary>
    public TurnId? Follows { get; init; }

    /// <summary>How long the agent stays idle after this turn before it is removed with its conversation, in place of <see cref="AgentDefinition.ForgetAfter"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive.</exception>
    public TimeSpan? ForgetAfter
    {
        get;
        init => field = value is null || value > TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Use a positive time.");
    }

    /// <summary>
    /// What was said before, in place of what the agent keeps: where this turn begins, and not when it is refused, the agent's conversation becomes this. A turn
    /// that came before it and ends meanwhile is replaced too. It is history and no input: a turn begins with each message that is neither an answer nor a
    /// result after one that is, so that <see cref="AgentLimits.HistoryTurns"/> counts whole turns, and <see cref="AgentLimits.MaxInputChars"/> does not bound it.
    /// Copied when it is set. With it, <see cref="BusyPolicy.Steer"/> waits like <see cref="BusyPolicy.Queue"/>.
    /// </summary>
    public IReadOnlyList<ChatMessage>? Conversation { get; init => field = value is null ? null : [.. value.Select(ChatMessageCopy.Of)]; }

    /// <summary>What happens when the agent is busy.</summary>
    public BusyPolicy? OnBusy { get; init; }

    /// <summary>Laid over the agent's chat options for this turn: temperature, model, response format, further tools …</summary>
    public ChatOptions? Chat { get; init; }

    /// <summary>Facts added to the system part of this turn only, a line <c>name: value</c> each, in order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>>? Context { get; init; }

    /// <summary>The bounds of this turn in place of the agent's: <c>agent.Definition.Limits with { … }</c>.</summary>
    public AgentLimits? Limits { get; init; }

    /// <summary>How far a detached turn may run ahead of its readers.</summary>
    public Pace Pace { get; init; } = Pace.Free;

    /// <summary>A provider that does not stream yields its whole answer as one delta, in place of a failure.</summary>
    public bool FallBackToNonStreaming { get; init; }

    /// <summary>Why options of a request are bound to this process, and what to do; null where they can be stored and sent to another node.</summary>
    internal static string? WhyBound(ChatOptions? chat)
    {
        if (chat?.RawRepresentationFactory is not null)
            return "Options with a RawRepresentationFactory cannot leave this process: set it where the agent is defined, on every node.";
        return chat?.Tools?.FirstOrDefault(tool => tool is AIFunction or not AIFunctionDeclaration) is { } tool
            ? $"Tool '{tool.Name}' of the options cannot leave this process: register it by name on every node and give the name to the agent."
            : null;
    }
}

/// <summary>How far a detached turn runs ahead of its readers.</summary>
public readonly record struct Pace
{
    private Pace(int window) => Window = window;

    internal int Window { get; }

    /// <summary>As fast as the provider gives, up to 4 MiB of events; then at the pace of its fastest reader. Nothing is dropped.</summary>
    public static Pace Free => default;

    /// <summary>At most this many events past the fastest reader; without a reader it runs to the window and waits, its idle timeout stopped.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public static Pace ByReader(int window) => window >= 1 ? new(window) : throw new ArgumentOutOfRangeException(nameof(window), window, "Use at least 1.");
}
