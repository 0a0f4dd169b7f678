using System.Collections.Concurrent;
using System.Diagnostics;
using Akka.Actor;
using Microsoft.Extensions.AI;

namespace ActorAgents;

// What others do to a turn, and its way in. Methods marked so may be called from any thread.
internal sealed partial class TurnLoop
{
    /// <summary>What became of the waiting turn, decided once: a <see cref="TurnGrant"/>, a <see cref="TurnError"/>, or a <see cref="Steered"/>.</summary>
    private object? _fate;
    private TurnGrant? _grant;
    private bool _entered;
    private volatile bool _afterStep;
    private ToolRound? _round;
    private string[] _asked = []; // The approvals requested in all rounds, at most one per call of the turn.
    private ConcurrentQueue<Turn>? _steers;
    private List<(int Place, TurnId Turn)>? _steered; // Under the lock of the messages.
    private CancellationTokenRegistration _registration;
    private long _begunAt, _stepStartedAt, _checkedAt, _pausedFor;
    private Activity? _activity;

    /// <summary>The span that it belongs to, of the thread that made it: the first pull may come on another.</summary>
    public ActivityContext Parent { get; set; } = Activity.Current?.Context ?? default;

    /// <summary>The agent itself, which then made the turn and takes it without being sent it; set before the first pull.</summary>
    public IActorRef? Home { get; set; }

    /// <summary>By the agent: it was taken in by the agent in an earlier process.</summary>
    public bool WasAccepted { get; set; }

    public IReadOnlyList<ChatMessage> Input => _input.Messages;
    public TurnOptions Options => _options ?? new TurnOptions { TurnId = _turn.Id };

    /// <summary>Where it is read from, if it is detached.</summary>
    public TurnLog? Log { get; set; }

    /// <summary>Interrupts the turn with <see cref="InterruptReason.Caller"/>; set before the first pull.</summary>
    public EitherToken Caller { get; set; }

    /// <summary>For a detached turn: completes when the agent took the input (null) or refused it; set before the first pull.</summary>
    public TaskCompletionSource<TurnError?>? Admission { get; set; }

    public BusyPolicy OnBusy => _options?.OnBusy ?? _kind.Definition.OnBusy;

    /// <summary>Whether the id is the caller's, so that the same may come again.</summary>
    public bool HasOwnId => _options?.TurnId is not null;

    /// <summary>The turn that must be the agent's newest for this one to be taken.</summary>
    public TurnId? Follows => _options?.Follows;

    /// <summary>What takes the place of the agent's conversation where it begins.</summary>
    public IReadOnlyList<ChatMessage>? Conversation => _options?.Conversation;

    /// <summary>What the agent kept before it was given that, in case the turn does not begin; the agent's.</summary>
    public Conversation? Former { get; set; }

    /// <summary>How long the agent stays idle after it.</summary>
    public TimeSpan? ForgetAfter => _options?.ForgetAfter ?? _kind.Definition.ForgetAfter;

    /// <summary>By the agent: the turn may run. False when another turn took its input in.</summary>
    public bool TryGrant(TurnGrant grant) => TryDecide(grant);

    /// <summary>By the agent: the input waits or runs.</summary>
    public void Accepted() => Admission?.TrySetResult(null);

    /// <summary>By the agent: the turn will not run.</summary>
    public void Refuse(TurnError error) => TryDecide(error);

    /// <summary>From any thread: a place to run came up.</summary>
    public void Enter()
    {
        Volatile.Write(ref _entered, true);
        Chaos.Point();
        _turn.Signal();
    }

    /// <summary>From any thread: no further request after the running step. False when that was asked before or the turn is over.</summary>
    public bool StopAfterStep()
    {
        if (HasEnded || Interlocked.Exchange(ref _afterStep, true)) return false;
        Chaos.Point();
        if (Volatile.Read(ref _round) is { } round) round.HasNews(); else _turn.Signal();
        return true;
    }

    /// <summary>How long tools may take to return once the turn is over.</summary>
    public TimeSpan ToolGrace => _limits.ToolGrace;

