using System.Runtime.CompilerServices;
using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.Tests.Streams;

/// <summary>What a long stream leaves behind while it runs.</summary>
public sealed class MemoryTests
{
    private const int Chunks = 5_000;

    [Theory, EveryWayOut, Trait("Behaviour", "T56"), Trait("Behaviour", "P04")]
    public async Task Of_a_long_stream_only_the_text_is_kept(WayOut way)
    {
        var client = new Remembered();
        await using var runtime = await AgentRuntime.StartAsync(agents => agents.AddProvider("default", client).AddAgent("writer"));
        var agent = runtime.Agents["writer", "1"];
        var read = await ReadAsync(runtime, way, agent);
        await client.Written.ReachedAsync();

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        Assert.True(client.Alive < 10, $"{client.Alive} of {Chunks} chunks of the provider are still in memory.");
        if (way != WayOut.TurnLog) Assert.True(read.Count(next => next.IsAlive) < 10, "Events that were read are still in memory.");
        client.Written.Open();
    }

    [Fact, Trait("Behaviour", "T55"), Trait("Behaviour", "P04")]
    public async Task A_fast_producer_is_not_asked_for_more_than_was_read()
    {
        var provider = new ScriptedProvider(Script.Text(Enumerable.Repeat("x", 100_000)));
        await using var runtime = await WaysOut.StartAsync(provider);
        await using var probe = runtime.Agents["writer", "1"].EventsAsync("go").Probe();
        await probe.NextAsync<TurnStarted>();
        for (var read = 1; read <= 1000; read++)
        {
            await probe.NextAsync<TextDelta>();
            Assert.Equal(read, provider.ChunksPulled);
        }
        Assert.Equal(100_000, (await probe.ReadEndAsync<TurnCompleted>()).Text.Length);
    }

    /// <summary>A method of its own, so that nothing it read lives on in a local.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<List<WeakReference>> ReadAsync(AgentRuntime runtime, WayOut way, Agent agent)
    {
        var read = new List<WeakReference>();
        var reader = runtime.Read(way, agent, "go").GetAsyncEnumerator();
        while (read.Count < Chunks)
        {
            await reader.MoveNextAsync();
            if (reader.Current is TextDelta) read.Add(new WeakReference(reader.Current));
        }
        _ = reader.MoveNextAsync().AsTask();
        return read;
    }

    /// <summary>A provider that remembers its chunks weakly.</summary>
    private sealed class Remembered : IChatClient
    {
        private readonly List<WeakReference> _chunks = [];

        public Gate Written { get; } = new();
        public int Alive => _chunks.Count(chunk => chunk.IsAlive);

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            for (var i = 0; i < Chunks; i++)
            {
                yield return New($"{i} ");
                if (i % 100 == 0) await Task.Yield();
            }
            await Written.WaitAsync(cancellationToken);
            yield return new ChatResponseUpdate { FinishReason = ChatFinishReason.Stop };
        }

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;
        public void Dispose() { }

        private ChatResponseUpdate New(string text)
        {
            var update = new ChatResponseUpdate(ChatRole.Assistant, text);
            _chunks.Add(new WeakReference(update));
            return update;
        }
    }
}
