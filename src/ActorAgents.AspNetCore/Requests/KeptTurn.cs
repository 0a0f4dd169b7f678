using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore;

/// <summary>What an agent's conversation has of a turn.</summary>
/// <param name="State"><c>running</c>, <c>completed</c>, <c>interrupted</c> or <c>failed</c>.</param>
/// <param name="Messages">Its input, then what was said so far; never empty.</param>
internal sealed record KeptTurn(TurnId Id, string State, IReadOnlyList<ChatMessage> Messages)
{
    public bool IsRunning => State == "running";

    /// <summary>What the agent said.</summary>
    public string Answer => string.Concat(Messages.Where(message => message.Role == ChatRole.Assistant).Select(message => message.Text));

    /// <summary>Null for a turn that the agent does not know, or that waits in its queue.</summary>
    public static async Task<KeptTurn?> FindAsync(Agent agent, TurnId turn, CancellationToken cancellationToken) =>
        Of((await agent.GetMessagesAsync(cancellationToken)).Where(message => message.GetTurn() == turn));

    /// <summary>The agent's newest turn, which is the running one while one runs; null while it has none.</summary>
    public static async Task<KeptTurn?> LastAsync(Agent agent, CancellationToken cancellationToken)
    {
        var messages = await agent.GetMessagesAsync(cancellationToken);
        return messages.Count == 0 ? null : Of(messages.Where(message => message.GetTurn() == messages[^1].GetTurn()));
    }

    /// <summary>All that it has, oldest first.</summary>
    public static async Task<IReadOnlyList<KeptTurn>> AllAsync(Agent agent, CancellationToken cancellationToken) =>
        [.. (await agent.GetMessagesAsync(cancellationToken)).GroupBy(message => message.GetTurn()).Select(turn => Of(turn)!)];

    private static KeptTurn? Of(IEnumerable<ChatMessage> messages) => messages.ToList() is [var first, ..] all ? new(first.GetTurn()!.Value, first.GetTurnState(), all) : null;
}
