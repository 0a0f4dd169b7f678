using System.Diagnostics;
using Akka.Actor;

namespace ActorAgents;

/// <summary>An attached turn that runs where its agent is. It begins with the first read; leaving it early interrupts it.</summary>
internal sealed class ApartTurn : IReadTurn
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromSeconds(60);

    /// <summary>How long after an agent was found to be on its way to another node it is asked for again.</summary>
    public static readonly TimeSpan MovesWithin = TimeSpan.FromMilliseconds(100);

    /// <summary>Who interrupts a turn that cannot be reached, or whose journal is down, has its end after having waited so long for it; where it runs it ends when it can be.</summary>
    private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(5);

    private readonly AgentNode _node;
    private readonly AgentId _agent;
    private readonly AgentInput _input;
    private readonly TurnOptions _options;
    private readonly bool _mayCallWhole;
    private readonly Guid _request = Guid.NewGuid();
    private readonly string? _trace = Activity.Current?.Id;
    private readonly EitherToken _caller;
    private readonly bool _isStored;
    private readonly Lock _lock = new();
    private readonly GivenText _given = new();
    private CancellationTokenRegistration _registration;
    private PullReader? _reader;
    private TurnEvent? _current;
    private ITimer? _lease;
    private CancellationTokenSource? _waiting; // Of a read that waits for what has not arrived; by the lock.
    private Action? _ended;
    private int _stopped = -1;
    private bool _begins;
    private volatile bool _disposed;
    private DateTimeOffset _arrived;

    public ApartTurn(AgentNode node, AgentKind kind, AgentId agent, TurnId id, AgentInput input, TurnOptions options, bool mayCallWhole, EitherToken caller)
    {
        (_node, _agent, Id, _input, _options, _mayCallWhole, _caller) = (node, agent, id, input, options with { TurnId = id }, mayCallWhole, caller);
        _isStored = kind.IsDurable;
    }

    public TurnId Id { get; }
    public TurnEvent Current => _current ?? throw new InvalidOperationException("Call MoveNextAsync first.");

    /// <summary>Chunks alone, with an end that is a failure thrown.</summary>
    public bool AsText { get; init; }

    public Action? Ended { set => _ended = value; }

    StreamChunk IAsyncEnumerator<StreamChunk>.Current => TextView.Chunk(Current, _arrived);

    public ValueTask<bool> MoveNextAsync() => _current is TerminalEvent ? new(false) : new(ReadAsync());

    public bool Stop(InterruptReason reason)
    {
        if (_current is TerminalEvent || Interlocked.CompareExchange(ref _stopped, (int)reason, -1) != -1) return false;
        lock (_lock) _waiting?.CancelAfter(EndsWithin);
        if (Volatile.Read(ref _reader) is not null) _ = InterruptAsync(InterruptMode.Immediate, reason);
        else if (!Volatile.Read(ref _begins)) TellEnd(); // It has not happened.
        return true;
    }

    public bool StopAfterStep()
    {
        if (_current is TerminalEvent || Volatile.Read(ref _reader) is null) return false;
        _ = InterruptAsync(InterruptMode.AfterStep, InterruptReason.User);
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        Stop(InterruptReason.ReaderGone);
        if (_lease is { } lease) await lease.DisposeAsync().ConfigureAwait(false);
        await _registration.DisposeAsync().ConfigureAwait(false);
        _caller.Dispose();
        if (_reader is { } reader) await reader.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Why these options cannot leave the process; null when they can.</summary>
    public static TurnError? WhyNot(TurnOptions? options) => TurnOptions.WhyBound(options?.Chat) is { } bound ? new(TurnErrorKind.InvalidInput, bound) : null;

    /// <summary>Starts a turn where its agent is, however often that takes: asked again it is the same turn.</summary>
    /// <returns>Why it does not run; null when it was accepted.</returns>
    public static async Task<TurnError?> StartAsync(AgentNode node, AgentProtocol.StartTurn start, CancellationToken cancellationToken)
    {
        var began = node.Time.GetTimestamp();
        while (true)
        {
            try
            {
                var admitted = await node.AskAsync<AgentProtocol.TurnAdmitted>(start.AgentId, start, AnswerWithin, cancellationToken).ConfigureAwait(false);
                if (admitted.Refusal is not { Kind: TurnErrorKind.Shutdown } || node.Stopping is not null || node.Time.GetElapsedTime(began) >= GiveUpAfter) return admitted.Refusal;
                await Task.Delay(MovesWithin, node.Time, cancellationToken).ConfigureAwait(false); // The agent is on its way to another node.
            }
            catch (AskTimeoutException) when (node.Time.GetElapsedTime(began) < GiveUpAfter) { }
            catch (AskTimeoutException)
            {
                return new TurnError(TurnErrorKind.Unreachable, $"Agent {start.AgentId} did not take the input within {GiveUpAfter.TotalSeconds} s. It may have: asking with the same turn id tells.");
            }
        }
    }

    private async Task<bool> ReadAsync()
    {
        if (_reader is not null && TakeArrived()) return true;
        using var late = BeginWaiting();
        try
        {
            if (_reader is null && await BeginAsync(late.Token).ConfigureAwait(false) is { } refused) return Take(refused);
            do
            {
                if (!await _reader!.PullAsync(late.Token).ConfigureAwait(false)) return false;
            }
            while (!TakeArrived());
            return true;
        }
        catch (TurnGoneException) when (_reader is { Place.Seq: var seen } && (seen == 0 || !_isStored)) // Its agent was removed before it gave anything; or went with its node, and nothing was stored.
        {
            return Take(Interrupted(_stopped >= 0 ? (InterruptReason)_stopped : _isStored ? InterruptReason.User : InterruptReason.NodeLost));
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && _current is not TerminalEvent)
        {
            return Take(Interrupted((InterruptReason)_stopped));
        }
        catch (RuntimeStoppedException)
        {
            TellEnd();
            throw;
        }
        finally
        {
            lock (_lock) _waiting = null;
        }
    }

    private CancellationTokenSource BeginWaiting()
    {
        var late = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _node.Time);
        lock (_lock)
        {
            if (_stopped >= 0) late.CancelAfter(EndsWithin);
            return _waiting = late;
        }
    }

    /// <summary>Takes the next of what came with an answer before, as the view shows it. False when nothing is left of that.</summary>
    private bool TakeArrived()
    {
        while (_reader!.TryTake())
        {
            if (AsText) _given.Check(_reader.Current);
            if (!AsText || _reader.Current is TextDelta or TerminalEvent) return Take(_reader.Current);
        }
        return false;
    }

    /// <summary>An end that did not come from where the turn runs, with what was read.</summary>
    private TurnInterrupted Interrupted(InterruptReason reason)
    {
        var place = _reader?.Place ?? default;
        return new(_given.Text, reason, TokenUsage.None) { Turn = Id, Epoch = Math.Max(1, place.Epoch), Seq = place.Seq + 1 };
    }

    private void Renew()
    {
        if (_disposed || _current is TerminalEvent) _lease?.Dispose(); // Disposed while it was being started, it had no lease yet.
        else _node.Tell(_agent, new AgentProtocol.Pull(_agent, Id, _reader!.Place, 1, Now: true));
    }

    private bool Take(TurnEvent next)
    {
        if (next is Reset) _given.Clear(); else _given.Add(next); // What stands of it is in the end.
        _current = next;
        _arrived = TimeProvider.System.GetUtcNow();
        if (next is TerminalEvent) TellEnd();
        if (AsText && next is TurnInterrupted or TurnFailed) throw TextView.Exception((TerminalEvent)next, _caller.Token);
        return true;
    }

    /// <returns>The end of a turn that does not begin.</returns>
    private async Task<TerminalEvent?> BeginAsync(CancellationToken late)
    {
        if (_caller.Token.CanBeCanceled) _registration = _caller.Token.UnsafeRegister(static turn => ((ApartTurn)turn!).Stop(InterruptReason.Caller), this);
        if (WhyNot(_options) is { } bound) return Only(new TurnFailed(bound, "", TokenUsage.None));
        Volatile.Write(ref _begins, true);
        Interlocked.MemoryBarrier();
        if (_stopped >= 0) return Only(new TurnInterrupted("", (InterruptReason)_stopped, TokenUsage.None));
        var start = new AgentProtocol.StartTurn(_agent, Id, _request, _input, _options, Attached: true, _mayCallWhole, _trace);
        if (await StartAsync(_node, start, late).ConfigureAwait(false) is { } refusal) return Only(new TurnFailed(refusal, "", TokenUsage.None));
        Volatile.Write(ref _reader, new PullReader(_node, _agent, Id, default, default));
        _lease = _node.Time.CreateTimer(static turn => ((ApartTurn)turn!).Renew(), this, TurnLog.Lease / 3, TurnLog.Lease / 3);
        Interlocked.MemoryBarrier();
        if (_stopped >= 0) _ = InterruptAsync(InterruptMode.Immediate, (InterruptReason)_stopped); // While it was being started.
        return null;
    }

    private TerminalEvent Only(TerminalEvent end) => end with { Turn = Id, Epoch = 1, Seq = 1 };

    private async Task InterruptAsync(InterruptMode mode, InterruptReason reason)
    {
        try { await _node.AskAsync<bool>(_agent, new AgentProtocol.Interrupt(_agent, Id, mode, reason), default).ConfigureAwait(false); }
        catch (AgentUnreachableException) { } // Its lease ends it.
        catch (RuntimeStoppedException) { } // And its turns before.
        if (mode == InterruptMode.Immediate) TellEnd();
    }

    /// <summary>Once: by the end that is read, or by the answer to the interruption, which can come after it.</summary>
    private void TellEnd() => Interlocked.Exchange(ref _ended, null)?.Invoke();
}
