using System.Collections.Immutable;
using Microsoft.Extensions.AI;

namespace ActorAgents;

/// <summary>How a recorded turn stands.</summary>
internal enum TurnState : byte { Running, Completed, Interrupted, Failed }

/// <summary>What a conversation keeps of a turn: its input, then what the steps added. The messages are never changed.</summary>
/// <param name="Reason">Why it stands so (<see cref="ReasonOf"/>).</param>
internal sealed record TurnRecord(TurnId Id, TurnState State, ImmutableArray<ChatMessage> Messages, int InputCount, string? Reason = null)
{
    /// <summary>A name of the few there are, so that a record costs a reference more and no text. Null for an answer that came to its own end.</summary>
    public static string? ReasonOf(TerminalEvent end) => end switch
    {
        TurnInterrupted interrupted => interrupted.Reason.ToString(),
        TurnFailed failed => failed.Error.Kind.ToString(),
        TurnCompleted { LimitReached: { } limit } => limit.ToString(),
        TurnCompleted { FinishReason: { } finish } when finish != ChatFinishReason.Stop && finish != ChatFinishReason.ToolCalls => finish.Value,
        _ => null,
    };

    /// <summary>What the turn added to its input.</summary>
    public IEnumerable<ChatMessage> Answer => Messages.Skip(InputCount).Select(ChatMessageCopy.Of);
}

/// <summary>
/// The ended turns of an agent, oldest first. Immutable: what one conversation shows never changes. One that came from another by a turn shares its
/// array, so that a turn costs the same however long the conversation is.
/// </summary>
internal sealed class Conversation
{
    public static readonly Conversation Empty = new([], 0);

    private readonly TurnRecord?[] _turns;
    private readonly int _count;

    private Conversation(TurnRecord?[] turns, int count) => (_turns, _count) = (turns, count);

    public ArraySegment<TurnRecord> Turns => new(_turns!, 0, _count);

    /// <summary>The key in a message's additional properties that names its turn.</summary>
    public const string TurnKey = "actoragents.turn";

    /// <summary>The key under which a message of a turn that did not complete says how it stands.</summary>
    public const string StateKey = "actoragents.state";

    /// <summary>The key under which such a message says why.</summary>
    public const string ReasonKey = "actoragents.reason";

    /// <summary>A conversation that was had elsewhere: a turn begins with what is neither an answer nor a result, after one that is.</summary>
    /// <param name="messages">Not shared with anybody.</param>
    public static Conversation Of(IReadOnlyList<ChatMessage> messages)
    {
        var conversation = Empty;
        for (var at = 0; at < messages.Count;)
        {
            var (from, inputs) = (at, 0);
            while (at < messages.Count && !IsAnswer(messages[at])) (at, inputs) = (at + 1, inputs + 1);
            while (at < messages.Count && IsAnswer(messages[at])) at++;
            ImmutableArray<ChatMessage> turn = [.. messages.Skip(from).Take(at - from).Select(ChatMessageCopy.Of)];
            foreach (var message in turn)
            {
                message.AdditionalProperties?.Remove(TurnKey); // Of the conversation that it was copied from.
                message.AdditionalProperties?.Remove(StateKey);
                message.AdditionalProperties?.Remove(ReasonKey);
            }
            conversation = conversation.Append(new TurnRecord(TurnId.New(), TurnState.Completed, turn, inputs));
        }
        return conversation;

        static bool IsAnswer(ChatMessage message) => message.Role == ChatRole.Assistant || message.Role == ChatRole.Tool;
    }

    /// <summary>One that was stored.</summary>
    public static Conversation Of(IReadOnlyCollection<TurnRecord> turns) => new([.. turns], turns.Count);

    public Conversation Append(TurnRecord turn)
    {
        // The place after this one's last is taken once: whoever else goes on from here gets an array of its own.
        if (_count < _turns.Length && Interlocked.CompareExchange(ref _turns[_count], turn, null) is null) return new(_turns, _count + 1);
        var larger = new TurnRecord?[Math.Max(1, _count * 2)];
        Array.Copy(_turns, larger, _count);
        larger[_count] = turn;
        return new(larger, _count + 1);
    }

    /// <summary>Copies for the outside, flagged with their turn and, unless it just completed, its state and why.</summary>
    public List<ChatMessage> Export(TurnId runningId = default, IReadOnlyList<ChatMessage>? running = null)
    {
        var messages = new List<ChatMessage>();
        foreach (var turn in Turns) Export(turn.Messages, turn.Id, turn.State, turn.Reason, messages);
        if (running is not null) Export(running, runningId, TurnState.Running, null, messages);
        return messages;
    }

    private static void Export(IEnumerable<ChatMessage> from, TurnId id, TurnState state, string? reason, List<ChatMessage> into)
    {
        foreach (var message in from)
        {
            var copy = ChatMessageCopy.Of(message);
            copy.AdditionalProperties ??= [];
            copy.AdditionalProperties[TurnKey] = id.Value;
            if (state != TurnState.Completed) copy.AdditionalProperties[StateKey] = state.ToString().ToLowerInvariant();
            if (reason is not null) copy.AdditionalProperties[ReasonKey] = reason;
            into.Add(copy);
        }
    }
}
