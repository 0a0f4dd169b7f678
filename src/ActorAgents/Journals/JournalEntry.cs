using Microsoft.Extensions.AI;

namespace ActorAgents;

/// <summary>Something that happened to a durable agent. A closed union; what a journal holds is these, in the order in which they happened.</summary>
internal abstract record JournalEntry
{
    private JournalEntry() { }

    /// <summary>An input was taken. It waits or runs until a <see cref="TurnRecorded"/> of the same turn.</summary>
    /// <param name="Attached">It ends when its reader has gone.</param>
    /// <param name="Request">Who asked for it; see <see cref="AgentProtocol.StartTurn"/>.</param>
    /// <param name="Durability">The kind's as it is now: whether readers may see more of the turn than is stored.</param>
    public sealed record InputAccepted(
        TurnId Turn, IReadOnlyList<ChatMessage> Input, TurnOptions Options, bool Attached, DateTimeOffset At, Guid Request = default, Durability Durability = Durability.Turn) : JournalEntry;

    /// <summary>The turn went on.</summary>
    /// <param name="Events">Those after the last that were stored, without a gap.</param>
    /// <param name="Messages">What they added to the turn's messages.</param>
    /// <param name="Steers">The turns whose inputs are among these messages. They are over.</param>
    public sealed record TurnProgressed(TurnId Turn, IReadOnlyList<TurnEvent> Events, IReadOnlyList<ChatMessage> Messages, IReadOnlyList<TurnId>? Steers = null) : JournalEntry;

    /// <summary>The turn is over, and its terminal event was stored before.</summary>
    /// <param name="Happened">False for one that never began: the conversation does not have it.</param>
    public sealed record TurnRecorded(TurnId Turn, TurnState State, string? Reason, bool Happened, DateTimeOffset At) : JournalEntry;

    /// <summary>The turn runs again after the process that ran it ended.</summary>
    /// <param name="FromSeq">What was stored after this event is withdrawn.</param>
    /// <param name="Messages">What is kept of a step that was cut: calls that ran, with their results.</param>
    /// <param name="Durability">As of <see cref="InputAccepted"/>.</param>
    public sealed record TurnResumed(
        TurnId Turn, int Epoch, long FromSeq, IReadOnlyList<ChatMessage> Messages, DateTimeOffset At, Durability Durability = Durability.Turn) : JournalEntry;

    /// <summary>The process that ran the turn leaves it to another, in order: that it is resumed says nothing against it.</summary>
    public sealed record TurnHandedOn(TurnId Turn) : JournalEntry;

    /// <summary>No further request follows the step that runs.</summary>
    public sealed record StopAsked(TurnId Turn) : JournalEntry;

    /// <summary>A person answered a call that waited for it.</summary>
    public sealed record CallAnswered(TurnId Turn, string RequestId, bool Approved, string? Reason) : JournalEntry;

    public sealed record ConversationCleared(DateTimeOffset At = default) : JournalEntry;

    public sealed record ProviderChosen(string Name, DateTimeOffset At = default) : JournalEntry;

    /// <param name="Name">Of a registered tool.</param>
    public sealed record ToolAdded(string Name, DateTimeOffset At = default) : JournalEntry;

    public sealed record ToolRemoved(string Name, DateTimeOffset At = default) : JournalEntry;
}

/// <summary>What is written at once: all of it is stored, or none.</summary>
/// <param name="Writer">The incarnation of the agent that wrote it.</param>
internal sealed record JournalBatch(Guid Writer, IReadOnlyList<JournalEntry> Entries);
