using System.Threading.Tasks.Sources;
using Microsoft.Extensions.AI;

namespace ActorAgents.Benchmarks.Clients;

/// <summary>How a client comes by its updates.</summary>
internal enum Updates
{
    /// <summary>The same objects each time: the client costs next to nothing, so everything else stands out.</summary>
    Prebuilt,
    /// <summary>A new one per chunk, as clients of real models make them.</summary>
    Fresh,
    /// <summary>As <see cref="Fresh"/>, each arriving on the thread pool after the reader began to wait.</summary>
    Yielding,
}

/// <summary>Says its script as fast as it is read: one object per call, no compiler-made iterator.</summary>
internal sealed class ScriptClient(Script script, Updates updates) : StreamOnlyClient
{
    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        new Stream(script, updates, StepOf(messages));

    private int StepOf(IEnumerable<ChatMessage> messages)
    {
        if (script.Texts.Length == 1) return 0;
        var last = messages is IList<ChatMessage> { Count: > 0 } list ? list[^1] : messages.Last();
        if (last.Role != ChatRole.Tool) return 0;
        if (last.Contents is [FunctionResultContent { Result: "18 °C" }]) return 1;
        throw new InvalidOperationException("The request has a wrong tool result.");
    }

    private sealed class Stream(Script script, Updates updates, int step)
        : IAsyncEnumerable<ChatResponseUpdate>, IAsyncEnumerator<ChatResponseUpdate>, IValueTaskSource<bool>, IThreadPoolWorkItem
    {
        private readonly int _count = script.Count(step);
        private ManualResetValueTaskSourceCore<bool> _wait;
        private ChatResponseUpdate? _current;
        private int _next;

        public ChatResponseUpdate Current => _current ?? throw new InvalidOperationException("Call MoveNextAsync first.");

        public IAsyncEnumerator<ChatResponseUpdate> GetAsyncEnumerator(CancellationToken cancellationToken = default) => this;

        public ValueTask<bool> MoveNextAsync()
        {
            if (_next == _count) return new(false);
            if (updates == Updates.Prebuilt)
            {
                _current = script.Prebuilt[step][_next++];
                return new(true);
            }
            if (updates == Updates.Fresh)
            {
                _current = script.Make(step, _next++);
                return new(true);
            }
            _wait.Reset();
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            return new(this, _wait.Version);
        }

        public ValueTask DisposeAsync() => default;

        void IThreadPoolWorkItem.Execute()
        {
            _current = script.Make(step, _next++);
            _wait.SetResult(true);
        }

        bool IValueTaskSource<bool>.GetResult(short token) => _wait.GetResult(token);
        ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _wait.GetStatus(token);
        void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _wait.OnCompleted(continuation, state, token, flags);
    }
}
