using Microsoft.AspNetCore.Http;

namespace ActorAgents.AspNetCore;

/// <summary>A list of the tasks of one context, newest first. There is none over all contexts: agents are not listed anywhere.</summary>
/// <param name="After">The task that the page before ended with.</param>
internal sealed record A2AList(string ContextId, string? State, int PageSize, TurnId? After, int? HistoryLength, bool WithArtifacts)
{
    private const int UsualPage = 50, LargestPage = 100;

    public static A2AList Read(RequestObject parameters)
    {
        var state = parameters.Text("status");
        if (state is not null && !A2ATask.States.Contains(state)) throw parameters.Wrong("status", $"one of {string.Join(", ", A2ATask.States)}");
        var size = parameters.Integer("pageSize", 1) ?? UsualPage;
        if (size > LargestPage) throw parameters.Wrong("pageSize", $"at most {LargestPage}");
        var after = parameters.Text("pageToken") is { Length: > 0 } token ? Caller.Turn(token) : (TurnId?)null;
        var (history, artifacts) = (parameters.Integer("historyLength", 0), parameters.Flag("includeArtifacts"));
        if (parameters.Text("statusTimestampAfter") is not null) throw A2AErrors.Unsupported("Tasks are not kept by time here: leave 'statusTimestampAfter' out.");
        return parameters.Text("contextId") is { Length: > 0 } context ? new(context, state, size, after, history, artifacts)
            : throw A2AErrors.Unsupported("Tasks are listed by context here: give 'contextId'.");
    }

    public async Task AnswerAsync(HttpContext http, string kind, A2ACall call)
    {
        var agent = Caller.Agent(http, kind, ContextId);
        var all = new List<(A2ATask Task, KeptTurn Kept)>();
        foreach (var kept in (await KeptTurn.AllAsync(agent, http.RequestAborted)).Reverse())
        {
            var task = await A2ATask.FindAsync(agent, new(ContextId, kept.Id), A2ATasks.Now, http.RequestAborted, kept: kept);
            if (task is not null && (State is null || task.State == State)) all.Add((task, kept));
        }
        var from = After is { } last ? all.FindIndex(entry => entry.Kept.Id == last) + 1 : 0;
        if (After is not null && from == 0) throw new HttpErrorException(HttpError.BadRequest("'params.pageToken' leads nowhere any more: begin with the first page.", "params.pageToken"));
        var page = all.Skip(from).Take(PageSize).ToList();
        await call.AnswerAsync(http, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("tasks");
            foreach (var (task, kept) in page) A2AJson.Task(json, task, A2ATasks.History(kept, HistoryLength), WithArtifacts);
            json.WriteEndArray();
            json.WriteString("nextPageToken", from + page.Count < all.Count ? page[^1].Kept.Id.Value : "");
            json.WriteNumber("pageSize", PageSize);
            json.WriteNumber("totalSize", all.Count);
            json.WriteEndObject();
        });
    }
}
