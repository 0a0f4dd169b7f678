using Microsoft.AspNetCore.Http;

namespace ActorAgents.AspNetCore;

/// <summary>Finds responses that were given before: in the conversation, and, of detached turns, in the log for as long as it is kept.</summary>
internal static class StoredResponse
{
    /// <param name="isOver">Whether it was told to stop and did: its log may not have that yet.</param>
    /// <exception cref="HttpErrorException">There is none.</exception>
    public static async Task<ResponseState> FindAsync(HttpContext http, ResponseId id, bool isOver = false)
    {
        var agent = Caller.Agent(http, id.Kind, id.Key);
        var kept = await KeptTurn.FindAsync(agent, id.Turn, http.RequestAborted);
        if (kept is { IsRunning: true }) return ResponseState.Of(id, kept);
        TerminalEvent? end = null;
        try
        {
            end = await EndAsync(http, agent.Turn(id.Turn), waits: isOver || kept is not null);
        }
        catch (TurnGoneException) when (kept is not null)
        {
            // It was attached, or ended long ago.
        }
        catch (TurnGoneException)
        {
            throw Unknown(id.ToString());
        }
        if (kept is null && end is not null) kept = await KeptTurn.FindAsync(agent, id.Turn, http.RequestAborted); // It left the queue meanwhile.
        var response = kept is null ? new(id, ResponseSettings.Of(id, null)) { Status = "queued" } : ResponseState.Of(id, kept);
        if (end is not null) response.End(end);
        return response;
    }

    public static HttpErrorException Unknown(string id) =>
        new(HttpError.NotFound("response_not_found", $"There is no response '{id}': it was not stored, or is forgotten."));

    /// <summary>Null when it is not there yet and is not waited for.</summary>
    private static async Task<TerminalEvent?> EndAsync(HttpContext http, TurnHandle turn, bool waits)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        await using var events = turn.ReadAsync().GetAsyncEnumerator(enough.Token);
        while (true)
        {
            var pull = events.MoveNextAsync();
            if (!waits && !pull.IsCompleted) await enough.CancelAsync();
            try
            {
                if (!await pull) return null;
            }
            catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
            {
                return null;
            }
            if (events.Current is TerminalEvent end) return end;
        }
    }
}
