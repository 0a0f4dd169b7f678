using System.Runtime.CompilerServices;

namespace ActorAgents.AspNetCore;

/// <summary>
/// The events of a turn, from its log, up to the place where nothing happens before its client answers a question: the response ends there, since a client
/// answers with its next request. The turn waits on.
/// </summary>
internal sealed class UntilAsked(TurnHandle turn)
{
    private readonly OpenQuestions _questions = new();
    private TurnCursor _after;

    /// <summary>The event that was given last is the last, though it does not end the turn.</summary>
    public bool EndHere { get; private set; }

    /// <summary>The requests that wait there.</summary>
    public IEnumerable<string> Open => _questions.Requests;

    /// <summary>The turn's calls, up to the event that was given last.</summary>
    public OpenQuestions Questions => _questions;

    /// <summary>
    /// Leaves out what a client has that answers these requests: what came before the turn last waited for one of them. Call it before the answers are handed
    /// on; nothing is left out when there are no such requests.
    /// </summary>
    /// <returns>What is left out.</returns>
    /// <exception cref="TurnGoneException">The turn has no log.</exception>
    public async Task<IReadOnlyList<TurnEvent>> SkipAsync(IReadOnlySet<string> answered, CancellationToken cancellationToken)
    {
        _questions.Answers = answered;
        var (events, questions, seen) = (new List<TurnEvent>(), new OpenQuestions(), 0);
        await LoggedAsync(next =>
        {
            events.Add(next);
            questions.See(next);
            if (next is ApprovalRequested asked && answered.Contains(asked.RequestId) || questions.AreAllThatIsLeft && questions.Requests.Any(answered.Contains)) seen = events.Count;
        }, cancellationToken);
        foreach (var next in events[..seen]) _questions.See(next);
        if (seen > 0) _after = events[seen - 1].Cursor;
        return events[..seen];
    }

    /// <summary>
    /// The same for a client that tells what it has: left out are the steps before that of the requests, and of that step what it has.
    /// </summary>
    /// <param name="has">Of the events of their step in order: whether the client has this one. What comes after the first that it lacks is not asked for.</param>
    /// <param name="skip">Is told what is left out.</param>
    /// <exception cref="TurnGoneException">The turn has no log.</exception>
    public async Task SkipAsync(IReadOnlySet<string> answered, Func<TurnEvent, bool> has, Action<TurnEvent> skip, CancellationToken cancellationToken)
    {
        _questions.Answers = answered;
        if (await StepOfAsync(answered, cancellationToken) is not { } step) return;
        var hasAll = true;
        await LoggedAsync(next =>
        {
            if (!(hasAll = hasAll && (next.Seq < step || has(next)))) return;
            _questions.See(next);
            skip(next);
            _after = next.Cursor;
        }, cancellationToken);
    }

    /// <summary>Where the last step begins in which one of these requests was made.</summary>
    private async Task<long?> StepOfAsync(IReadOnlySet<string> answered, CancellationToken cancellationToken)
    {
        var (step, isOver, found) = (0L, false, (long?)null);
        await LoggedAsync(next =>
        {
            if (next is StepFinished) isOver = true;
            else if (isOver && next is TextDelta or ReasoningDelta or ContentAdded or ToolCallDelta or ApprovalRequested) (step, isOver) = (next.Seq, false); // Other calls may be of the step before.
            if (next is ApprovalRequested asked && answered.Contains(asked.RequestId)) found = step;
        }, cancellationToken);
        return found;
    }

    public async IAsyncEnumerable<TurnEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var next in turn.ReadAsync(_after, cancellationToken))
        {
            _questions.See(next);
            // Something follows at once where the answer was given before.
            EndHere = _questions.AreAllThatIsLeft && (await turn.GetEventsAsync(next.Cursor, cancellationToken)).Count == 0;
            yield return next;
            if (EndHere) yield break;
        }
    }

    /// <summary>Takes in what the log has now.</summary>
    private Task LoggedAsync(Action<TurnEvent> take, CancellationToken cancellationToken) => turn.TakeInAsync(take, static () => true, cancellationToken);
}

/// <summary>The calls of a turn that run or wait for an approval, as its events tell.</summary>
internal sealed class OpenQuestions
{
    private readonly HashSet<string> _running = [];
    private readonly Dictionary<string, string> _asked = [];
    private bool _responseIsOver;

    /// <summary>The requests that wait.</summary>
    public IEnumerable<string> Requests => _asked.Values;

    /// <summary>Requests that are as good as answered: of these something comes by itself.</summary>
    public IReadOnlySet<string>? Answers { get; set; }

    /// <summary>The request that the event which was seen last tells the answer of, if it is the start or the end of a call.</summary>
    public string? Answered { get; private set; }

    /// <summary>Whether calls run besides this one.</summary>
    public bool OthersRun(string callId) => _running.Count > (_running.Contains(callId) ? 1 : 0);

    /// <summary>Nothing more comes before one is answered, as far as the events tell.</summary>
    public bool AreAllThatIsLeft => _asked.Count > 0 && _running.Count == 0 && _responseIsOver && !_asked.Values.Any(request => Answers?.Contains(request) == true);

    public void See(TurnEvent next)
    {
        switch (next)
        {
            case TextDelta or ReasoningDelta: break; // Nearly every event.
            case ApprovalRequested asked:
                _asked[asked.CallId] = asked.RequestId;
                _responseIsOver = false; // They come within a response.
                break;
            case ToolStarted started:
                Answer(started.CallId);
                _running.Add(started.CallId);
                break;
            case ToolFinished finished:
                Answer(finished.CallId);
                _running.Remove(finished.CallId);
                break;
            case StepFinished: _responseIsOver = true; break;
            case TerminalEvent:
                _asked.Clear();
                _running.Clear();
                break;
        }
    }

    private void Answer(string callId) => Answered = _asked.Remove(callId, out var request) ? request : null;
}
