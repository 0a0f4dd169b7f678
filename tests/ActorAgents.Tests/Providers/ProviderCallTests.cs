using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.AI;

namespace ActorAgents.Tests.Providers;

public sealed class ProviderCallTests
{
    [Fact]
    public async Task A_call_that_is_abandoned_before_the_thread_pool_comes_to_it_is_cancelled()
    {
        var client = new SilentClient();
        var provider = new Provider(new("default", new(_ => client, Owned: false), Streams: true, Tools: true, SendsFinishReason: true, OnThreadPool: true, ContinuesText: false, null, null, []), client);
        // By a thread of the pool: what it queues for the pool waits behind it, and the cancelling does not.
        await Task.Run(() =>
        {
            for (var i = 0; i < 200; i++)
            {
                var call = new ProviderCall(provider, CallCounter.Unwatched, new Nobody());
                Assert.Equal(Pulled.Nothing, call.Pull([], null));
                call.Close(completed: false);
                using var queued = new ManualResetEventSlim();
                ThreadPool.UnsafeQueueUserWorkItem(static queued => queued.Set(), queued, preferLocal: false);
                queued.Wait(TimeSpan.FromSeconds(30));
            }
        });

        for (var i = 0; i < 200; i++) Assert.True(await client.Ended.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30)));
    }

    private sealed class Nobody : IProviderReader
    {
        public bool TryTake() => false;
        public void Serve() { }
        public void ProviderReady() { }
    }

    private sealed class SilentClient : IChatClient
    {
        public Channel<bool> Ended { get; } = Channel.CreateUnbounded<bool>();

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            try { await Task.Delay(Timeout.Infinite, cancellationToken); }
            finally { Ended.Writer.TryWrite(cancellationToken.IsCancellationRequested); }
            yield break;
        }

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;
        public void Dispose() { }
    }
}
