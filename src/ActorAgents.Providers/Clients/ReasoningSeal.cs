using Microsoft.Extensions.AI;

namespace ActorAgents.Providers;

/// <summary>
/// Marks the signature of reasoning with the kind that made it, and with what its SDK needs beside it, since of reasoning a conversation keeps only text and
/// signature. On the way back each kind is given its own reasoning only: providers refuse each other's.
/// </summary>
internal sealed class ReasoningSeal(ProviderKind kind)
{
    private const char Separator = '|';

    public void Seal(AIContent content)
    {
        if (content is TextReasoningContent { ProtectedData: { Length: > 0 } signature } reasoning)
            reasoning.ProtectedData = string.Join(Separator, kind.Name, kind.KeepOfReasoning?.Invoke(reasoning), signature);
        else if (content is TextReasoningContent unsigned)
            unsigned.ProtectedData = null; // An empty signature would end the block of reasoning before it began.
    }

    /// <summary>The messages with this kind's reasoning as its SDK knows it, and without any other.</summary>
    public IEnumerable<ChatMessage> Open(IEnumerable<ChatMessage> messages)
    {
        foreach (var message in messages)
        {
            if (!message.Contents.Any(content => content is TextReasoningContent)) { yield return message; continue; }
            var contents = message.Contents.Select(content => content is TextReasoningContent reasoning ? Open(reasoning) : content).OfType<AIContent>().ToList();
            if (contents.Count == 0) continue;
            var opened = message.Clone();
            opened.Contents = contents;
            yield return opened;
        }
    }

    private TextReasoningContent? Open(TextReasoningContent reasoning)
    {
        if (reasoning.ProtectedData?.Split(Separator, 3) is not [var name, var kept, var signature] || name != kind.Name) return null;
        var opened = new TextReasoningContent(reasoning.Text) { ProtectedData = signature };
        kind.RestoreReasoning?.Invoke(opened, kept);
        return opened;
    }
}
