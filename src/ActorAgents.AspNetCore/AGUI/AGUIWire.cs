using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace ActorAgents.AspNetCore;

/// <summary>AG-UI 1.0 over HTTP and server-sent events. A thread is an agent of its name, which keeps the conversation.</summary>
internal static class AGUIWire
{
    public static IEndpointConventionBuilder Map(IEndpointRouteBuilder routes)
    {
        var wire = new WireEndpoints(routes, ProblemShape.Instance);
        wire.Post("/ag-ui/{kind}", RunAsync);
        wire.Rest("/ag-ui/{**rest}");
        return wire.Conventions;
    }

    private static async Task RunAsync(HttpContext http)
    {
        var pauses = http.RequestServices.GetRequiredService<AGUIPauses>();
        AGUITurn turn;
        AGUIRun run;
        using (var body = await JsonBody.ReadAsync(http))
        {
            var request = AGUIRequest.Read(body.Root);
            var agent = Caller.Agent(http, Route.Kind(http), request.ThreadId);
            var paused = pauses.Find(agent.Id);
            var history = new AGUIHistory(await agent.GetMessagesAsync(http.RequestAborted));
            var lacking = history.IsRunning && paused is null ? null : history.Missing(request.Messages, body.Root.Element.GetProperty("messages"));
            run = new(request.ThreadId, request.RunId, request.ParentRunId, lacking, [.. request.Answers.Keys.Except(paused?.Open ?? [])]);
            if (paused is not null) Check(paused, request, history);
            turn = paused is not null && pauses.TryTake(paused) ? paused : New(pauses, agent, request, history);
            if (turn == paused) await AnswerAsync(turn, request, http.RequestAborted);
        }
        await EventStream.RespondAsync(http, turn.Run(run), turn.Format);
    }

    private static AGUITurn New(AGUIPauses pauses, Agent agent, AGUIRequest request, AGUIHistory history)
    {
        var options = Caller.Asked(agent.Definition) with { Chat = request.Chat, Context = request.Context };
        var events = request.Answers.Count > 0 && !request.News(history).Any()
            ? AnsweredInVain(request) : agent.EventsAsync(Caller.OrBadRequest(() => request.Input(history)), options);
        return new(pauses, agent, events, history.Calls, Caller.Patience(agent.Definition));
    }

    /// <summary>Nothing waits for these answers and nothing else was said. Questions that are given up are gone, as the client wished; others it must hear of.</summary>
    private static IAsyncEnumerable<TurnEvent> AnsweredInVain(AGUIRequest request) => request.Answers.FirstOrDefault(answer => !answer.Value.IsGivenUp).Key is { } interrupt
        ? throw new HttpErrorException(new(StatusCodes.Status409Conflict, "unknown_interrupt",
            $"Nothing in this thread waits for an answer to interrupt '{interrupt}': it was answered before, came too late, or its turn was ended. Give it up with status 'cancelled', or go on with a message.", "resume"))
        : AsyncEnumerable.Empty<TurnEvent>().Append(new TurnCompleted("", null, TokenUsage.None));

    /// <exception cref="HttpErrorException">The request does not say what becomes of each question, or says more than that.</exception>
    private static void Check(AGUITurn paused, AGUIRequest request, AGUIHistory history)
    {
        if (paused.Open.Where(interrupt => !request.Answers.ContainsKey(interrupt)).ToList() is { Count: > 0 } left)
            throw new HttpErrorException(new(StatusCodes.Status409Conflict, "open_interrupt",
                $"This thread waits for an answer: say in 'resume' what becomes of {string.Join(", ", left.Select(interrupt => $"'{interrupt}'"))}, with status 'resolved' or 'cancelled'.", "resume"));
        if (request.News(history).Any(message => message.Role == ChatRole.User))
            throw new HttpErrorException(HttpError.BadRequest("'messages' must have nothing new while 'resume' answers a question: send it with the next run.", "messages"));
    }

    private static async Task AnswerAsync(AGUITurn turn, AGUIRequest request, CancellationToken gone)
    {
        try
        {
            // What is not taken was decided elsewhere or too late; what became of the call is part of what follows.
            foreach (var interrupt in turn.Open) await turn.Agent.AnswerAsync(interrupt, request.Answers[interrupt].Approved, request.Answers[interrupt].Reason, gone);
        }
        catch
        {
            await turn.DisposeAsync();
            throw;
        }
    }
}
