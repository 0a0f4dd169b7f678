using System.Collections.Concurrent;
using System.Diagnostics;
using Akka.Actor;
using Microsoft.Extensions.AI;

namespace ActorAgents;

// What others do to a turn, and its way in and out. Methods marked so may be called from any thread.
internal sealed partial class TurnLoop
{
    /// <summary>What became of the waiting turn, decided once: a <see cref="TurnGrant"/>, a <see cref="TurnError"/>, or a <see cref="Steered"/>.</summary>
    private object? _fate;
    private TurnGrant? _grant;
    private bool _entered;
    private bool _hasFirstOutput;
    private volatile bool _afterStep;
    private ToolRound? _round;
    private ConcurrentQueue<Turn>? _steers;
    private Backoff? _backoff;
    private CancellationTokenRegistration _registration;
    private CancellationTokenSource? _callerLink;
    private long _begunAt, _stepStartedAt, _silentSince, _checkedAt, _pausedFor;
    private Activity? _activity;
    private ActivityContext _caller;

    /// <summary>Interrupts the turn with <see cref="InterruptReason.Caller"/>; set before the first pull.</summary>
    public CancellationToken CallerToken { get; set; }

    /// <summary>As <see cref="CallerToken"/>, by either of two.</summary>
    public void StopBy(CancellationToken token, CancellationToken further)
    {
        if (token.CanBeCanceled && further.CanBeCanceled && token != further)
            CallerToken = (_callerLink = CancellationTokenSource.CreateLinkedTokenSource(token, further)).Token;
        else CallerToken = further.CanBeCanceled ? further : token;
    }

    /// <summary>Told once the end is recorded, on the thread that recorded it; set before the first pull.</summary>
    public Action? Ended { get; set; }

    /// <summary>For a detached turn: completes when the agent took the input (null) or refused it; set before the first pull.</summary>
    public TaskCompletionSource<TurnError?>? Admission { get; set; }

    public BusyPolicy OnBusy => _options?.OnBusy ?? _kind.Definition.OnBusy;

    /// <summary>Whether the id is the caller's, so that the same may come again.</summary>
    public bool HasOwnId => _options?.TurnId is not null;

    /// <summary>What the conversation keeps of the ended turn; null when it never began.</summary>
    public TurnRecord? Record { get; private set; }

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
    public bool Answer(string requestId, bool approved, string? reason) => Volatile.Read(ref _round)?.Answer(requestId, approved, reason) ?? false;

    /// <summary>From any thread: the input and the finished steps of the running turn.</summary>
    public ChatMessage[] MessagesSoFar()
    {
        if (_messages is not { } messages) return [];
        lock (messages) return [.. messages];
    }

    void IProviderReader.ProviderReady() => _turn.SignalInline();

    /// <summary>The reader is about to wait.</summary>
    public void Parking()
    {
        if (_phase != Phase.Reading) Volatile.Write(ref _silentSince, 0);
        // Until the first content one wait goes on, whatever empty updates come.
        else if (_silentSince == 0 || _hasFirstOutput) Volatile.Write(ref _silentSince, _node.Time.GetTimestamp());
    }

    /// <summary>From the sweep: stops the turn when it is over its time. While a person is asked the turn's own clocks stand.</summary>
    public void CheckDeadlines(long now)
    {
        var begun = Volatile.Read(ref _begunAt);
        if (begun == 0) return;
        var round = Volatile.Read(ref _round);
        round?.CheckTimeouts(now);
        if (_checkedAt == 0) _checkedAt = begun;
        if (round is { AwaitsAnswer: true }) _pausedFor += now - _checkedAt;
        else if (IsOver(_limits.TotalTimeout, begun + _pausedFor)) _turn.Stop(InterruptReason.TotalTimeout);
        else if (_turn.IsParked && Volatile.Read(ref _silentSince) is var since and not 0)
        {
            var (limit, reason) = Volatile.Read(ref _hasFirstOutput)
                ? (_limits.IdleTimeout, InterruptReason.IdleTimeout)
                : (_limits.FirstTokenTimeout, InterruptReason.FirstTokenTimeout);
            if (IsOver(limit, since)) _turn.Stop(reason);
        }
        _checkedAt = now;

        bool IsOver(TimeSpan timeout, long since) => timeout != Timeout.InfiniteTimeSpan && _node.Time.GetElapsedTime(since, now) >= timeout;
    }

    /// <summary>The running step gave its first content.</summary>
    public void FirstOutput()
    {
        Volatile.Write(ref _hasFirstOutput, true);
        Telemetry.FirstOutput(_grant!.Provider, _node.Time.GetElapsedTime(_stepStartedAt));
    }

