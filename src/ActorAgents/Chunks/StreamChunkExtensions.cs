using System.Text;

namespace ActorAgents;

/// <summary>Reads whole streams of chunks.</summary>
public static class StreamChunkExtensions
{
    /// <summary>Reads the stream to its end and keeps everything.</summary>
    /// <param name="chunks">Of an agent, a mock, or anything in between. Read once.</param>
    /// <param name="cancellationToken">Stops reading, which interrupts an agent's turn.</param>
    /// <exception cref="StreamInterruptedException">
    /// The stream did not come to its end; <see cref="IHasPartialResponse.PartialResponse"/> has the text that had arrived. Exceptions that carry partial
    /// text themselves, such as an agent's, come through unchanged. A cancellation has <see cref="InterruptReason.Caller"/>. Any other exception, from an
    /// operator between agent and reader for instance, is the inner one, and the reason is <see cref="InterruptReason.ReaderGone"/>: that is what the turn
    /// behind such a stream sees.
    /// </exception>
    public static async Task<StreamingResponse> CollectAsync(this IAsyncEnumerable<StreamChunk> chunks, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(chunks);
        var response = new StreamingResponse();
        TurnId turn = default;
        try
        {
            await foreach (var chunk in chunks.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                turn = chunk.TurnId ?? turn;
                response.AddChunk(chunk);
            }
        }
        catch (Exception exception) when (exception is not IHasPartialResponse)
        {
            throw Interrupted(exception, response.CompleteText, turn, cancellationToken);
        }
        return response;
    }

    /// <summary>Reads the stream to its end and keeps only the text.</summary>
    /// <inheritdoc cref="CollectAsync" path="/param|/exception"/>
    public static async Task<string> ToStringAsync(this IAsyncEnumerable<StreamChunk> chunks, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(chunks);
        var text = new StringBuilder();
        TurnId turn = default;
        try
        {
            await foreach (var chunk in chunks.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                turn = chunk.TurnId ?? turn;
                text.Append(chunk.Content);
            }
        }
        catch (Exception exception) when (exception is not IHasPartialResponse)
        {
            throw Interrupted(exception, text.ToString(), turn, cancellationToken);
        }
        return text.ToString();
    }

    private static StreamInterruptedException Interrupted(Exception exception, string partial, TurnId turn, CancellationToken cancellationToken) =>
        exception is OperationCanceledException cancelled
            ? new(InterruptReason.Caller, partial, turn, cancellationToken.IsCancellationRequested ? cancellationToken : cancelled.CancellationToken, exception)
            : new(InterruptReason.ReaderGone, partial, turn, inner: exception);
}
