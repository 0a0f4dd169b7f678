using Microsoft.Extensions.Logging;

namespace ActorAgents.Pages;

/// <summary>
/// A conversation that a browser has open, and the readers of its running turns. It is used from components and everything in it goes on in their
/// synchronization context, so nothing is locked and nothing here may leave that context. Closing it stops its readers and never a turn.
/// </summary>
public sealed partial class OpenConversation : IDisposable
{
    /// <summary>Of so many turns the runtime keeps the events for a while, which tell more than the messages do.</summary>
    private const int TurnsWithEvents = 4;
    private const int EventsAtOnce = 256;
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(2);

    private readonly Agent _agent;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly RenderThrottle _throttle;
    private readonly CancellationTokenSource _closed = new();
    private readonly List<Exchange> _exchanges = [];

    internal OpenConversation(Agent agent, TimeProvider time, ILogger log)
    {
        (_agent, _time, _log) = (agent, time, log);
        _throttle = new RenderThrottle(time, () => Changed?.Invoke());
    }

    internal AgentDefinition Definition => _agent.Definition;
    internal string Kind => _agent.Id.Kind;
    internal string Key => _agent.Id.Key;
    internal IReadOnlyList<Exchange> Exchanges => _exchanges;
    internal bool IsLoaded { get; private set; }
    internal bool IsBusy => _exchanges.Any(e => !e.Answer.IsOver);

    /// <summary>The turn that runs, else the one that waits longest.</summary>
    internal Exchange? Current => _exchanges.Find(e => e.Answer.State == AnswerState.Running) ?? _exchanges.Find(e => !e.Answer.IsOver);

    /// <summary>Inputs whose turns have not begun, which the conversation's messages do not have yet.</summary>
    internal IEnumerable<WaitingInput> Waiting => _exchanges.Where(e => e.Answer.State == AnswerState.Waiting).Select(e => new WaitingInput(e.Turn.Value, e.Prompt));

    /// <summary>Something is to be shown anew. Raised a few times a second at most.</summary>
    internal event Action? Changed;

    /// <summary>Takes in what the agent has, and follows what runs. Again: what was added elsewhere meanwhile.</summary>
    /// <param name="waiting">Inputs that this browser sent before and that had not begun.</param>
    internal async Task LoadAsync(IEnumerable<WaitingInput> waiting)
    {
        await TakeInAsync();
        foreach (var input in waiting)
        {
            var turn = new TurnId(input.Turn);
            if (Find(turn) is null) Follow(Add(new Exchange(turn, input.Prompt, new Answer())));
        }
        IsLoaded = true;
        Touch();
    }

    internal async Task SendAsync(string prompt)
    {
        var exchange = new Exchange(TurnId.New(), prompt, new Answer()) { Timing = new AnswerTiming(_time) };
        _exchanges.Add(exchange);
        Touch();
        try
        {
            await _agent.StartAsync(prompt, new TurnOptions { TurnId = exchange.Turn, FallBackToNonStreaming = true });
            Follow(exchange);
        }
        catch (TurnException refused)
        {
            exchange.Answer.Stand(AnswerState.Refused, Wording.OfRefusal(refused.Error));
        }
        Touch();
    }

    /// <summary>Sends an input again that was refused.</summary>
    internal async Task SendAgainAsync(Exchange refused)
    {
        _exchanges.Remove(refused);
        await SendAsync(refused.Prompt);
    }

    internal async Task StopAsync()
    {
        if (Current is not { } current) return;
        current.IsStopping = true;
        Touch();
        await _agent.InterruptAsync(current.Turn);
    }

    internal async Task AnswerAsync(Exchange exchange, ToolPart call, bool approved)
    {
        if (call is not { State: ToolPartState.AwaitsApproval, RequestId: { } request }) return;
        exchange.Answer.Answered(call);
        Touch();
        await _agent.AnswerAsync(request, approved); // Whose answer was taken, the turn's events tell.
    }

    public void Dispose()
    {
        _closed.Cancel();
        _throttle.Dispose();
    }

    private async Task TakeInAsync()
    {
        var recorded = RecordedTurns.From(await _agent.GetMessagesAsync(_closed.Token));
        for (var i = 0; i < recorded.Count; i++)
        {
            var turn = recorded[i];
            if (Find(turn.Turn) is not null) continue;
            var exchange = Add(new Exchange(turn.Turn, turn.Prompt, turn.Answer));
            if (turn.IsRunning || recorded.Count - i <= TurnsWithEvents) Follow(exchange);
        }
    }

    /// <summary>Inputs that wait come after all that ran.</summary>
    private Exchange Add(Exchange exchange)
    {
        var place = exchange.Answer.State == AnswerState.Waiting ? -1 : _exchanges.FindIndex(e => e.Answer.State == AnswerState.Waiting);
        _exchanges.Insert(place < 0 ? _exchanges.Count : place, exchange);
        return exchange;
    }

    private Exchange? Find(TurnId turn) => _exchanges.Find(e => e.Turn == turn);

    private void Touch() => _throttle.Touch(_exchanges.Where(e => !e.Answer.IsOver).Sum(e => e.Answer.UnsettledLength));
}

/// <summary>An input that waits for its turn to begin.</summary>
public sealed record WaitingInput(string Turn, string Prompt);
