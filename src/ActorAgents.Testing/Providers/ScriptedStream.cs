using System.Threading.Tasks.Sources;
using Microsoft.Extensions.AI;

namespace ActorAgents.Testing;

/// <summary>
/// One run of a script: its own enumerable, enumerator and value task source, so that a run is one object and a chunk allocates nothing. Every entry
/// checks by one compare-and-swap that its reader keeps the rules: one pull at a time, each asynchronous result fetched once, one disposal, at rest.
/// </summary>
internal sealed class ScriptedStream : IAsyncEnumerable<ChatResponseUpdate>, IAsyncEnumerator<ChatResponseUpdate>, IValueTaskSource<bool>, IThreadPoolWorkItem
{
    private enum Outcome { Given, Ended, Waiting }

    private const int Unread = 0, Resting = 1, Moving = 2, Answered = 3, Disposed = 4;

    private static readonly ChatResponseUpdate BeforeFirst = new();

    private readonly ScriptedProvider _provider;
    private readonly RecordedRequest _request;
    private readonly ScriptStep[] _program;
    private readonly bool _deaf;
    private CancellationToken _token;
    private CancellationTokenSource? _linked;
    private CancellationTokenRegistration _watch;
    private ManualResetValueTaskSourceCore<bool> _result;
    private Action? _resume;
    private Task? _wait;
    private int _state;
    private int _at;

    public ScriptedStream(ScriptedProvider provider, RecordedRequest request, ChatScript script, CancellationToken token) =>
        (_provider, _request, _program, _deaf, _token) = (provider, request, script.Program, script.IsDeaf, token);

    public ChatResponseUpdate Current { get; private set; } = BeforeFirst;

    public IAsyncEnumerator<ChatResponseUpdate> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        if (Interlocked.CompareExchange(ref _state, Resting, Unread) != Unread) throw Violation("its stream was enumerated twice");
        _provider.Opened();
        if (cancellationToken.CanBeCanceled && cancellationToken != _token)
        {
            if (_token.CanBeCanceled) _linked = CancellationTokenSource.CreateLinkedTokenSource(_token, cancellationToken);
            _token = _linked?.Token ?? cancellationToken;
        }
        return this;
    }

    public ValueTask<bool> MoveNextAsync()
    {
        var was = Interlocked.CompareExchange(ref _state, Moving, Resting);
        if (was != Resting) throw Violation(MoveNextWhile(was));
        _request.CountPull();
        try
        {
            var outcome = Run();
            if (outcome != Outcome.Waiting)
            {
                Volatile.Write(ref _state, Resting);
                return new ValueTask<bool>(outcome == Outcome.Given);
            }
        }
        catch (Exception exception)
        {
            _at = _program.Length;
            Volatile.Write(ref _state, Resting);
            return ValueTask.FromException<bool>(exception);
        }
        _result.Reset();
        var version = _result.Version;
        Park();
        return new ValueTask<bool>(this, version);
    }

    public ValueTask DisposeAsync()
    {
        var was = Interlocked.Exchange(ref _state, Disposed);
        if (was == Disposed)
        {
            _provider.Violate(_request.Index, "DisposeAsync was called twice");
            return ValueTask.CompletedTask;
        }
        if (was == Moving) _provider.Violate(_request.Index, "DisposeAsync was called while MoveNextAsync was in flight");
        if (was == Answered) _provider.Violate(_request.Index, "DisposeAsync was called before the result of MoveNextAsync was fetched");
        if (_at < _program.Length && _token.IsCancellationRequested) SawCancellation();
        _watch.Unregister();
        _linked?.Dispose();
        _provider.Closed(_request);
        return ValueTask.CompletedTask;
    }

    /// <summary>Goes on to the next chunk, the end, or something to wait for.</summary>
    private Outcome Run()
    {
        while (true)
        {
            if (!_deaf && _token.IsCancellationRequested && _at < _program.Length) throw Cancelled();
            if (_at >= _program.Length) return Outcome.Ended;
            ref readonly var step = ref _program[_at++];
            switch (step.Kind)
            {
                case StepKind.Give:
                    Current = (ChatResponseUpdate)step.Value!;
                    return Outcome.Given;
                case StepKind.Make:
                    Current = ((Func<RecordedRequest, ChatResponseUpdate>)step.Value!)(_request);
                    return Outcome.Given;
                case StepKind.Throw:
                    throw ((Func<Exception>)step.Value!)();
                case StepKind.Block:
                    ((Gate)step.Value!).WaitAsync(CancellationToken.None).GetAwaiter().GetResult();
                    break;
                case StepKind.Yield:
                    return Outcome.Waiting;
                case StepKind.Delay:
                    Watch();
                    if (MustWait(Task.Delay((TimeSpan)step.Value!, _provider.Time, Heard))) return Outcome.Waiting;
                    break;
                case StepKind.Stall:
                    Watch();
                    var stall = ((Gate)step.Value!).WaitAsync(Heard);
                    _provider.StallTally.Add();
                    if (MustWait(stall)) return Outcome.Waiting;
                    break;
            }
        }
    }

    private CancellationToken Heard => _deaf ? CancellationToken.None : _token;

    /// <summary>One that ignores its cancellation counts it.</summary>
    private void Watch()
    {
        _watch.Unregister();
        if (_deaf) _watch = _token.UnsafeRegister(static stream => ((ScriptedStream)stream!).SawCancellation(), this);
    }

    private bool MustWait(Task task)
    {
        if (task.IsCompletedSuccessfully) return false;
        _wait = task;
        return true;
    }

    // The thread may be another's, and done with the run, before this returns.
    private void Park()
    {
        if (_wait is { } wait) wait.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_resume ??= Resume);
        else ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute() => Resume();

    private void Resume()
    {
        try
        {
            var wait = _wait;
            _wait = null;
            _watch.Unregister();
            if (wait is { IsCanceled: true }) throw Cancelled();
            wait?.GetAwaiter().GetResult();
            var outcome = Run();
            if (outcome == Outcome.Waiting)
            {
                Park();
                return;
            }
            Interlocked.CompareExchange(ref _state, Answered, Moving);
            _result.SetResult(outcome == Outcome.Given);
        }
        catch (Exception exception)
        {
            _at = _program.Length;
            Interlocked.CompareExchange(ref _state, Answered, Moving);
            _result.SetException(exception);
        }
    }

    bool IValueTaskSource<bool>.GetResult(short token)
    {
        if (Interlocked.CompareExchange(ref _state, Resting, Answered) != Answered)
            _provider.Violate(_request.Index, "a result of MoveNextAsync was fetched twice, or before it was there");
        return _result.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _result.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _result.OnCompleted(continuation, state, token, flags);

    private OperationCanceledException Cancelled()
    {
        SawCancellation();
        return new OperationCanceledException(_token);
    }

    private void SawCancellation()
    {
        if (_request.MarkCancelled()) _provider.CancelTally.Add();
    }

    private InvalidOperationException Violation(string what)
    {
        _provider.Violate(_request.Index, what);
        return new InvalidOperationException($"Request {_request.Index}: {what}.");
    }

    private static string MoveNextWhile(int state) => state switch
    {
        Moving => "MoveNextAsync was called while another was in flight",
        Answered => "MoveNextAsync was called before the result of the last one was fetched",
        _ => "MoveNextAsync was called after DisposeAsync",
    };
}
