using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace ActorAgents.AspNetCore;

/// <summary>
/// Which agent gives a response, and from what. A response that goes on from an agent's newest turn is that agent's next; of several that do, and of those that
/// go on from an older turn, each has an agent of its own that begins with the conversation up to there. What is not to be stored is a stateless agent's.
/// </summary>
internal sealed class ResponseTurn : IAsyncEnumerable<TurnEvent>
{
    private readonly HttpContext _http;
    private readonly ResponseRequest _request;
    private readonly AgentDefinition _definition;
    private readonly TurnId _turn = TurnId.New();
    private IReadOnlyList<ChatMessage> _before = [];
    private bool _follows;

    private ResponseTurn(HttpContext http, ResponseRequest request)
    {
        (_http, _request, _definition) = (http, request, Caller.Stateless(http, request.Model).Definition);
        _follows = request.IsStored && request.Previous?.Kind == request.Model;
        var own = ResponseId.Own(request.Model, _turn);
        Response = new(request.Conversation is { } key ? own with { Key = key } : _follows ? request.Previous!.Value with { Turn = _turn } : own, request.Settings);
    }

    /// <summary>Its id is the one it has once its turn has begun.</summary>
    public ResponseState Response { get; }

    /// <exception cref="HttpErrorException">There is nothing to go on from, or more to keep than is kept.</exception>
    public static async Task<ResponseTurn> OfAsync(HttpContext http, ResponseRequest request)
    {
        var turn = new ResponseTurn(http, request);
        turn.MustFit();
        if (request.Previous is not null && !turn._follows) await turn.RecallAsync();
        return turn;
    }

    private Agent Agent => Caller.Agent(_http, Response.Id.Kind, Response.Id.Key);

    private bool IsOwn => _request.Conversation is null && Response.Id.IsOwn;

    /// <summary>Attached: the reader paces it.</summary>
    public IAsyncEnumerator<TurnEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        (_request.IsStored ? new FirstSeen(Attached(), BegunAsync) : Stateless()).GetAsyncEnumerator(cancellationToken);

    /// <summary>Detached.</summary>
    /// <exception cref="TurnException">The input was refused.</exception>
    public async Task<TurnHandle> StartAsync()
    {
        try { return await DetachedAsync(); }
        catch (TurnOvertakenException) when (_follows)
        {
            await ForkAsync();
            return await DetachedAsync();
        }
    }

    private async Task<TurnHandle> DetachedAsync()
    {
        var turn = await Agent.StartAsync(Input(), Options(), _http.RequestAborted);
        Used();
        return turn;
    }

    private IAsyncEnumerable<TurnEvent> Attached() => Agent.EventsAsync(Input(), Options());

    private IAsyncEnumerable<TurnEvent> Stateless() => Caller.Stateless(_http, _request.Model).EventsAsync(Input().Messages, Options());

    private async ValueTask<IAsyncEnumerable<TurnEvent>?> BegunAsync(TurnEvent first)
    {
        if (first is TurnFailed { Error.Kind: TurnErrorKind.Overtaken }) // Another came first, or there is no such response.
        {
            await ForkAsync();
            return Attached();
        }
        if (first is TurnStarted) Used();
        return null;
    }

    private async Task ForkAsync()
    {
        await RecallAsync();
        (_follows, Response.Id) = (false, ResponseId.Own(_request.Model, _turn));
    }

    /// <summary>Begins with the conversation up to the end of the turn that it goes on from, as far back as its agent would look.</summary>
    private async Task RecallAsync()
    {
        var previous = _request.Previous!.Value;
        var turns = (await KeptTurn.AllAsync(Caller.Agent(_http, previous.Kind, previous.Key), _http.RequestAborted)).ToList();
        var last = turns.FindIndex(turn => turn.Id == previous.Turn);
        if (last < 0) throw ResponseRequest.UnknownPrevious(previous.ToString());
        if (turns[last].IsRunning)
            throw new HttpErrorException(new(StatusCodes.Status409Conflict, "response_in_progress",
                $"Response '{previous}' is not finished, so that only one other can go on from it.", "previous_response_id"));
        _before = [.. turns.Take(last + 1).TakeLast(_definition.Limits.HistoryTurns).SelectMany(turn => turn.Messages).Select(Bare)];

        // Without what the former conversation says of it.
        static ChatMessage Bare(ChatMessage message) => new(message.Role, message.Contents) { AuthorName = message.AuthorName, MessageId = message.MessageId };
    }

    /// <summary>The settings are kept with the input, and count as it does.</summary>
    private void MustFit()
    {
        var (length, most) = (Length(_request.Input) + _request.Settings.GetRawText().Length, _definition.Limits.MaxInputChars);
        if (_request.IsStored && length > most)
            throw new HttpErrorException(HttpErrors.Of(new TurnError(TurnErrorKind.InvalidInput,
                $"Input and settings have {length} characters; agents of kind '{_request.Model}' keep at most {most} (limit maxInputChars). Send less, or 'store': false.")));
    }

    /// <summary>The agent took the input. One that refused it has nothing to be kept for, and goes by itself.</summary>
    private void Used()
    {
        if (IsOwn) _http.RequestServices.GetRequiredService<ResponseAgents>().Used(Agent);
    }

    private AgentInput Input()
    {
        var input = _request.Input;
        if (_request.IsStored) ResponseSettings.Attach(input, _request.Settings);
        return Caller.OrBadRequest(() => AgentInput.From([.. _before, .. input]));
    }

    private TurnOptions Options()
    {
        var options = Caller.Unattended(_definition) with { TurnId = _turn, Chat = _request.Options, OnBusy = BusyPolicy.Queue };
        if (_before.Count > 0) // It was no input of this caller's.
            options = options with { Limits = options.Limits! with { MaxInputChars = (int)Math.Min(int.MaxValue, options.Limits.MaxInputChars + Length(_before)) } };
        if (_follows) options = options with { Follows = _request.Previous!.Value.Turn };
        return IsOwn && _definition.ForgetAfter is null ? options with { ForgetAfter = _http.Settings().Options.KeepResponses } : options;
    }

    private static long Length(IEnumerable<ChatMessage> messages) => messages.Sum(message => (long)message.Text.Length);
}
