namespace ActorAgents;

/// <summary>
/// A turn as the guide's stream of text chunks: the text, then one empty final chunk with finish reason and usage. Everything that is not text is passed
/// over; failures are thrown. Each enumeration is a turn of its own.
/// </summary>
internal sealed class TextView(Agent agent, AgentInput input, TurnOptions? options, CancellationToken token) : IAsyncEnumerable<StreamChunk>
{
    private readonly AgentInput _input = input ?? throw new ArgumentNullException(nameof(input));

    public IAsyncEnumerator<StreamChunk> GetAsyncEnumerator(CancellationToken further = default)
    {
        return agent.NewTurn(_input, options, new(token, further), asText: true);
    }

    public static StreamChunk Chunk(TurnEvent next, DateTimeOffset arrived) => next is TextDelta text
        ? new(text.Text, Timestamp: arrived, TurnId: text.Turn) : Final((TurnCompleted)next, arrived);

    /// <summary>What a caller of a throwing view gets for a turn that did not complete.</summary>
    public static Exception Exception(TerminalEvent terminal, CancellationToken token) => terminal switch
    {
        TurnInterrupted interrupted => new StreamInterruptedException(
            interrupted.Reason, interrupted.Partial, interrupted.Turn, interrupted.Reason == InterruptReason.Caller ? token : default),
        TurnFailed failed => TurnException.From(failed.Error, failed.Partial, failed.Turn),
        _ => throw new ArgumentException("The turn completed.", nameof(terminal)),
    };

    private static StreamChunk Final(TurnCompleted completed, DateTimeOffset arrived)
    {
        var metadata = new Dictionary<string, object?>();
        if (completed.FinishReason is { } reason) metadata["finish_reason"] = reason.Value;
        if (completed.Usage.TotalTokens is { } total) metadata["total_tokens"] = total;
        if (completed.Usage.InputTokens is { } input) metadata["input_tokens"] = input;
        if (completed.Usage.OutputTokens is { } output) metadata["output_tokens"] = output;
        return new StreamChunk("", Metadata: metadata, IsFinal: true, Timestamp: arrived, TurnId: completed.Turn);
    }
}
