using Microsoft.Extensions.AI;

namespace ActorAgents.Host.Providers.Embedded;

/// <summary>The model's way of counting: four characters are a token. Rough, but of the size real tokenizers give for English.</summary>
internal static class Tokens
{
    public const int Chars = 4;

    public static long In(long chars) => (chars + Chars - 1) / Chars;

    public static long In(IEnumerable<ChatMessage> messages) => In(messages.Sum(m => m.Contents.Sum(CharsOf)));

    private static long CharsOf(AIContent content) => content switch
    {
        TextContent text => text.Text.Length,
        FunctionCallContent call => call.Name.Length + (call.Arguments?.Sum(a => (long)a.Key.Length + (a.Value?.ToString()?.Length ?? 4)) ?? 0),
        FunctionResultContent result => result.Result?.ToString()?.Length ?? 0,
        _ => 0,
    };
}
