using Microsoft.AspNetCore.Http;

namespace ActorAgents.AspNetCore;

/// <summary>Messages: one without a task starts a turn, which goes on whoever leaves; one to a task answers what that asks.</summary>
internal static class A2ASending
{
    public static async Task SendAsync(HttpContext http, string kind, A2ACall call, A2AMessage message, bool streams)
    {
        var (agent, id, answered) = message.TaskId is null ? await StartAsync(http, kind, message) : await AnswerAsync(http, kind, message);
        if (streams)
        {
            var begun = answered.Count == 0 ? new A2ATask(id) : await A2ATasks.FindAsync(http, agent, id, A2ATasks.Now, answered);
            await A2ATasks.StreamAsync(http, call, agent, begun, untilAsked: true);
            return;
        }
        var task = await A2ATasks.FindAsync(http, agent, id, message.ReturnsAtOnce ? A2ATasks.Now : A2ATasks.Settled, answered);
        await A2ATasks.AnswerAsync(http, call, agent, task, message.HistoryLength, within: "task");
    }

    private static async Task<(Agent, A2ATaskId, IReadOnlyCollection<string>)> StartAsync(HttpContext http, string kind, A2AMessage message)
    {
        var agent = Caller.Agent(http, kind, message.ContextId ?? A2AContext.New());
        AgentInput input = Caller.OrBadRequest(() => AgentInput.From([message.Input]));
        var turn = await agent.StartAsync(input, Options(http, agent), http.RequestAborted);
        return (agent, new(agent.Id.Key, turn.Id), []);
    }

    private static TurnOptions Options(HttpContext http, Agent agent)
    {
        var options = Caller.Asked(agent.Definition);
        if (agent.Definition.OnBusy == BusyPolicy.Steer) options = options with { OnBusy = BusyPolicy.Queue }; // A task is its own message's alone.
        return A2AContext.IsMade(agent.Id.Key) && agent.Definition.ForgetAfter is null ? options with { ForgetAfter = http.Settings().Options.KeepContexts } : options;
    }

    private static async Task<(Agent, A2ATaskId, IReadOnlyCollection<string>)> AnswerAsync(HttpContext http, string kind, A2AMessage message)
    {
        var (agent, id) = A2ATasks.Name(http, kind, message.TaskId!);
        var task = await A2ATasks.FindAsync(http, agent, id, A2ATasks.Now);
        if (message.ContextId is { } context && context != id.Key) throw Wrong("contextId", $"the task is of context '{id.Key}'; leave it out, or give that");
        if (task.IsOver) throw A2AErrors.Unsupported($"The task is over ({task.State}) and takes no further message: send it without 'taskId', and it becomes a task of the same context.");
        if (task.Asked.Count == 0) throw A2AErrors.Unsupported("The task asks nothing now: send the message without 'taskId', and it becomes the next task of the same context.");
        var answers = message.Answers.Select(answer => (Request: RequestOf(task, answer), Answer: answer)).ToList(); // All of them, before any is given.
        if (answers.GroupBy(answer => answer.Request).FirstOrDefault(same => same.Count() > 1) is { } doubled) throw Wrong("parts", $"request '{doubled.Key}' is answered twice");
        var isTaken = false; // Of several, some may have been answered elsewhere meanwhile; the task says what became of them.
        foreach (var (request, answer) in answers)
            isTaken |= await agent.AnswerAsync(request, answer.Approved!.Value, answer.Reason, http.RequestAborted) == ApprovalOutcome.Taken;
        if (!isTaken) throw A2AErrors.Unsupported("What is answered here was answered before, or the task is over.");
        return (agent, id, [.. answers.Select(answer => answer.Request)]);
    }

    private static string RequestOf(A2ATask task, A2AAnswer answer)
    {
        if (answer.Approved is null) throw Wrong("parts", "the task waits for approval: answer with the text yes or no, or with data {\"requestId\"?, \"approved\", \"reason\"?}");
        if (answer.RequestId is null)
            return task.Asked is [var only] ? only.RequestId : throw Wrong("parts", $"{task.Asked.Count} requests wait for approval: name each by data with its 'requestId'");
        return task.Asked.Exists(asked => asked.RequestId == answer.RequestId) ? answer.RequestId
            : throw Wrong("parts", $"no request '{answer.RequestId}' of this task waits for approval");
    }

    private static HttpErrorException Wrong(string member, string why) => new(HttpError.BadRequest($"'params.message.{member}' is wrong: {why}.", $"params.message.{member}"));
}
