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
        var reasoning = new System.Text.StringBuilder();
        var (calls, content) = (new List<ToolFinished>(), new List<ContentAdded>());
        await foreach (var next in events.WithCancellation(cancellationToken))
        {
            switch (next)
            {
                case ReasoningDelta delta: reasoning.Append(delta.Text); break;
                case ToolFinished finished: calls.Add(finished); break;
                case ContentAdded added: content.Add(added); break;
                case TurnCompleted completed: return new(completed, reasoning.ToString(), calls, content);
            }
            if (HttpErrors.Of(next) is { } error) throw new HttpErrorException(error);
        }
        throw new InvalidOperationException("The turn's events ended without a terminal event.");
    }
}
