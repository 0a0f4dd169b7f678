using System.Runtime.CompilerServices;

namespace ActorAgents;

/// <summary>A turn as the guide's stream of text chunks.</summary>
internal static class TextView
{
    /// <summary>The text, then one empty final chunk with finish reason and usage. Everything that is not text is passed over; failures are thrown.</summary>
    public static async IAsyncEnumerable<StreamChunk> StreamAsync(
        Agent agent, AgentInput input, TurnOptions? options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var next in agent.EventsAsync(input, options, cancellationToken).ConfigureAwait(false))
        {
            switch (next)
            {
                case TextDelta text: yield return new StreamChunk(text.Text, TurnId: text.Turn); break;
                case TurnCompleted completed: yield return Final(completed); break;
                case TerminalEvent terminal: throw Exception(terminal, cancellationToken);
            }
        }
    }

    /// <summary>What a caller of a throwing view gets for a turn that did not complete.</summary>
    public static Exception Exception(TerminalEvent terminal, CancellationToken token) => terminal switch
    {
        TurnInterrupted interrupted => new StreamInterruptedException(
            interrupted.Reason, interrupted.Partial, interrupted.Turn, interrupted.Reason == InterruptReason.Caller ? token : default),
        TurnFailed failed => TurnException.From(failed.Error, failed.Partial, failed.Turn),
        _ => throw new ArgumentException("The turn completed.", nameof(terminal)),
    };

    private static StreamChunk Final(TurnCompleted completed)
    {
        var metadata = new Dictionary<string, object?>();
        if (completed.FinishReason is { } reason) metadata["finish_reason"] = reason.Value;
        if (completed.Usage.TotalTokens is { } total) metadata["total_tokens"] = total;
        if (completed.Usage.InputTokens is { } input) metadata["input_tokens"] = input;
        if (completed.Usage.OutputTokens is { } output) metadata["output_tokens"] = output;
        return new StreamChunk("", Metadata: metadata, IsFinal: true, TurnId: completed.Turn);
    }
}
