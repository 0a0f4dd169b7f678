using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore;

/// <summary>
/// Which agent gives a response, and from what. A response that goes on from an agent's newest turn is that agent's next; of several that do, and of those that
/// go on from an older turn, each has an agent of its own that begins with the conversation up to there. What is not to be stored is a stateless agent's.
/// </summary>
internal sealed class ResponseTurn : IAsyncEnumerable<TurnEvent>
{
    private readonly HttpContext _http;
    private readonly ResponseRequest _request;
    private readonly IReadOnlyList<ChatMessage> _before;
    private readonly TurnId _turn = TurnId.New();
    private bool _follows;

    private ResponseTurn(HttpContext http, ResponseRequest request, IReadOnlyList<ChatMessage> before)
    {
        (_http, _request, _before) = (http, request, before);
        _follows = request.IsStored && request.Previous?.Kind == request.Model;
        var own = ResponseId.Own(request.Model, _turn);
        Response = new(request.Conversation is { } key ? own with { Key = key } : _follows ? request.Previous!.Value with { Turn = _turn } : own, request.Settings);
        if (!_follows) MustBeWhole();
    }

    /// <summary>Its id is the one it has once its turn has begun.</summary>
    public ResponseState Response { get; }

    /// <exception cref="HttpErrorException">There is nothing to go on from.</exception>
    public static async Task<ResponseTurn> OfAsync(HttpContext http, ResponseRequest request) =>
        new(http, request, request.Previous is { } previous ? await BeforeAsync(http, previous) : []);

    public Agent Agent => Caller.Agent(_http, Response.Id.Kind, Response.Id.Key);

    /// <summary>Attached: the reader paces it.</summary>
    public IAsyncEnumerator<TurnEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        if (!_request.IsStored && _request.Conversation is null) return Stateless().GetAsyncEnumerator(cancellationToken);
        var turn = Attached().GetAsyncEnumerator(cancellationToken);
        return _follows ? new Continuing(this, turn, cancellationToken) : turn;
    }

    /// <summary>Detached.</summary>
    /// <exception cref="TurnException">The input was refused.</exception>
    public async Task<TurnHandle> StartAsync()
    {
        try { return await Agent.StartAsync(Input(), Options(), _http.RequestAborted); }
        catch (TurnOvertakenException) when (_follows)
        {
            Fork();
            return await Agent.StartAsync(Input(), Options(), _http.RequestAborted);
        }
    }

    /// <summary>What the conversation has up to the end of that turn.</summary>
    private static async Task<IReadOnlyList<ChatMessage>> BeforeAsync(HttpContext http, ResponseId previous)
    {
        var messages = (await Caller.Agent(http, previous.Kind, previous.Key).GetMessagesAsync(http.RequestAborted)).ToList();
        var last = messages.FindLastIndex(message => message.GetTurn() == previous.Turn);
        return last >= 0 ? messages[..(last + 1)] : throw ResponseRequest.UnknownPrevious(previous.ToString());
    }

    private IAsyncEnumerable<TurnEvent> Attached() => Agent.EventsAsync(Input(), Options());

    private IAsyncEnumerable<TurnEvent> Stateless()
    {
        var agents = Caller.Stateless(_http, _request.Model);
        return agents.EventsAsync(Input().Messages, Options());
    }

    private void Fork()
    {
        MustBeWhole();
        (_follows, Response.Id) = (false, ResponseId.Own(_request.Model, _turn));
    }

    private void MustBeWhole()
    {
        if (_before is [.., var last] && last.GetTurnState() == "running")
            throw new HttpErrorException(new(StatusCodes.Status409Conflict, "response_in_progress",
                $"Response '{_request.Previous}' is not finished, so that only one other can go on from it.", "previous_response_id"));
    }

    private AgentInput Input()
    {
        var input = _request.Input;
        if (_request.IsStored) ResponseSettings.Attach(input, _request.Settings);
        return Caller.OrBadRequest(() => AgentInput.From(_follows ? input : [.. _before.Select(Bare), .. input]));

        // Without what the former conversation says of it.
        static ChatMessage Bare(ChatMessage message) => new(message.Role, message.Contents) { AuthorName = message.AuthorName, MessageId = message.MessageId };
    }

    private TurnOptions Options()
    {
        var definition = Caller.Stateless(_http, _request.Model).Definition;
        var options = (_request.Conversation is null ? Caller.Unattended(definition) : Caller.Attached) with { TurnId = _turn, Chat = _request.Options };
        if (_follows) options = options with { Follows = _request.Previous!.Value.Turn };
        return Response.Id.IsOwn && definition.ForgetAfter is null ? options with { ForgetAfter = _http.Settings().Options.KeepResponses } : options;
    }

    /// <summary>The events of the agent's next turn, or, if another came first, of a fork's.</summary>
    private sealed class Continuing(ResponseTurn owner, IAsyncEnumerator<TurnEvent> turn, CancellationToken token) : IAsyncEnumerator<TurnEvent>
    {
        private bool _begun;

        public TurnEvent Current => turn.Current;

        public ValueTask<bool> MoveNextAsync() => _begun ? turn.MoveNextAsync() : BeginAsync();

        public ValueTask DisposeAsync() => turn.DisposeAsync();

        private async ValueTask<bool> BeginAsync()
        {
            _begun = true;
            var any = await turn.MoveNextAsync();
            if (!any || turn.Current is not TurnFailed { Error.Kind: TurnErrorKind.Overtaken }) return any;
            await turn.DisposeAsync();
            owner.Fork();
            turn = owner.Attached().GetAsyncEnumerator(token);
            return await turn.MoveNextAsync();
        }
    }
}
