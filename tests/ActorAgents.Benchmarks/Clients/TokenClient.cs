using System.Diagnostics;
using System.Threading.Tasks.Sources;
using Microsoft.Extensions.AI;

namespace ActorAgents.Benchmarks.Clients;

/// <summary>
/// Many streams on one clock: each gets a token per period, the streams spread evenly over it. Token <c>k</c> of stream <c>i</c> exists from a known
/// instant on, so that a reader can tell how late it holds it without the token carrying anything.
/// </summary>
internal sealed class TokenClient(int streams, int tokens, TimeSpan period) : StreamOnlyClient
{
    private readonly string[] _pieces = [.. Enumerable.Range(0, tokens).Select(i => $"{i % 1000:000} ")];
    private readonly Stream?[] _streams = new Stream?[streams];
    private int _opened;
    private long _start;

    public string Text => string.Concat(_pieces);

    /// <summary>How many streams have been asked for since the clock last ran.</summary>
    public int Opened => Volatile.Read(ref _opened);

    /// <summary>When a token came into being, in the ticks of <see cref="Stopwatch"/>.</summary>
    public long DueAt(int stream, int token) => _start + (long)(((double)token * streams + stream) * period.TotalSeconds * Stopwatch.Frequency / streams);

    /// <param name="messages">The last one is the number of the stream.</param>
    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var stream = new Stream(_pieces);
        _streams[int.Parse(messages.Last().Text)] = stream;
        Interlocked.Increment(ref _opened);
        return stream;
    }

    /// <summary>Hands out all tokens, or those up to a stop, at their instants, from a thread of its own, to the readers on the thread pool.</summary>
    public Task RunClockAsync(CancellationToken stop = default)
    {
        if (Opened != streams) throw new InvalidOperationException($"{Opened} of {streams} streams are open.");
        _start = Stopwatch.GetTimestamp() + Stopwatch.Frequency / 20;
        return Task.Factory.StartNew(() =>
        {
            var all = (long)streams * tokens;
            for (var given = 0L; given < all && !stop.IsCancellationRequested;)
            {
                var due = Math.Min(all, (long)((Stopwatch.GetTimestamp() - _start) / (period.TotalSeconds * Stopwatch.Frequency) * streams));
                for (; given < due; given++) _streams[given % streams]!.Give();
                Thread.Sleep(1);
            }
            _opened = 0;
            Array.Clear(_streams);
        }, TaskCreationOptions.LongRunning);
    }

    private sealed class Stream(string[] pieces)
        : IAsyncEnumerable<ChatResponseUpdate>, IAsyncEnumerator<ChatResponseUpdate>, IValueTaskSource<bool>, IThreadPoolWorkItem
    {
        private ManualResetValueTaskSourceCore<bool> _wait;
        private int _tokens; // Given and not asked for; -1 while the reader waits for one.
        private ChatResponseUpdate? _current;
        private int _next;

        public ChatResponseUpdate Current => _current ?? throw new InvalidOperationException("Call MoveNextAsync first.");

        public IAsyncEnumerator<ChatResponseUpdate> GetAsyncEnumerator(CancellationToken cancellationToken = default) => this;

        public ValueTask<bool> MoveNextAsync()
        {
            if (_next == pieces.Length) return new(false);
            _wait.Reset();
            if (Interlocked.Decrement(ref _tokens) < 0) return new(this, _wait.Version);
            Take();
            return new(true);
        }

        public void Give()
        {
            if (Interlocked.Increment(ref _tokens) == 0) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        void IThreadPoolWorkItem.Execute()
        {
            Take();
            _wait.SetResult(true);
        }

        public ValueTask DisposeAsync() => default;

        private void Take()
        {
            _current = new ChatResponseUpdate(ChatRole.Assistant, pieces[_next++]);
            if (_next == pieces.Length) _current.FinishReason = ChatFinishReason.Stop;
        }

        bool IValueTaskSource<bool>.GetResult(short token) => _wait.GetResult(token);
        ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _wait.GetStatus(token);
        void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _wait.OnCompleted(continuation, state, token, flags);
    }
}
