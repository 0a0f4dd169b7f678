using Microsoft.AspNetCore.Http;

namespace ActorAgents.AspNetCore;

/// <summary>A turn read to its end, for answers that are not streamed.</summary>
/// <param name="Content">What is not text, in order.</param>
internal sealed record WholeTurn(TurnCompleted End, string Reasoning, IReadOnlyList<ToolFinished> Calls, IReadOnlyList<ContentAdded> Content)
{
    /// <exception cref="HttpErrorException">It ended without completing.</exception>
    public static async Task<WholeTurn> ReadAsync(HttpContext http, IAsyncEnumerable<TurnEvent> events)
    {
        var turn = await ReadAsync(events, http.RequestAborted);
        http.NameTurn(turn.End.Turn);
        return turn;
    }

    /// <summary>The same where the response is another's to write.</summary>
    public static async Task<WholeTurn> ReadAsync(IAsyncEnumerable<TurnEvent> events, CancellationToken cancellationToken)
    {
        var kept = new List<TurnEvent>();
        await foreach (var next in events.WithCancellation(cancellationToken))
        {
            switch (next)
            {
                case ReasoningDelta or ToolFinished or ContentAdded: kept.Add(next); break;
                case Reset reset: kept.RemoveAll(other => other.Seq > reset.FromSeq); break;
                case TurnCompleted completed:
                    return new(completed, string.Concat(kept.OfType<ReasoningDelta>().Select(delta => delta.Text)), [.. kept.OfType<ToolFinished>()], [.. kept.OfType<ContentAdded>()]);
            }
            if (HttpErrors.Of(next) is { } error) throw new HttpErrorException(error);
        }
        throw new InvalidOperationException("The turn's events ended without a terminal event.");
    }
}
