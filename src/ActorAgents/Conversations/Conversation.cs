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

/// <summary>The ended turns of an agent, oldest first. Immutable.</summary>
internal sealed record Conversation(ImmutableArray<TurnRecord> Turns)
{
    public static readonly Conversation Empty = new([]);

    /// <summary>The key in a message's additional properties that names its turn.</summary>
    public const string TurnKey = "actoragents.turn";

    /// <summary>The key under which a message of a turn that did not complete says how it stands.</summary>
    public const string StateKey = "actoragents.state";

    public Conversation Append(TurnRecord turn) => new(Turns.Add(turn));

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
