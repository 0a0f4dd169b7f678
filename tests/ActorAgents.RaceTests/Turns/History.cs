using Microsoft.Extensions.AI;

namespace ActorAgents.RaceTests;

/// <summary>Judges what an agent remembers at the end of a round.</summary>
internal static class History
{
    public static async Task JudgeAsync(RaceWorld world, int agent)
    {
        var messages = await world.Agents[agent].GetMessagesAsync().ConfigureAwait(false);
        if (Pairs.Mistake(messages) is { } mistake) world.Books.Violate($"The conversation of agent {agent} has {mistake}.");
        if (world.RemovalsOf(agent) > 0) return;
        var answers = messages.Where(m => m.Role == ChatRole.Assistant).ToLookup(TurnOf, m => m.Text);
        var inputs = messages.Where(m => m.Role == ChatRole.User).ToLookup(m => m.Text, TurnOf);
        foreach (var turn in world.Books.Turns.Values)
        {
            if (turn.Plan.Agent != agent || turn.Seen is not { Terminal: { } terminal } seen) continue;
            var text = string.Concat(answers[turn.Id.Value]);
            if (text != terminal.TextSoFar) world.Books.Violate($"{turn.Name}: the conversation has \"{text}\", the terminal event \"{terminal.TextSoFar}\".");
            var into = terminal is TurnCompleted { SteeredInto: { } other } ? other.Value : seen.HasStarted ? turn.Id.Value : null;
            var found = string.Join(", ", inputs[turn.Input]);
            if (found != (into ?? "")) world.Books.Violate($"{turn.Name}: its input is in [{found}], expected in [{into}] after {terminal}.");
        }
    }

    private static string? TurnOf(ChatMessage message) => message.AdditionalProperties?[Conversation.TurnKey] as string;
}
