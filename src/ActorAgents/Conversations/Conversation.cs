using System.Collections.Immutable;
using Microsoft.Extensions.AI;

namespace ActorAgents;

/// <summary>How a recorded turn stands.</summary>
internal enum TurnState : byte { Running, Completed, Interrupted, Failed }

/// <summary>What a conversation keeps of a turn: its input, then what the steps added. The messages are never changed.</summary>
internal sealed record TurnRecord(TurnId Id, TurnState State, ImmutableArray<ChatMessage> Messages, int InputCount)
{
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

    public Conversation Append(TurnRecord turn)
    {
        // The place after this one's last is taken once: whoever else goes on from here gets an array of its own.
        if (_count < _turns.Length && Interlocked.CompareExchange(ref _turns[_count], turn, null) is null) return new(_turns, _count + 1);
        var larger = new TurnRecord?[Math.Max(1, _count * 2)];
        Array.Copy(_turns, larger, _count);
        larger[_count] = turn;
        return new(larger, _count + 1);
    }

    /// <summary>Copies for the outside, flagged with their turn and, unless it completed, its state.</summary>
    public List<ChatMessage> Export(TurnId runningId = default, IReadOnlyList<ChatMessage>? running = null)
    {
        var messages = new List<ChatMessage>();
        foreach (var turn in Turns) Export(turn.Messages, turn.Id, turn.State, messages);
        if (running is not null) Export(running, runningId, TurnState.Running, messages);
        return messages;
    }

    private static void Export(IEnumerable<ChatMessage> from, TurnId id, TurnState state, List<ChatMessage> into)
    {
        foreach (var message in from)
        {
            var copy = ChatMessageCopy.Of(message);
            copy.AdditionalProperties ??= [];
            copy.AdditionalProperties[TurnKey] = id.Value;
            if (state != TurnState.Completed) copy.AdditionalProperties[StateKey] = state.ToString().ToLowerInvariant();
            into.Add(copy);
        }
    }
}