    private void Submit()
    {
        _caller = Activity.Current?.Context ?? default;
        var length = 0L;
        for (var i = 0; i < _input.Messages.Count; i++) length += _input.Messages[i].Text.Length;
        if (length > _limits.MaxInputChars)
        {
            Fail(new TurnError(TurnErrorKind.InvalidInput,
                $"The input has {length} characters; agents of kind '{_kind.Definition.Kind}' take at most {_limits.MaxInputChars} (limit maxInputChars)."));
            return;
        }
        _phase = Phase.Queued;
        _node.Live.Add(_turn);
        Chaos.Point();
        if (_node.Stopping is { } stopping) { Fail(stopping); return; } // After the line above: a stop finds the turn, or the turn finds the stop.
        if (CallerToken.CanBeCanceled)
            _registration = CallerToken.UnsafeRegister(static turn => ((Turn)turn!).Stop(InterruptReason.Caller), _turn);
        _node.Tell(_turn.AgentId, _turn);
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
        if (Requests.DoubledTool(_chat) is { } doubled)
        {
            Fail(new TurnError(TurnErrorKind.InvalidInput, $"Two tools are named '{doubled}': leave the one in TurnOptions.Chat out, or give it another name."));
            return true;
        }
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
            steer.Loop.TryDecide(new Steered(_turn.Id)); // Nobody else decides: the agent grants it only after this turn has ended.
            lock (_messages!) _messages.AddRange(steer.Loop._input.Messages);
        }
    }

    private bool TryDecide(object fate)
    {
        if (Interlocked.CompareExchange(ref _fate, fate, null) is not null) return false;
        Chaos.Point();
        _turn.Signal(soon: true);
        return true;
    }

    private Retrying Retry(TurnError error)
    {
        var delay = error.RetryAfter ?? TimeSpan.FromMilliseconds(500 * Math.Pow(2, Math.Min(_attempt, 6)) * (0.75 + Random.Shared.NextDouble() / 2));
        if (delay < TimeSpan.Zero) delay = TimeSpan.Zero; // A moment that has passed.
        _backoff?.Dispose();
        _backoff = new Backoff(_turn, _node.Time, delay);
        _phase = Phase.Backoff;
        return new Retrying(++_attempt, delay, error);
    }

    /// <summary>Records the end, tells the agent, lets go of everything. Once, by the owner.</summary>
    private void End<T>(TurnState state, T how, Func<string, TokenUsage, T, TerminalEvent> terminal)
    {
        var reading = _phase == Phase.Reading;
        var (submitted, inLine) = (_phase > Phase.New, _phase > Phase.Queued);
        _phase = Phase.Over;
        _registration.Unregister();
        _callerLink?.Dispose();
        _backoff?.Dispose();
        Volatile.Write(ref _round, null);
        if (_step is { } step)
        {
            step.Close();
            if (reading)
            {
                _usage = _usage.Plus(step.Usage);
                Keep(step);
            }
            if (step.Tools is { } round)
            {
                round.Close();
                if (round.Results() is { } results) Add(results);
            }
        }
        _terminal = terminal(_text.Slice(0), _usage, how);
        _text.Return();
        var cut = reading ? _step : null;
        _step = null;
        if (_messages is not null) Record = new TurnRecord(_turn.Id, state, [.. _messages], _input.Messages.Count);
        try { Report(cut, _terminal); }
        finally { LetGo(submitted, inLine); } // Whatever a listener or logger does.
    }

    private void Report(Step? cut, TerminalEvent terminal)
    {
        if (cut is not null) Telemetry.EndStep(cut, _grant!.Provider, _node.Time.GetElapsedTime(_stepStartedAt), Telemetry.ErrorOf(terminal));
        Telemetry.EndTurn(_activity, terminal, _kind.Definition, _begunAt == 0 ? TimeSpan.Zero : _node.Time.GetElapsedTime(_begunAt), _chunks);
        _node.Log.TurnEnded(_turn.AgentId, _turn.Id, terminal);
    }

    private void LetGo(bool submitted, bool inLine)
    {
        Admission?.TrySetResult((_terminal as TurnFailed)?.Error);
        if (submitted) Leave(inLine);
        Ended?.Invoke();
    }

    private void Leave(bool inLine)
    {
        _node.Live.Remove(_turn);
        if (inLine) _node.Live.Leave(_turn, Volatile.Read(ref _entered));
        var ended = new AgentProtocol.TurnEnded(_turn);
        Chaos.Point();
        if (_grant is { } grant) grant.Agent.Tell(ended, ActorRefs.NoSender); else _node.Tell(_turn.AgentId, ended);
    }

    private sealed record Steered(TurnId Into);

    private sealed class Backoff : IDisposable
    {
        private readonly ITimer _timer;

        public Backoff(Turn turn, TimeProvider time, TimeSpan delay) =>
            _timer = time.CreateTimer(_ => { IsOver = true; turn.Signal(); }, null, delay, Timeout.InfiniteTimeSpan);

        public volatile bool IsOver;

        public void Dispose() => _timer.Dispose();
    }
}
