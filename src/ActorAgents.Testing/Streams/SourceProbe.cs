using Akka;
using Akka.Actor;
using Akka.Streams.Dsl;
using Akka.TestKit;
using Reactive.Streams;

namespace ActorAgents.Testing;

/// <summary>The upstream end of a graph under test. Waits are bounded (30 s of real time).</summary>
public sealed class SourceProbe<T>
{
    private readonly TestProbe _probe;
    private readonly TaskCompletionSource<ISubscriber<T>> _subscribed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal SourceProbe(TestProbe probe)
    {
        _probe = probe;
        Source = Akka.Streams.Dsl.Source.FromPublisher(new Publisher(probe, _subscribed));
    }

    /// <summary>To be connected once.</summary>
    public Source<T, NotUsed> Source { get; }

    /// <summary>Waits for the graph to ask for more and tells how much it asked for.</summary>
    public async Task<long> ExpectRequestAsync()
    {
        await SubscriberAsync().ConfigureAwait(false);
        return (await _probe.ExpectMsgAsync<Requested>(Patience.Default).ConfigureAwait(false)).Count;
    }

    /// <summary>Waits for the graph to cancel; what it asked for before is skipped.</summary>
    public async Task ExpectCancellationAsync()
    {
        await SubscriberAsync().ConfigureAwait(false);
        await _probe.FishForMessageAsync(message => message is Cancelled, Patience.Default).ConfigureAwait(false);
    }

    /// <summary>Gives an element. Whether one was asked for is for the test to know: more than that is an error of the graph's boundary.</summary>
    public async Task SendNextAsync(T element) => (await SubscriberAsync().ConfigureAwait(false)).OnNext(element);

    /// <summary>Completes the stream.</summary>
    public async Task SendCompleteAsync() => (await SubscriberAsync().ConfigureAwait(false)).OnComplete();

    /// <summary>Fails the stream.</summary>
    public async Task SendErrorAsync(Exception cause) => (await SubscriberAsync().ConfigureAwait(false)).OnError(cause);

    private async Task<ISubscriber<T>> SubscriberAsync()
    {
        await Patience.BoundAsync(_subscribed.Task, () => "Nothing was connected to the source").ConfigureAwait(false);
        return await _subscribed.Task.ConfigureAwait(false);
    }

    private sealed record Requested(long Count);
    private sealed record Cancelled;

    private sealed class Publisher(TestProbe probe, TaskCompletionSource<ISubscriber<T>> subscribed) : IPublisher<T>
    {
        public void Subscribe(ISubscriber<T> subscriber)
        {
            // The first signal, by the rules: only then may the test send others.
            subscriber.OnSubscribe(new Subscription(probe));
            subscribed.TrySetResult(subscriber);
        }
    }

    private sealed class Subscription(TestProbe probe) : ISubscription
    {
        public void Request(long count) => probe.Ref.Tell(new Requested(count));
        public void Cancel() => probe.Ref.Tell(new Cancelled());
    }
}
