using System.Collections.Concurrent;
using System.Threading.Tasks.Sources;
using Microsoft.Extensions.AI;

namespace ActorAgents.Benchmarks.Clients;

/// <summary>Says the start of a sentence, then nothing, and does not listen to its token, until it is released.</summary>
internal sealed class DeafClient : StreamOnlyClient
{
    private static readonly ChatResponseUpdate[] Start = [new(ChatRole.Assistant, "It is "), new(ChatRole.Assistant, "eighteen "), new(ChatRole.Assistant, "deg")];

    private readonly ConcurrentQueue<Stream> _silent = [];
    private int _disposed;

    /// <summary>What a reader can have got of it.</summary>
    public static string Said { get; } = string.Concat(Start.Select(update => update.Text));

    /// <summary>Calls in which somebody waits for it.</summary>
    public int Silent => _silent.Count;

    public int Disposed => Volatile.Read(ref _disposed);

    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => new Stream(this);

    /// <summary>Every call ends, long after whoever made it has gone.</summary>
    public void Release()
    {
        while (_silent.TryDequeue(out var stream)) stream.Release();
    }

    private sealed class Stream(DeafClient client) : IAsyncEnumerable<ChatResponseUpdate>, IAsyncEnumerator<ChatResponseUpdate>, IValueTaskSource<bool>
    {
        private ManualResetValueTaskSourceCore<bool> _wait = new() { RunContinuationsAsynchronously = true };
        private int _next;

        public ChatResponseUpdate Current => Start[_next - 1];

        public IAsyncEnumerator<ChatResponseUpdate> GetAsyncEnumerator(CancellationToken cancellationToken = default) => this;

        public ValueTask<bool> MoveNextAsync()
        {
            if (_next++ < Start.Length) return new(true);
            client._silent.Enqueue(this);
            return new(this, _wait.Version);
        }

        public void Release() => _wait.SetResult(false);

        public ValueTask DisposeAsync()
        {
            Interlocked.Increment(ref client._disposed);
            return default;
        }

        bool IValueTaskSource<bool>.GetResult(short token) => _wait.GetResult(token);
        ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _wait.GetStatus(token);
        void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _wait.OnCompleted(continuation, state, token, flags);
    }
}
