using Akka.Actor;
using Microsoft.Extensions.AI;

namespace ActorAgents;

/// <summary>What an agent gives a turn that may run.</summary>
internal sealed record TurnGrant(IActorRef Agent, Conversation Conversation, Provider Provider, ToolSet Tools);

/// <summary>What happens next in a turn: the only place where its semantics are decided. Everything not marked otherwise is the owner's alone.</summary>
internal sealed partial class TurnLoop
{
    private enum Phase : byte { New, Queued, InLine, Gathering, NextStep, Reading, Tools, Backoff, Over }

    private readonly Turn _turn;
    private readonly AgentNode _node;
    private readonly AgentKind _kind;
    private readonly AgentInput _input;
    private readonly TurnOptions? _options;
    private readonly AgentLimits _limits;
    private readonly bool _mayCallWhole;

    private Phase _phase;
    private TokenUsage _usage = TokenUsage.None;
    private TerminalEvent? _terminal;

    // Of a turn that runs.
    private List<ChatMessage>? _messages;
    private ChatOptions? _chat;
    private Step? _step;
    private int _rounds, _calls, _failingRounds, _attempt;
    private int _window;
    private int _seen;
    private bool _lastStep;
    private TurnLimit? _limit;
    private long _otherChars;

    public TurnLoop(Turn turn, AgentNode node, AgentKind kind, AgentInput input, TurnOptions? options, bool mayCallWhole, Resumption? resumption)
    {
        (_turn, _node, _kind, _input, _options, _resumption) = (turn, node, kind, input, options, resumption);
        _limits = options?.Limits ?? kind.Definition.Limits;
        _mayCallWhole = mayCallWhole || options is { FallBackToNonStreaming: true };
        if (resumption is not null) Resume(resumption);
    }

    /// <summary>No event follows the one that was given last.</summary>
    public bool IsOver => _phase == Phase.Over && _terminal is null;

    /// <summary>The end is recorded; the terminal event is given or waits to be.</summary>
    public bool HasEnded => _phase == Phase.Over;

    /// <summary>The next event, or null when there is none yet, none any more, or a step was begun: what that brings the turn fetches by itself.</summary>
    public TurnEvent? Next() => Decide() is { } next ? _turn.Stamp(next) : null;

    /// <summary>Ends the turn for an exception of foreign code.</summary>
    public void Break(Exception exception)
    {
        LogBroken(exception);
        Fail(new TurnError(TurnErrorKind.Unknown, exception.Message) { Cause = exception });
    }

    /// <summary>From any thread: what a logger or listener threw when the turn was ended where nobody can be told.</summary>
    public void LogBroken(Exception exception)
    {
        try { _node.Log.TurnBroke(_turn.AgentId, _turn.Id, exception); }
        catch (Exception) { } // The log is what is broken: nobody is left to be told, and the turn is to end all the same.
    }

    /// <summary>Stops a turn that was asked to stop after its step and has none that runs. One whose answer was whole when its process ended completes all the same.</summary>
    private bool TryStopBeforeStep() => _afterStep && _resumption is not { IsAnswered: true } && _turn.Stop(InterruptReason.User);

    private TurnEvent? Decide()
    {
        while (true)
        {
            if (_again is { Count: > 0 } again && _phase != Phase.New && !_turn.IsLeft) return again.Dequeue();
            if (_phase == Phase.Over) return TakeTerminal();
            if (_turn.IsStopped) { EndIfStopped(); continue; }
            switch (_phase)
            {
                case Phase.Reading:
                    if (!_step!.IsOver) return null;
                    _turn.Read(null);
                    TurnEvent? over = _step.Failure is { } failure ? Failed(failure) : StepEnded();
                    if (over is not null) return over;
                    continue;
                case Phase.NextStep:
                    if (TryStopBeforeStep()) continue;
                    if (MayGoOn()) StartStep();
                    else if (!_turn.IsStopped) return null;
                    continue;
                case Phase.Tools:
                    if (_afterStep) _step!.Tools!.CancelUnstarted(); // They would wait for good: nothing starts any more.
                    if (_step!.Tools!.TakeNews(MayStartTools) is { } news) return news;
                    Chaos.Point();
                    if (!_step.Tools.IsDone) return null;
                    RoundEnded();
                    continue;
                case Phase.Backoff:
                    if (!_backoff!.IsOver && !_afterStep) return null;
                    _phase = Phase.NextStep;
                    continue;
                case Phase.New or Phase.Queued or Phase.InLine or Phase.Gathering when TryStopBeforeStep():
                    continue;
                case Phase.New:
                    Submit();
                    continue;
                case Phase.Queued:
                    if (!Granted()) return null;
                    continue;
                case Phase.InLine:
                    if (!Volatile.Read(ref _entered)) return null;
                    if (Begin() is { } started) return started;
                    continue;
                case Phase.Gathering:
                    if (!_gathering!.IsCompleted) return null;
                    Gathered();
                    continue;
            }
        }
    }

