using System.Text.Json;
using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.Tests.Turns;

public sealed class TextViewTests
{
    [Theory, InlineData(false), InlineData(true)]
    public async Task The_text_of_a_detached_turn_can_be_read_as_chunks_by_many_and_again(bool yields)
    {
        var script = Script.Text("Once ", "upon ", "a time.");
        await using var runtime = await WaysOut.StartAsync(new ScriptedProvider(yields ? script.YieldBetween() : script));
        var turn = await runtime.Agents["writer", "1"].StartAsync("hello");

        var first = await ReadAsync(turn.StreamAsync());
        var again = await ReadAsync(turn.StreamAsync());

        Assert.Equal(["Once ", "upon ", "a time.", ""], first.Select(chunk => chunk.Content));
        Assert.Equal([false, false, false, true], first.Select(chunk => chunk.IsFinal));
        Assert.All(first, chunk => Assert.Equal(turn.Id, chunk.TurnId));
        Assert.Equal("stop", first[^1].Metadata["finish_reason"]);
        Assert.Equal(first.Select(chunk => chunk.Content), again.Select(chunk => chunk.Content));
    }

    [Fact]
    public async Task Of_a_detached_turn_that_is_interrupted_or_fails_the_chunks_end_with_what_was_said()
    {
        await using var runtime = await WaysOut.StartAsync(new ScriptedProvider(Script.Text("Once ").Stall(out var gate), Script.Text("upon ").Fails(400)));
        var agent = runtime.Agents["writer", "1"];
        var stalled = await agent.StartAsync("hello");
        var reading = ReadAsync(stalled.StreamAsync());
        await gate.ReachedAsync();
        await stalled.InterruptAsync();

        Assert.Equal("Once ", (await Assert.ThrowsAsync<StreamInterruptedException>(() => reading)).PartialResponse);
        var failing = await agent.StartAsync("hello");
        Assert.Equal("upon ", (await Assert.ThrowsAsync<ProviderException>(() => ReadAsync(failing.StreamAsync()))).PartialResponse);
        await Assert.ThrowsAsync<TurnGoneException>(() => ReadAsync(agent.Turn(new TurnId("never")).StreamAsync()));
    }

    [Fact]
    public async Task A_reader_of_a_detached_turns_chunks_waits_on_when_what_comes_is_not_text()
    {
        var script = Script.Text("A").Stall(out var first).Reason("hm").Stall(out var second).Text("B");
        await using var runtime = await WaysOut.StartAsync(new ScriptedProvider(script));
        var turn = await runtime.Agents["writer", "1"].StartAsync("hello");
        await using var chunks = turn.StreamAsync().GetAsyncEnumerator();
        Assert.True(await chunks.MoveNextAsync());
        await first.ReachedAsync();
        var next = chunks.MoveNextAsync().AsTask();

        first.Open();
        await second.ReachedAsync();
        await using (var events = turn.ReadAsync().Probe()) while (await events.NextAsync() is not ReasoningDelta) { }
        Assert.False(next.IsCompleted);

        second.Open();
        Assert.True(await next);
        Assert.Equal("B", chunks.Current.Content);
    }

    [Fact]
    public async Task After_a_failure_a_detached_turn_gives_nothing_more()
    {
        await using var runtime = await WaysOut.StartAsync(new ScriptedProvider(Script.Text("A").Fails(400)));
        var turn = await runtime.Agents["writer", "1"].StartAsync("hello");
        await using var chunks = turn.StreamAsync().GetAsyncEnumerator();
        Assert.True(await chunks.MoveNextAsync());
        await Assert.ThrowsAsync<ProviderException>(async () => await chunks.MoveNextAsync());

        Assert.False(await chunks.MoveNextAsync());
    }

