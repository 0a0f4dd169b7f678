using System.Diagnostics;
using Microsoft.Extensions.AI;
using ConfiguredAwaiter = System.Runtime.CompilerServices.ConfiguredValueTaskAwaitable<bool>.ConfiguredValueTaskAwaiter;

namespace ActorAgents;

/// <summary>Who is told when a provider call has its next result, or failed, or ended: on the provider's thread, by one of two ways.</summary>
internal interface IProviderReader
{
    /// <summary>Takes the sole right to read and close the call, where that is to be had at once; <see cref="Serve"/> follows. Must be false once a call that had not answered was closed.</summary>
    bool TryTake();

    /// <summary>Reads the call, by who took it.</summary>
    void Serve();

    /// <summary>It could not be taken: whoever has that right is to look at the call again.</summary>
    void ProviderReady();
}

/// <summary>What a pull at the provider gave.</summary>
internal enum Pulled
{
    /// <summary><see cref="ProviderCall.Current"/> is the next update.</summary>
    Update,
    /// <summary>Not yet; the reader will be told.</summary>
    Nothing,
    /// <summary>The stream is over.</summary>
    End,
    /// <summary><see cref="ProviderCall.Failure"/> says why.</summary>
    Failed,
}

/// <summary>
/// One call of a provider, read one update at a time. Whoever reads may walk away at any moment, even while the provider has not answered and ignores
/// its token: then the answer, when it comes, disposes the enumerator. Every enumerator is thus disposed exactly once and never while in use.
/// </summary>
internal sealed class ProviderCall : IThreadPoolWorkItem
{
    private const int Ours = 0, WithProvider = 1, Abandoned = 2;

    private readonly Provider _provider;
    private readonly CallCounter _counter;
    private readonly Action _answered; // Made with this, so that it lies beside it in memory: both are needed whenever the provider answers.
    private IProviderReader? _reader;
    private CancellationTokenSource? _cancellation;
    private IAsyncEnumerator<ChatResponseUpdate>? _updates;
    private ConfiguredAwaiter _answer;
    private bool _answerIsDue;
    private bool _disposing;
    private int _holder;

    public ProviderCall(Provider provider, CallCounter counter, IProviderReader reader) => (_provider, _counter, _reader, _answered) = (provider, counter, reader, Answered);

    public ChatResponseUpdate Current => _updates!.Current;
    public Exception? Failure { get; private set; }

    /// <summary>Asks for the next update. Only by the owner, and not again after <see cref="Pulled.End"/> or <see cref="Pulled.Failed"/>.</summary>
    public Pulled Pull(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        try
        {
            if (Volatile.Read(ref _holder) == WithProvider) return Pulled.Nothing;
            if (_answerIsDue) return TakeAnswer();
            var answer = _provider.OnThreadPool ? AskOnThreadPoolAsync(messages, options) : AskAsync(messages, options);
            if (!answer.IsCompletedSuccessfully) return Await(answer);
            return answer.GetAwaiter().GetResult() ? Pulled.Update : Pulled.End;
        }
        catch (Exception exception)
        {
            _answerIsDue = false;
            Failure = exception;
            return Pulled.Failed;
        }
    }

    private Pulled Await(ValueTask<bool> answer)
    {
        _answer = answer.ConfigureAwait(false).GetAwaiter();
        if (_answer.IsCompleted) return TakeAnswer();
        _answerIsDue = true;
        Volatile.Write(ref _holder, WithProvider);
        Chaos.Point();
        _answer.UnsafeOnCompleted(_answered);
        return Volatile.Read(ref _holder) == WithProvider ? Pulled.Nothing : TakeAnswer();
    }

    private Pulled TakeAnswer()
    {
        _answerIsDue = false;
        return _answer.GetResult() ? Pulled.Update : Pulled.End;
    }

    /// <summary>Ends the call, by the owner. Returns at once: of a call that is not over, cancelling and disposing run elsewhere, since both may call foreign code.</summary>
    public void Close(bool completed)
    {
        _reader = null;
        if (Volatile.Read(ref _holder) == WithProvider)
        {
            Chaos.Point();
            _counter.Abandon();
            if (Interlocked.CompareExchange(ref _holder, Abandoned, WithProvider) == WithProvider)
            {
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                return;
            }
            _counter.Return(); // It answered in this instant.
        }
        Chaos.Point();
        if (_answerIsDue) Discard();
        if (completed || _updates is null) { Dispose(); return; }
        _disposing = true;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute()
    {
        Chaos.Point();
        Cancel();
        Chaos.Point();
        if (_disposing) Dispose();
    }

    // Apart, so that its closure is made only here.
    private ValueTask<bool> AskOnThreadPoolAsync(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        _cancellation ??= new(); // Here, since the call may be abandoned before the pool comes to it.
        return new(Task.Run(() => AskAsync(messages, options).AsTask()));
    }

    private ValueTask<bool> AskAsync(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        _updates ??= _provider.Call(messages, options, (_cancellation ??= new()).Token).GetAsyncEnumerator(CancellationToken.None);
        return _updates.MoveNextAsync();
    }

    private void Answered()
    {
        Chaos.Point();
        var reader = _reader; // Close takes it away before it abandons the call.
        if (reader?.TryTake() == true)
        {
            Debug.Assert(_holder == WithProvider, "A call that was closed was taken.");
            Volatile.Write(ref _holder, Ours); // No race to decide: only who has that right abandons the call.
            reader.Serve();
            return;
        }
        Chaos.Point();
        if (Interlocked.CompareExchange(ref _holder, Ours, WithProvider) == WithProvider)
        {
            reader?.ProviderReady();
            return;
        }
        Discard();
        Dispose();
        _counter.Return();
    }

    private void Discard()
    {
        _answerIsDue = false;
        try { _answer.GetResult(); }
        catch (Exception exception) { _counter.Discarded(_provider, exception); }
    }

    private void Cancel()
    {
        try { _cancellation?.Cancel(); }
        catch (AggregateException exception) { _counter.Discarded(_provider, exception); }
    }

    private void Dispose()
    {
        try
        {
            if (_updates is null) return;
            var disposed = _updates.DisposeAsync();
            if (disposed.IsCompletedSuccessfully) disposed.GetAwaiter().GetResult();
            else _ = ObserveAsync(disposed.AsTask());
        }
        catch (Exception exception) { _counter.Discarded(_provider, exception); }
    }

    private async Task ObserveAsync(Task disposed)
    {
        try { await disposed.ConfigureAwait(false); }
        catch (Exception exception) { _counter.Discarded(_provider, exception); }
    }
}
