using Microsoft.Extensions.AI;

namespace ActorAgents.Testing.Tests;

internal static class Reading
{
    public static readonly ChatMessage[] Hello = [new(ChatRole.User, "Hello")];

    public static IAsyncEnumerable<ChatResponseUpdate> Ask(this ScriptedProvider provider, CancellationToken cancellationToken = default) =>
        provider.GetStreamingResponseAsync(Hello, null, cancellationToken);

    public static async Task<List<ChatResponseUpdate>> ReadAsync(this ScriptedProvider provider)
    {
        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in provider.Ask()) updates.Add(update);
        return updates;
    }

    public static async Task<List<ChatResponseUpdate>> ReadAsync(ChatScript script) => await new ScriptedProvider(script).ReadAsync();

    public static IEnumerable<T> Of<T>(this IEnumerable<ChatResponseUpdate> updates) where T : AIContent => updates.SelectMany(u => u.Contents).OfType<T>();
}
