namespace ActorAgents.Tests;

/// <summary>What tests ask of the events of a turn.</summary>
internal static class EventLists
{
    /// <summary>The text as a reader saw it grow.</summary>
    public static string Text(this IEnumerable<TurnEvent> events) => string.Concat(events.OfType<TextDelta>().Select(delta => delta.Text));

    /// <summary>The one terminal event, which must be the last one and of that type.</summary>
    public static TTerminal End<TTerminal>(this IReadOnlyList<TurnEvent> events) where TTerminal : TerminalEvent
    {
        Assert.Single(events.OfType<TerminalEvent>());
        return Assert.IsType<TTerminal>(events[^1]);
    }

    /// <summary>Roles and texts of messages, one string each: <c>user: hello</c>.</summary>
    public static IEnumerable<string> Lines(this IEnumerable<Microsoft.Extensions.AI.ChatMessage> messages) =>
        messages.Select(message => $"{message.Role.Value}: {message.Text}");

    /// <summary>How a message's turn stands, as its flag says; null when the turn completed.</summary>
    public static string? State(this Microsoft.Extensions.AI.ChatMessage message) =>
        message.AdditionalProperties?.GetValueOrDefault("actoragents.state") as string;
}