    [Fact]
    public async Task The_chunks_of_a_detached_turn_are_written_as_JSON_by_what_they_are()
    {
        await using var runtime = await WaysOut.StartAsync(new ScriptedProvider(Script.Text("A")));
        object chunks = (await runtime.Agents["writer", "1"].StartAsync("hello")).StreamAsync();
        using var written = new MemoryStream();

        await JsonSerializer.SerializeAsync(written, chunks);

        Assert.Equal("A", JsonDocument.Parse(written.ToArray()).RootElement[0].GetProperty("Content").GetString());
    }

    [Fact]
    public async Task After_a_failure_nothing_follows()
    {
        await using var runtime = await WaysOut.StartAsync(new ScriptedProvider(Script.Text("Once ").Fails(400)));
        await using var chunks = runtime.Agents["writer", "1"].StreamAsync("hello").GetAsyncEnumerator();

        Assert.True(await chunks.MoveNextAsync());
        Assert.Equal(chunks.Current, chunks.Current);
        await Assert.ThrowsAsync<ProviderException>(async () => await chunks.MoveNextAsync());
        Assert.False(await chunks.MoveNextAsync());
    }

    [Fact]
    public async Task Events_that_are_kept_do_not_change()
    {
        await using var runtime = await WaysOut.StartAsync(ScriptedProvider.Always(Script.Text("a", "b", "c")));
        var turn = await runtime.Agents["writer", "1"].StartAsync("hello");

        var events = new List<TurnEvent>();
        await foreach (var next in turn.ReadAsync()) events.Add(next);

        Assert.Equal(["a", "b", "c"], events.OfType<TextDelta>().Select(delta => delta.Text));
        Assert.Equal(Enumerable.Range(1, events.Count), events.Select(next => (int)next.Seq));
        Assert.All(events, next => Assert.Equal((turn.Id, 1), (next.Turn, next.Epoch)));
    }

    [Fact, Trait("Behaviour", "T56")]
    public async Task Reading_text_allocates_nothing_per_piece()
    {
        await using var runtime = await AgentRuntime.StartAsync(agents => agents.AddProvider("default", new SameUpdates(3000)).AddAgent("writer"));
        var (seen, before, after) = (0, 0L, 0L);
        var thread = 0;
        await foreach (var chunk in runtime.Agents["writer", "1"].StreamAsync("hello"))
        {
            seen++;
            if (seen == 500) (thread, before) = (Environment.CurrentManagedThreadId, GC.GetAllocatedBytesForCurrentThread());
            if (seen == 2500) (thread, after) = (Environment.CurrentManagedThreadId == thread ? thread : -1, GC.GetAllocatedBytesForCurrentThread());
        }

        Assert.Equal(3001, seen);
        Assert.NotEqual(-1, thread); // A provider that never waits is read on the reader's own thread.
        Assert.InRange(after - before, 0, 2000 * 8); // Only the buffer of the text grows; an event would be 40 bytes.
    }

    private static async Task<List<StreamChunk>> ReadAsync(IAsyncEnumerable<StreamChunk> chunks)
    {
        var read = new List<StreamChunk>();
        await foreach (var chunk in chunks) read.Add(chunk);
        return read;
    }

    private sealed class SameUpdates(int count) : IChatClient, IAsyncEnumerable<ChatResponseUpdate>
    {
        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => this;

        public IAsyncEnumerator<ChatResponseUpdate> GetAsyncEnumerator(CancellationToken cancellationToken = default) => new Stream(count);

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose() { }

        private sealed class Stream(int count) : IAsyncEnumerator<ChatResponseUpdate>
        {
            private static readonly ChatResponseUpdate Piece = new(ChatRole.Assistant, "x"), Last = new(ChatRole.Assistant, "x") { FinishReason = ChatFinishReason.Stop };
            private int _given;

            public ChatResponseUpdate Current => _given == count ? Last : Piece;

            public ValueTask<bool> MoveNextAsync() => new(_given++ < count);

            public ValueTask DisposeAsync() => default;
        }
    }
}
