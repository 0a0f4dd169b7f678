using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore;

/// <summary>The text of one answer and nothing else. Each request is a conversation of its own.</summary>
internal static class PlainChatWire
{
    public static IEndpointConventionBuilder Map(IEndpointRouteBuilder routes)
    {
        var wire = new WireEndpoints(routes, ProblemShape.Instance);
        wire.Post("/chat", PostAsync);
        wire.Get("/chat", http => AnswerAsync(http, http.Request.Query["prompt"]));
        wire.Rest("/chat/{**rest}");
        return wire.Conventions;
    }

    private static async Task PostAsync(HttpContext http)
    {
        string prompt;
        using (var body = await JsonBody.ReadAsync(http)) prompt = body.Root.RequiredText("prompt");
        await AnswerAsync(http, prompt);
    }

    private static Task AnswerAsync(HttpContext http, string? prompt)
    {
        if (string.IsNullOrWhiteSpace(prompt)) throw new HttpErrorException(HttpError.BadRequest("'prompt' is missing or empty: give the agent some text.", "prompt"));
        var agents = Caller.Stateless(http, Caller.Kind(http));
        return EventStream.RespondAsync(http, agents.EventsAsync([new(ChatRole.User, prompt)], Caller.Unattended(agents.Definition)), new PlainChatFormat());
    }
}

/// <summary>Text as data lines; <c>event: end</c> after a whole answer, <c>event: error</c> after one that is not.</summary>
internal sealed class PlainChatFormat : TurnFormat
{
    private bool _inBreak; // The last piece ended with half of a \r\n, which was a line break already.

    public override void Write(TurnEvent next, SseWriter frames)
    {
        switch (next)
        {
            case TextDelta { Text.Length: > 0 } text:
                var rest = text.Text.AsSpan(_inBreak && text.Text[0] == '\n' ? 1 : 0);
                _inBreak = text.Text[^1] == '\r';
                if (rest.Length > 0) frames.Text(rest);
                break;
            case TurnCompleted:
                frames.Event("end"u8);
                frames.Text("");
                break;
            case TerminalEvent ended:
                frames.Event("error"u8);
                frames.Text(HttpErrors.Of(ended)!.Message);
                break;
        }
    }
}
