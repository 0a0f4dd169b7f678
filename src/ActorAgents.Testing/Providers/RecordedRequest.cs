using Microsoft.Extensions.AI;

namespace ActorAgents.Testing;

/// <summary>A request as the <see cref="ScriptedProvider"/> saw it when it was made: later changes by its sender do not show.</summary>
public sealed class RecordedRequest
{
    private int _pulls;
    private int _sawCancellation;

    internal RecordedRequest(int index, bool isStreaming, IEnumerable<ChatMessage>? messages, ChatOptions? options)
    {
        Index = index;
        IsStreaming = isStreaming;
        Messages = messages is null ? [] : [.. messages.Select(Copy)];
        Options = options?.Clone();
    }

    /// <summary>Its place among the provider's requests, from 0.</summary>
    public int Index { get; }

    /// <summary>False when it was made by <c>GetResponseAsync</c>.</summary>
    public bool IsStreaming { get; }

    /// <summary>Copies of the messages, with lists of contents of their own; the contents themselves are shared. Empty when requests are not kept.</summary>
    public IReadOnlyList<ChatMessage> Messages { get; }

    /// <summary>A copy of the options; null when there were none or requests are not kept.</summary>
    public ChatOptions? Options { get; }

    /// <summary>The text of the last user message; empty when there is none.</summary>
    public string Prompt => Messages.LastOrDefault(m => m.Role == ChatRole.User)?.Text ?? "";

    /// <summary>The names of the tools offered, in order.</summary>
    public IReadOnlyList<string> Tools => Options?.Tools?.Select(t => t.Name).ToArray() ?? [];

    /// <summary>How often its reader asked for the next chunk, the question that found the end included.</summary>
    public int Pulls => Volatile.Read(ref _pulls);

    /// <summary>Whether its token was cancelled before it was over.</summary>
    public bool SawCancellation => Volatile.Read(ref _sawCancellation) != 0;

    // Not interlocked: pulls of one request never overlap, and where they do that is reported as a violation.
    internal void CountPull() => Volatile.Write(ref _pulls, _pulls + 1);

    internal bool MarkCancelled() => Interlocked.Exchange(ref _sawCancellation, 1) == 0;

    private static ChatMessage Copy(ChatMessage message) => new(message.Role, [.. message.Contents])
    {
        AuthorName = message.AuthorName,
        CreatedAt = message.CreatedAt,
        MessageId = message.MessageId,
        AdditionalProperties = message.AdditionalProperties?.Clone(),
    };
}
