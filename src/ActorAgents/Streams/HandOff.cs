using System.Threading.Tasks.Sources;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Streams.Stage;

namespace ActorAgents;

/// <summary>The end of a stream graph as an async enumerable, without a queue between them.</summary>
public static class HandOff
{
    /// <summary>
    /// A sink that materializes into the stream's elements, handed over one at a time: each <c>MoveNextAsync</c> is one demand, so the reader paces the
    /// whole graph. Enumerate it once; leaving early cancels the graph. Costs a fraction of <c>RunAsAsyncEnumerable</c>.
    /// </summary>
    /// <remarks>The reader goes on on the graph's own thread, as after a plain await of its source: what blocks there blocks the graph. The graph's failure is thrown by the read that meets it; an actor system that stops meanwhile ends the read with an exception.</remarks>
    public static Sink<T, IAsyncEnumerable<T>> Sink<T>() => Blueprint<T>.Sink;

    /// <summary>Runs a source and reads it; nothing starts before the first read, and each enumeration is a materialization of its own.</summary>
    public static IAsyncEnumerable<T> ReadAsync<T, TMat>(this Source<T, TMat> source, IMaterializer materializer) => new Reading<T, TMat>(source, materializer);

    /// <summary>A blueprint is immutable, so that one serves all materializations.</summary>
    private static class Blueprint<T>
    {
        public static readonly Sink<T, IAsyncEnumerable<T>> Sink = Akka.Streams.Dsl.Sink.FromGraph(new HandOffSink<T>());
    }

    private sealed class Reading<T, TMat>(Source<T, TMat> source, IMaterializer materializer) : IAsyncEnumerable<T>
    {
        public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
            source.RunWith(Sink<T>(), materializer).GetAsyncEnumerator(cancellationToken);
    }
}

internal sealed class HandOffSink<T> : GraphStageWithMaterializedValue<SinkShape<T>, IAsyncEnumerable<T>>
{
    private readonly Inlet<T> _in = new("handoff.in");

    public HandOffSink() => Shape = new(_in);

    public override SinkShape<T> Shape { get; }

    public override ILogicAndMaterializedValue<IAsyncEnumerable<T>> CreateLogicAndMaterializedValue(Attributes inheritedAttributes)
    {
        var logic = new Logic(_in, Shape);
        return new LogicAndMaterializedValue<IAsyncEnumerable<T>>(logic, logic);
    }

    /// <summary>The stage and its reader. An element is requested when the reader asks; the end, once known, answers every later ask.</summary>
    private sealed class Logic : InGraphStageLogic, IAsyncEnumerable<T>, IAsyncEnumerator<T>, IValueTaskSource<bool>
    {
        private const int Idle = 0, Asked = 1, Over = 2;

        private readonly Inlet<T> _in;
        private ManualResetValueTaskSourceCore<bool> _wait;
        private CancellationTokenRegistration _registration;
        private CancellationToken _cancellation;
        private Action? _pull;
        private Action? _cancel;
        private Exception? _failure;
        private T? _current;
        private int _state;
        private int _enumerated;
        private int _pushingThread; // While an element is handed over, the stage's thread.
        private bool _left;

        public Logic(Inlet<T> inlet, Shape shape) : base(shape)
        {
            _in = inlet;
            SetHandler(inlet, this);
        }

        public T Current => _current!;

        public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        {
            if (Interlocked.Exchange(ref _enumerated, 1) == 1) throw new InvalidOperationException("A hand-off is read once.");
            _cancellation = cancellationToken;
            return this;
        }

        public ValueTask<bool> MoveNextAsync()
        {
            if (_cancellation.IsCancellationRequested) return ValueTask.FromCanceled<bool>(_cancellation);
            _wait.Reset();
            switch (Interlocked.CompareExchange(ref _state, Asked, Idle))
            {
                case Over: return _failure is null ? new(false) : ValueTask.FromException<bool>(_failure);
                case Asked: throw new InvalidOperationException("A hand-off has one reader that asks for one element at a time.");
            }
            if (_cancellation.CanBeCanceled && _registration == default)
                _registration = _cancellation.UnsafeRegister(static logic => ((Logic)logic!).Leave(), this);
            // Asked inside the hand-over the stage sees it right after, asked before the stage has started PreStart does; otherwise it must be told.
            if (Volatile.Read(ref _pushingThread) != Environment.CurrentManagedThreadId) Volatile.Read(ref _pull)?.Invoke();
            return new(this, _wait.Version);
        }

        public ValueTask DisposeAsync()
        {
            _registration.Unregister();
            Leave();
            return default;
        }

        bool IValueTaskSource<bool>.GetResult(short token) => _wait.GetResult(token);
        ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _wait.GetStatus(token);
        void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _wait.OnCompleted(continuation, state, token, flags);

        public override void PreStart()
        {
            Volatile.Write(ref _cancel, GetAsyncCallback(Cancel));
            Volatile.Write(ref _pull, GetAsyncCallback(PullIfAsked));
            Interlocked.MemoryBarrier(); // What the reader did before it could see these is seen here.
            if (Volatile.Read(ref _left)) Cancel();
            else PullIfAsked();
        }

        public override void OnPush()
        {
            _current = Grab(_in);
            if (Interlocked.CompareExchange(ref _state, Idle, Asked) != Asked) return;
            _pushingThread = Environment.CurrentManagedThreadId;
            _wait.SetResult(true);
            Volatile.Write(ref _pushingThread, 0);
            PullIfAsked();
        }

        public override void OnUpstreamFinish()
        {
            End(null);
            CompleteStage();
        }

        public override void OnUpstreamFailure(Exception cause)
        {
            End(cause);
            FailStage(cause);
        }

        public override void PostStop() => End(new AbruptStageTerminationException(this));

        private void PullIfAsked()
        {
            if (Volatile.Read(ref _state) == Asked && !HasBeenPulled(_in) && !IsClosed(_in)) Pull(_in);
        }

        private void Cancel() => CancelStage(SubscriptionWithCancelException.NoMoreElementsNeeded.Instance);

        private void Leave()
        {
            Volatile.Write(ref _left, true);
            Interlocked.MemoryBarrier();
            Volatile.Read(ref _cancel)?.Invoke();
        }

        private void End(Exception? failure)
        {
            if (Volatile.Read(ref _state) == Over) return;
            _failure = failure;
            if (Interlocked.Exchange(ref _state, Over) != Asked) return;
            if (_cancellation.IsCancellationRequested) _wait.SetException(new OperationCanceledException(_cancellation));
            else if (failure is null) _wait.SetResult(false);
            else _wait.SetException(failure);
        }
    }
}