    /// <summary>By the agent: another turn whose input this one may take in before its next request.</summary>
    public void Offer(Turn steer)
    {
        if (_steers is null) Interlocked.CompareExchange(ref _steers, new ConcurrentQueue<Turn>(), null);
        _steers.Enqueue(steer);
    }

    /// <summary>From any thread: a person's answer to a call of this turn.</summary>
    public ApprovalOutcome Answer(string requestId, bool approved, string? reason) =>
        Volatile.Read(ref _round)?.Answer(requestId, approved, reason) == true || AnswerAhead(requestId, approved, reason) ? ApprovalOutcome.Taken
        : Volatile.Read(ref _asked).Contains(requestId) ? ApprovalOutcome.AlreadyAnswered : ApprovalOutcome.Unknown;

    /// <summary>By the agent: whether that request waits for an answer.</summary>
    public bool Asks(string requestId) => Volatile.Read(ref _round)?.Asks(requestId) == true || AsksAgain(requestId);

    /// <summary>From any thread: the input and the finished steps of the running turn.</summary>
    public ChatMessage[] MessagesSoFar()
    {
        if (_messages is not { } messages) return [];
        lock (messages) return [.. messages];
    }

    /// <summary>By the pump: how many messages the turn has besides its input.</summary>
    public int MessagesAdded => _messages is null ? 0 : _messages.Count - _input.Messages.Count;

    /// <summary>By the pump or the agent: those that came at these places.</summary>
    public ChatMessage[] MessagesSince(int from, int to)
    {
        if (_messages is not { } messages || from == to) return [];
        lock (messages) return [.. messages.Skip(_input.Messages.Count + from).Take(to - from)];
    }

    /// <summary>By the pump or the agent: the turns whose inputs are among the messages at these places.</summary>
    public IReadOnlyList<TurnId>? SteersSince(int from, int to)
    {
        if (_steered is null) return null;
        lock (_messages!) return _steered.Where(steer => steer.Place > from && steer.Place <= to).Select(steer => steer.Turn).ToArray() is { Length: > 0 } steers ? steers : null;
    }

    /// <summary>From the sweep: stops the turn when it is over its time. While a person is asked the turn's own clocks stand.</summary>
    public void CheckDeadlines(long now)
    {
        Log?.Sweep(now, _node.Time);
        var begun = Volatile.Read(ref _begunAt);
        if (begun == 0) return;
        var round = Volatile.Read(ref _round);
        round?.CheckTimeouts(now);
        if (_checkedAt == 0) _checkedAt = begun;
        if (round is { AwaitsAnswer: true }) _pausedFor += now - _checkedAt;
        else if (IsOver(_limits.TotalTimeout, begun + _pausedFor)) _turn.Stop(InterruptReason.TotalTimeout);
        else if (_turn.IsParked && _turn.HasOutput is var hasOutput && _turn.SilentSince is var since and not 0) // In this order: a step that ends takes both.
        {
            var (limit, reason) = hasOutput
                ? (_limits.IdleTimeout, InterruptReason.IdleTimeout)
                : (_limits.FirstTokenTimeout, InterruptReason.FirstTokenTimeout);
            if (IsOver(limit, since)) _turn.Stop(reason);
        }
        _checkedAt = now;

        bool IsOver(TimeSpan timeout, long since) => timeout != Timeout.InfiniteTimeSpan && _node.Time.GetElapsedTime(since, now) >= timeout;
    }

    /// <summary>The running step gave its first content.</summary>
    public void FirstOutput() => Telemetry.FirstOutput(_grant!.Provider, _node.Time.GetElapsedTime(_stepStartedAt));

    private void Submit()
    {
        _phase = Phase.Queued;
        _arrivedAt = _node.Time.GetTimestamp();
        _node.Live.Add(_turn);
        Chaos.Point();
        if (_node.Stopping is { } stopping) // After it was added: a stop finds the turn, or the turn finds the stop.
        {
            if (WasAccepted) _turn.Leave(); else Fail(stopping);
            return;
        }
        if (TooLong() is { } tooLong) { Fail(tooLong); return; }
        if (Caller.Token.CanBeCanceled)
            _registration = Caller.Token.UnsafeRegister(static turn => ((Turn)turn!).Stop(InterruptReason.Caller), _turn);
        if (Home is null) TellAgent(_turn);
    }

