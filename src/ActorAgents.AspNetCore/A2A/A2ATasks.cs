using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore;

/// <summary>Tasks that exist: asked for, followed, cancelled.</summary>
internal static class A2ATasks
{
    /// <summary>What there is will do.</summary>
    public static readonly Predicate<A2ATask> Now = _ => true;

    /// <summary>There is nothing to wait for: it is over, or asks.</summary>
    public static readonly Predicate<A2ATask> Settled = task => task.Asked.Count > 0;

    private static readonly Predicate<A2ATask> Over = _ => false;

    public static async Task GetAsync(HttpContext http, string kind, A2ACall call, string id, int? historyLength)
    {
        var (agent, name) = Name(http, kind, id);
        await AnswerAsync(http, call, agent, await FindAsync(http, agent, name, Now), historyLength);
    }

    public static async Task CancelAsync(HttpContext http, string kind, A2ACall call, string id)
    {
        var (agent, name) = Name(http, kind, id);
        var task = await FindAsync(http, agent, name, Now);
        if (task.IsOver) throw A2AErrors.NotCancelable(task);
        var stopped = await agent.InterruptAsync(name.Turn, cancellationToken: http.RequestAborted);
        // The record is there before the log has the end, which follows in an instant.
        task = await FindAsync(http, agent, name, await TurnEnd.ComesAsync(http, agent, name.Turn) ? Over : Now);
        if (!stopped && task.State != A2ATask.Canceled) throw A2AErrors.NotCancelable(task);
        await AnswerAsync(http, call, agent, task, null);
    }

    /// <summary>Until the task is over, whatever it asks meanwhile: somebody else may answer.</summary>
    public static async Task SubscribeAsync(HttpContext http, string kind, A2ACall call, string id)
    {
        var (agent, name) = Name(http, kind, id);
        var task = await FindAsync(http, agent, name, Now);
        if (task.IsOver) throw A2AErrors.Unsupported($"The task is over ({task.State}), so that nothing is left to follow: ask for it with GetTask.");
        await StreamAsync(http, call, agent, task, untilAsked: false);
    }

    public static Task StreamAsync(HttpContext http, A2ACall call, Agent agent, A2ATask task, bool untilAsked)
    {
        http.NameTurn(task.Id.Turn);
        var settled = task.IsOver || untilAsked && Settled(task);
        var events = settled ? AsyncEnumerable.Empty<TurnEvent>() : agent.Turn(task.Id.Turn).ReadAsync(task.Place);
        return EventStream.RespondAsync(http, events, new A2AFormat(call, task, untilAsked));
    }

    /// <summary>Answers with the task.</summary>
    /// <param name="within">The member that holds it; none where it is the result itself.</param>
    public static async Task AnswerAsync(HttpContext http, A2ACall call, Agent agent, A2ATask task, int? historyLength, string? within = null)
    {
        http.NameTurn(task.Id.Turn);
        var history = historyLength == 0 ? [] : History(await KeptTurn.FindAsync(agent, task.Id.Turn, http.RequestAborted), historyLength);
        await call.AnswerAsync(http, json =>
        {
            if (within is not null)
            {
                json.WriteStartObject();
                json.WritePropertyName(within);
            }
            A2AJson.Task(json, task, history);
            if (within is not null) json.WriteEndObject();
        });
    }

    /// <summary>The newest of what the task was given.</summary>
    public static IReadOnlyList<ChatMessage> History(KeptTurn? kept, int? length) =>
        kept is null ? [] : [.. kept.Messages.Where(message => message.Role == ChatRole.User).TakeLast(length ?? int.MaxValue)];

    public static (Agent Agent, A2ATaskId Id) Name(HttpContext http, string kind, string id)
    {
        var name = A2ATaskId.Parse(id) ?? throw A2AErrors.TaskNotFound(id);
        return (Caller.Agent(http, kind, name.Key), name);
    }

    public static async Task<A2ATask> FindAsync(HttpContext http, Agent agent, A2ATaskId id, Predicate<A2ATask> leaves, IReadOnlyCollection<string>? answered = null) =>
        await A2ATask.FindAsync(agent, id, leaves, http.RequestAborted, answered) ?? throw A2AErrors.TaskNotFound(id.ToString());
}
