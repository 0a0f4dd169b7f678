using System.Threading.Tasks.Sources;
using Microsoft.Extensions.AI;

namespace ActorAgents.RaceTests;

/// <summary>One enumeration of a call. It checks that its reader asks once at a time, takes each answer once, and disposes it once and never while it is in use.</summary>
internal sealed class RaceStream(RaceTurn turn, RaceBooks books, CallScript script, CancellationToken token)
    : IAsyncEnumerable<ChatResponseUpdate>, IAsyncEnumerator<ChatResponseUpdate>, IValueTaskSource<bool>, IThreadPoolWorkItem
{
    private const int Idle = 0, InUse = 1, Disposed = 2;

    private ManualResetValueTaskSourceCore<bool> _answer;
    private ChatResponseUpdate? _current;
    private Chunk _chunk = script.Chunks[0];
    private int _next;
    private int _state;
    private int _disposals;

    public ChatResponseUpdate Current => _current ?? throw new InvalidOperationException("There is no update.");

    public IAsyncEnumerator<ChatResponseUpdate> GetAsyncEnumerator(CancellationToken further = default)
    {
        Interlocked.Increment(ref books.Opened);
        return this;
    }

    public ValueTask<bool> MoveNextAsync()
    {
        if (Interlocked.CompareExchange(ref _state, InUse, Idle) is var state and not Idle)
            books.Violate($"{turn.Name}: MoveNextAsync while {(state == InUse ? "the last one is under way" : "disposed")}.");
        _chunk = script.Chunks[_next++];
        if (_chunk.Beat == Beat.Now)
        {
            try { return new(Take()); }
            finally { Release(); }
        }
        _answer.Reset();
        var version = _answer.Version;
        switch (_chunk.Beat)
        {
            case Beat.Soon: ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false); break;
            case Beat.Later: _ = Task.Delay(1 + _next % 3).ContinueWith(_ => Answer(), TaskContinuationOptions.ExecuteSynchronously); break;
            case Beat.Listening: token.UnsafeRegister(static stream => ((RaceStream)stream!).Hear(), this); break;
            case Beat.Silent: books.WhenReleased(Answer); break;
            case Beat.AtOnce: break;
        }
        return new(this, version);
    }

    public ValueTask DisposeAsync()
    {
        if (Interlocked.Increment(ref _disposals) > 1) books.Violate($"{turn.Name}: an enumerator was disposed twice.");
        else Interlocked.Increment(ref books.Closed);
        if (Interlocked.Exchange(ref _state, Disposed) == InUse) books.Violate($"{turn.Name}: an enumerator was disposed while in use ({_chunk.Beat}).");
        return default;
    }

    void IThreadPoolWorkItem.Execute()
    {
        Chaos.Point();
        Answer();
    }

    bool IValueTaskSource<bool>.GetResult(short version)
    {
        try
        {
            if (_chunk.Beat == Beat.AtOnce) return Take();
            return _answer.GetResult(version);
        }
        finally { Release(); }
    }

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short version) =>
        _chunk.Beat == Beat.AtOnce ? ValueTaskSourceStatus.Pending : _answer.GetStatus(version);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short version, ValueTaskSourceOnCompletedFlags flags)
    {
        if (_chunk.Beat == Beat.AtOnce) continuation(state);
        else _answer.OnCompleted(continuation, state, version, flags);
    }

    private void Answer()
    {
        bool more;
        try { more = Take(); }
        catch (Exception exception) { _answer.SetException(exception); return; }
        _answer.SetResult(more);
    }

    private void Hear() => _answer.SetException(new OperationCanceledException(token));

    private bool Take()
    {
        if (_chunk.Failure is { } failure) throw failure;
        _current = _chunk.Update;
        turn.Produced(_chunk);
        return _current is not null;
    }

    private void Release()
    {
        if (Interlocked.CompareExchange(ref _state, Idle, InUse) != InUse) books.Violate($"{turn.Name}: an answer was taken twice, or after the disposal.");
    }
}