    private void TellAgent(object message)
    {
        if (_turn.StaysHere) _node.TellHere(_turn.AgentId, message); else _node.Tell(_turn.AgentId, message);
    }

    /// <summary>By the owner, before a step or a tool: no halt stands in the way. One that does stops the turn. Where that is not known yet, the turn is signalled once it is.</summary>
    public bool MayGoOn()
    {
        if (!_node.Halts.IsKnown) // It goes on from a journal, on a node that starts.
        {
            _node.Halts.Known.ContinueWith(static (_, turn) => ((Turn)turn!).Signal(), _turn, TaskScheduler.Default);
            return false;
        }
        if (_node.Halts.Covering(_turn.AgentId) is null) return true;
        _turn.Stop(InterruptReason.Halted);
        return false;
    }

    private TurnError? TooLong()
    {
        var length = 0L;
        for (var i = 0; i < _input.Messages.Count; i++) length += _input.Messages[i].Text.Length;
        return length <= _limits.MaxInputChars ? null : new TurnError(TurnErrorKind.InvalidInput,
            $"The input has {length} characters; agents of kind '{_kind.Definition.Kind}' take at most {_limits.MaxInputChars} (limit maxInputChars).");
    }

    /// <summary>Whether the turn left the agent's queue, by whatever way.</summary>
    private bool Granted()
    {
        switch (Volatile.Read(ref _fate))
        {
            case null:
                return false;
            case TurnError refusal:
                Fail(refusal);
                return true;
            case Steered(var into):
                End(TurnState.Completed, into, static (text, usage, into) => new TurnCompleted(text, null, usage, SteeredInto: into)); // Whoever took it in had ended it.
                return true;
            case TurnGrant granted:
                _grant = granted;
                break;
        }
        var grant = _grant!;
        if (!grant.Provider.Streams && !_mayCallWhole)
        {
            Fail(new TurnError(TurnErrorKind.StreamingNotSupported,
                $"Provider '{grant.Provider.Name}' does not support streaming: use RunAsync, or allow TurnOptions.{nameof(TurnOptions.FallBackToNonStreaming)}."));
            return true;
        }
        _chat = Requests.Options(_kind.Definition.Chat, _options?.Chat, grant.Tools);
        // Those of kind and agent were checked when they were given.
        if (_options?.Chat?.Tools is { Count: > 0 } && ToolSet.Doubled(_chat.Tools!).FirstOrDefault() is { } doubled)
        {
            Fail(new TurnError(TurnErrorKind.InvalidInput, $"Two tools are named '{doubled}': leave the one in TurnOptions.Chat out, or give it another name."));
            return true;
        }
        if (!grant.Provider.Tools) _chat = Requests.WithoutTools(_chat); // Those of the kind and of the call too.
        _phase = Phase.InLine;
        Chaos.Point();
        if (_node.Live.TryEnter(_turn)) _entered = true;
        return true;
    }

    private void TakeSteers()
    {
        while (_steers?.TryDequeue(out var steer) == true)
        {
            if (!steer.TryEnd()) continue; // A stop came first.
            Chaos.Point();
            lock (_messages!)
            {
                _messages.AddRange(steer.Loop._input.Messages);
                (_steered ??= []).Add((MessagesAdded, steer.Id));
            }
            steer.Loop.TryDecide(new Steered(_turn.Id)); // Nobody else decides: the agent grants it only after this turn has ended.
        }
    }

    private bool TryDecide(object fate)
    {
        if (Interlocked.CompareExchange(ref _fate, fate, null) is not null) return false;
        Chaos.Point();
        _turn.Signal(soon: true);
        return true;
    }

    private sealed record Steered(TurnId Into);
}