    /// <summary>Reasoning and arguments are bounded like the text, each sort of content for itself.</summary>
    public void OtherGrew(int by)
    {
        if ((_otherChars += by) > _limits.MaxTextChars) _turn.Stop(InterruptReason.TextLimit);
    }

    /// <summary>The turn leaves the queue.</summary>
    private TurnStarted? Begin()
    {
        _begunAt = _node.Time.GetTimestamp();
        Telemetry.BeginTurn(_kind.Definition, _node.Time.GetElapsedTime(_arrivedAt, _begunAt));
        _messages ??= [.. _input.Messages];
        _window = _limits.HistoryTurns;
        _activity = Telemetry.StartTurn(_turn, _kind.Definition, _grant!.Provider, Parent);
        Gather();
        return _resumption is { Seq: > 0 } ? null : new TurnStarted();
    }

    private void StartStep()
    {
        if (TryEndResumed() || TryResumeRound()) return;
        TakeSteers();
        _lastStep = _limit is not null || _rounds >= _limits.MaxToolRounds;
        if (_rounds > 0 && _chat!.ToolMode is RequiredChatToolMode) _chat.ToolMode = null; // It holds for one round, or the turn could never end.
        // A provider that keeps the conversation itself gets only what it has not seen.
        var messages = _chat!.ConversationId is not null && _seen > 0
            ? _messages![_seen..]
            : Requests.Messages(_kind.SystemMessage(_options?.Context), _grant!.Conversation, _chat.ConversationId is null ? _window : 0, _messages!);
        var options = _lastStep ? Requests.WithoutTools(_chat) : _chat;
        var textStart = _turn.Text.Length;
        if (_prefix is { } prefix)
        {
            messages.Add(new ChatMessage(ChatRole.Assistant, prefix)); // The provider goes on after it.
            textStart -= prefix.Length;
        }
        _stepStartedAt = _node.Time.GetTimestamp();
        var activity = Telemetry.StartStep(_activity, _grant!.Provider, options);
        // Made one after the other, so that they lie side by side in memory: a piece of text needs both.
        _step = new Step(_turn, messages, options, new ProviderCall(_grant.Provider, _node.AbandonedCalls, _turn), textStart, activity);
        _phase = Phase.Reading;
        _turn.Read(_step);
    }

    /// <summary>Whether a response that is over was not cut.</summary>
    public bool IsWhole(Step step) => step.FinishReason is not null || !_grant!.Provider.SendsFinishReason;

    private StepFinished? StepEnded()
    {
        var step = _step!;
        if (!IsWhole(step))
        {
            Fail(_grant!.Provider.Truncated);
            return null;
        }
        _usage = _usage.Plus(step.Usage);
        Telemetry.EndStep(step, _grant!.Provider, _node.Time.GetElapsedTime(_stepStartedAt), null);
        Keep(step);
        _phase = Phase.Tools; // From here on the step is counted and kept.
        _prefix = null;
        _seen = _messages!.Count;
        _attempt = 0;
        _chat!.ConversationId = step.ConversationId;
        if (step.Tools is null)
        {
            _step = null; // All of it is kept.
            Complete(step.FinishReason);
        }
        return new StepFinished(step.Usage, step.FinishReason, IsLast: step.Tools is null || step.Tools.RanAtProvider);
    }

    /// <summary>Adds a finished step's messages where other threads may look at them.</summary>
    private void Keep(Step step)
    {
        lock (_messages!) step.Record(_messages);
    }

    private void Add(ChatMessage message)
    {
        lock (_messages!) _messages.Add(message);
    }

    private TurnEvent? TakeTerminal()
    {
        if (_terminal is not { } terminal) return null;
        _terminal = null;
        return terminal;
    }
}
