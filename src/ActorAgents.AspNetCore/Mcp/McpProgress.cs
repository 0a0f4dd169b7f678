using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace ActorAgents.AspNetCore;

/// <summary>
/// Tells who gave a progress token how a turn goes on. Progress is the number of events so far, of those that are told of, and rises as the protocol
/// demands; the message says what happens. What happens once, such as the start of a tool, is told at once; of pieces at most one in each <see cref="Pace"/>.
/// </summary>
internal sealed class McpProgress(McpServer server, ProgressToken token, TimeProvider time)
{
    public static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    private const int LongestValue = 200;

    private long _events;
    private long _characters;
    private long? _told;

    /// <summary>Waits for a client that does not read: the turn is pulled at its pace.</summary>
    public async ValueTask TellAsync(TurnEvent next, CancellationToken cancellationToken)
    {
        if (next is TextDelta text) _characters += text.Text.Length;
        if (Message(next) is not { } message) return;
        _events++;
        var isPiece = next is TextDelta or ReasoningDelta or ToolCallDelta or ToolProgress;
        if (isPiece && _told is { } last && time.GetElapsedTime(last) < Pace) return;
        _told = time.GetTimestamp();
        await server.NotifyProgressAsync(token, new ProgressNotificationValue { Progress = _events, Message = message }, cancellationToken: cancellationToken);
    }

    private string? Message(TurnEvent next) => next switch
    {
        TurnStarted => "Started.",
        TextDelta => $"{_characters} characters.",
        ReasoningDelta => "Thinking.",
        ToolCallDelta { Name: { } tool } => $"Calling {tool}.",
        ToolStarted started => $"Running {started.Tool}.",
        ToolProgress progress => $"{progress.Tool}: {(progress.Value.Length > LongestValue ? string.Concat(progress.Value.AsSpan(0, LongestValue), "…") : progress.Value)}",
        ToolFinished { Outcome: ToolOutcome.Succeeded } finished => $"{finished.Tool} is done.",
        ToolFinished finished => $"{finished.Tool} ended without a result: {finished.Outcome}.",
        ApprovalRequested asked => $"{asked.Tool} waits for approval.",
        Retrying retrying => $"The provider failed; asking it again in {retrying.Delay.TotalSeconds:0.#} s.",
        _ => null,
    };
}
