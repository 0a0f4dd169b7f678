using Microsoft.Extensions.AI;

namespace ActorAgents;

/// <summary>What an agent is given: one or more messages. Copied when it is made, so later changes to the messages do not reach the turn.</summary>
public sealed class AgentInput
{
    private AgentInput(ChatMessage[] messages) => Messages = messages;

    public IReadOnlyList<ChatMessage> Messages { get; }

    /// <exception cref="ArgumentException">The text is empty or only white space.</exception>
    public static AgentInput From(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (string.IsNullOrWhiteSpace(text)) throw new ArgumentException("The prompt is empty: give the agent some text.", nameof(text));
        return new([new ChatMessage(ChatRole.User, text)]);
    }

    /// <exception cref="ArgumentException">No message, or none with content.</exception>
    public static AgentInput From(IEnumerable<ChatMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var copies = messages.Select(ChatMessageCopy.Of).ToArray();
        if (!copies.Any(m => m.Contents.Any(c => c is not TextContent text || !string.IsNullOrWhiteSpace(text.Text))))
            throw new ArgumentException("The input is empty: give the agent at least one message with content.", nameof(messages));
        return new(copies);
    }

    /// <summary>Of a whole conversation what an agent that keeps it has not seen: the messages after the last of an assistant.</summary>
    /// <exception cref="ArgumentException">None of them has content.</exception>
    public static AgentInput AfterLastAnswer(IEnumerable<ChatMessage> messages)
    {
        var all = messages.ToList();
        return From(all[(all.FindLastIndex(message => message.Role == ChatRole.Assistant) + 1)..]);
    }

    /// <summary>What was checked and copied when it was given the first time.</summary>
    internal static AgentInput Stored(IReadOnlyList<ChatMessage> messages) => new([.. messages]);

    public static implicit operator AgentInput(string text) => From(text);
    public static implicit operator AgentInput(ChatMessage message) => From([message]);
    public static implicit operator AgentInput(ChatMessage[] messages) => From(messages);
    public static implicit operator AgentInput(List<ChatMessage> messages) => From(messages);
}
