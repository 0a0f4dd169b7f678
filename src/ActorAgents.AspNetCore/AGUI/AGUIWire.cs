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
        using var body = await JsonBody.ReadAsync(http);
        var (events, format) = await BeginAsync(http, body);
        await EventStream.RespondAsync(http, events, format);
    }

    private static async Task<(IAsyncEnumerable<TurnEvent> Events, AGUIFormat Format)> BeginAsync(HttpContext http, RequestBody body)
    {
        var pauses = http.RequestServices.GetRequiredService<AGUIPauses>();
        var request = AGUIRequest.Read(body.Root);
        var agent = Caller.Agent(http, Route.Kind(http), request.ThreadId);
        var paused = pauses.Find(agent.Id);
        var history = new AGUIHistory(await agent.GetMessagesAsync(http.RequestAborted));
        var run = new AGUIRun(request.ThreadId, request.RunId, request.ParentRunId, [.. request.Answers.Keys.Except(paused?.Open ?? [])]);
        if (paused is not null) Check(paused, request, history);
        var isTaken = paused is not null && pauses.TryTake(paused);
        if (!isTaken && (request.Answers.Count == 0 || request.News(history).Any()))
        {
            var begun = New(pauses, agent, request, history, FollowAsync);
            return (begun.Run(run), begun.Format);
        }
        run = run with { CatchUp = isTaken || !history.IsRunning ? Missing(history) : null };
        var turn = isTaken ? paused!.Turn : new AGUITurn(pauses, agent, AnsweredInVain(request), Caller.Patience(agent.Definition));
        if (isTaken) await AnswerAsync(paused!, request, http.RequestAborted);
        body.Dispose(); // What lasts as long as the run needs no more of it.
        return (turn.Run(run), turn.Format);

        AGUICatchUp? Missing(AGUIHistory from) => from.Missing(request.Messages, body.Root.Element.GetProperty("messages"));

        // Others may have come before it.
        async Task FollowAsync(AGUIFormat format, TurnId begun, CancellationToken gone)
        {
            var before = new AGUIHistory([.. (await agent.GetMessagesAsync(gone)).Where(message => message.GetTurn() != begun)]);
            format.Follow(before.Calls, Missing(before));
            body.Dispose();
        }
    }

    private static AGUITurn New(AGUIPauses pauses, Agent agent, AGUIRequest request, AGUIHistory history, Func<AGUIFormat, TurnId, CancellationToken, Task> begins)
    {
        var options = Caller.Asked(agent.Definition) with { Chat = request.Chat, Context = request.Context };
        return new(pauses, agent, agent.EventsAsync(Caller.OrBadRequest(() => request.Input(history)), options), Caller.Patience(agent.Definition), begins);
    }

    /// <summary>Nothing waits for these answers and nothing else was said. Questions that are given up are gone, as the client wished; others it must hear of.</summary>
    private static IAsyncEnumerable<TurnEvent> AnsweredInVain(AGUIRequest request) => request.Answers.FirstOrDefault(answer => !answer.Value.IsGivenUp).Key is { } interrupt
        ? throw new HttpErrorException(new(StatusCodes.Status409Conflict, "unknown_interrupt",
            $"Nothing in this thread waits for an answer to interrupt '{interrupt}': it was answered before, came too late, or its turn was ended. Give it up with status 'cancelled', or go on with a message.", "resume"))
        : AsyncEnumerable.Empty<TurnEvent>().Append(new TurnCompleted("", null, TokenUsage.None));

    /// <exception cref="HttpErrorException">The request does not say what becomes of each question, or says more than that.</exception>
    private static void Check(AGUIPause paused, AGUIRequest request, AGUIHistory history)
    {
        if (paused.Open.Where(interrupt => !request.Answers.ContainsKey(interrupt)).ToList() is { Count: > 0 } left) throw new HttpErrorException(AGUIPause.Unanswered(left));
        // Results of the client's tools come again once their calls are left to it.
        if (request.News(history).Any(message => message.Role != ChatRole.Tool))
            throw new HttpErrorException(HttpError.BadRequest("'messages' must have nothing new but results while 'resume' answers a question: send it with the next run.", "messages"));
    }

    private static async Task AnswerAsync(AGUIPause paused, AGUIRequest request, CancellationToken gone)
    {
        try
        {
            // What is not taken was decided elsewhere or too late; what became of the call is part of what follows.
            foreach (var interrupt in paused.Open) await paused.Turn.Agent.AnswerAsync(interrupt, request.Answers[interrupt].Approved, request.Answers[interrupt].Reason, gone);
        }
        catch
        {
            await paused.Turn.DisposeAsync();
            throw;
        }
    }
}
