using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorAgents.AspNetCore;

/// <summary>
/// The UI message streams of Vercel's AI SDK: a chat is an agent, by its id. Answers go on without their reader and can be joined again; with
/// <c>?mode=attached</c> an answer ends when the client that asked for it leaves.
/// </summary>
internal static class UIMessageWire
{
    public static IEndpointConventionBuilder Map(IEndpointRouteBuilder routes)
    {
        var wire = new WireEndpoints(routes, ProblemShape.Instance);
        wire.Post("/api/chat", AnswerAsync);
        wire.Get("/api/chat/{key}/stream", ResumeAsync);
        wire.Post("/api/chat/{key}/stop", StopAsync);
        wire.Rest("/api/chat/{**rest}");
        return wire.Conventions;
    }

    private static async Task AnswerAsync(HttpContext http)
    {
        var attached = http.Request.Query["mode"].ToString() switch
        {
            "attached" => true,
            "" or "detached" => false,
            var other => throw new HttpErrorException(HttpError.BadRequest($"'mode' must be attached or detached, not '{other}'.", "mode")),
        };
        UIMessageRequest request;
        using (var body = await JsonBody.ReadAsync(http)) request = UIMessageRequest.Read(body.Root);
        var agent = Caller.Agent(http, Caller.Kind(http), request.Chat);
        var answer = request.Approvals.Count > 0 ? await UIMessageAnswer.ContinuedAsync(http, agent, request) : await UIMessageAnswer.StartedAsync(http, agent, request);
        try { await RespondAsync(http, answer); }
        finally
        {
            if (attached && !answer.Format.IsDone) await agent.InterruptAsync(answer.Turn);
        }
    }

    private static async Task ResumeAsync(HttpContext http)
    {
        var agent = Caller.Agent(http, Caller.Kind(http), Route.Key(http));
        if (await UIMessageAnswer.ResumedAsync(http, agent) is { } answer) await RespondAsync(http, answer);
        else http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    /// <summary>A client's own stop closes its connection, which an answer that can be joined again does not notice. The body is nobody's here: the agent knows what it said.</summary>
    private static async Task StopAsync(HttpContext http)
    {
        await UIMessageAnswer.StopAsync(http, Caller.Agent(http, Caller.Kind(http), Route.Key(http)));
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static Task RespondAsync(HttpContext http, UIMessageAnswer answer)
    {
        http.Response.Headers["x-vercel-ai-ui-message-stream"] = "v1";
        http.Response.OnStarting(() =>
        {
            http.NameTurn(answer.Turn); // Its frames may begin with those of the turns before it.
            return Task.CompletedTask;
        });
        return EventStream.RespondAsync(http, answer.Events, answer.Format);
    }
}
