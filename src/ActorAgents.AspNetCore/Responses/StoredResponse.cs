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
        for (var again = false; ; again = true)
        {
            var kept = await KeptTurn.FindAsync(agent, id.Turn, http.RequestAborted);
            var response = new ResponseState(id, ResponseSettings.Of(id, kept)) { Status = "queued" };
            var hasEnd = isOver || kept is { IsRunning: false };
            try { await agent.Turn(id.Turn).TakeInAsync(response.Add, () => !hasEnd, http.RequestAborted); }
            catch (TurnGoneException) { return kept is not null ? ResponseState.Of(id, kept) : throw Unknown(id.ToString()); }
            if (kept is not null || !response.HasStarted) return response;
            if (again) throw Unknown(id.ToString()); // The conversation was forgotten. Otherwise it left the queue meanwhile.
        }
    }

    public static HttpErrorException Unknown(string id) =>
        new(HttpError.NotFound("response_not_found", $"There is no response '{TurnName.Shown(id)}': it was not stored, or is forgotten."));
}
