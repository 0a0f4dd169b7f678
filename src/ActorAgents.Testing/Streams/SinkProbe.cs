using Akka;
using Akka.Actor;
using Akka.Streams.Dsl;
using Akka.TestKit;
using Reactive.Streams;

namespace ActorAgents.Testing;

/// <summary>The downstream end of a graph under test. Waits are bounded (30 s of real time).</summary>
public sealed class SinkProbe<T>
{
    private readonly TestProbe _probe;
    private ISubscription? _subscription;

    internal SinkProbe(TestProbe probe)
    {
        _probe = probe;
        Sink = Akka.Streams.Dsl.Sink.FromSubscriber(new Subscriber(probe));
    }

    /// <summary>To be connected once.</summary>
    public Sink<T, NotUsed> Sink { get; }

    /// <summary>Asks for so many more elements.</summary>
    public async Task RequestAsync(long count = 1) => (await SubscriptionAsync().ConfigureAwait(false)).Request(count);

    /// <summary>Cancels the stream.</summary>
    public async Task CancelAsync() => (await SubscriptionAsync().ConfigureAwait(false)).Cancel();

    /// <summary>The next element, which must have been asked for.</summary>
    public async Task<T> ExpectNextAsync()
    {
        await SubscriptionAsync().ConfigureAwait(false);
        return (await _probe.ExpectMsgAsync<Next>(Patience.Default).ConfigureAwait(false)).Element;
    }

    /// <summary>Asks for one element and waits for it.</summary>
    public async Task<T> RequestNextAsync()
    {
        await RequestAsync().ConfigureAwait(false);
        return await ExpectNextAsync().ConfigureAwait(false);
    }

    /// <summary>Checks that the stream completes next.</summary>
    public async Task ExpectCompleteAsync()
    {
        await SubscriptionAsync().ConfigureAwait(false);
        await _probe.ExpectMsgAsync<Completed>(Patience.Default).ConfigureAwait(false);
    }

    /// <summary>Checks that the stream fails next, and gives the exception.</summary>
    public async Task<Exception> ExpectErrorAsync()
    {
        await SubscriptionAsync().ConfigureAwait(false);
        return (await _probe.ExpectMsgAsync<Failed>(Patience.Default).ConfigureAwait(false)).Cause;
    }

    /// <summary>Checks that no signal comes for a while: 100 ms of real time unless given. Better: provoke a signal that must come later and expect that.</summary>
    public async Task ExpectNoSignalAsync(TimeSpan? span = null)
    {
        await SubscriptionAsync().ConfigureAwait(false);
        await _probe.ExpectNoMsgAsync(span ?? TimeSpan.FromMilliseconds(100)).ConfigureAwait(false);
    }

    private async Task<ISubscription> SubscriptionAsync() =>
        _subscription ??= (await _probe.ExpectMsgAsync<Subscribed>(Patience.Default).ConfigureAwait(false)).Subscription;

    private sealed record Subscribed(ISubscription Subscription);
    private sealed record Next(T Element);
    private sealed record Completed;
    private sealed record Failed(Exception Cause);

    private sealed class Subscriber(TestProbe probe) : ISubscriber<T>
    {
        public void OnSubscribe(ISubscription subscription) => probe.Ref.Tell(new Subscribed(subscription));
        public void OnNext(T element) => probe.Ref.Tell(new Next(element));
        public void OnComplete() => probe.Ref.Tell(new Completed());
        public void OnError(Exception cause) => probe.Ref.Tell(new Failed(cause));
    }
}
