using ActorAgents.Providers.Tests.OpenAICompatible.Servers;
using Microsoft.Extensions.AI;

namespace ActorAgents.Providers.Tests.OpenAICompatible;

[Trait("Behaviour", "T83")]
public sealed class TruncationTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private static readonly Recording Chunked = new(isChunked: true), Open = new(isChunked: false);

    [Fact]
    public Task A_connection_reset_after_any_byte_fails_with_exactly_the_text_that_had_arrived() => CutAsync(Chunked, stride: 1, connection => connection.Reset());

    [Fact]
    public Task So_does_one_closed_politely_after_any_byte_of_a_chunked_body() => CutAsync(Chunked, stride: 23, connection => connection.Dispose());

    [Fact]
    public Task A_body_without_a_length_that_ends_too_early_is_truncated() => CutAsync(Open, stride: 23, connection => connection.Dispose());

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Behaviour", "T38")]
    public async Task A_turn_over_a_connection_cut_anywhere_fails_with_its_partial_text(bool byReset)
    {
        using var server = new HostileServer();
        using var http = HostileServer.Http();
        await using var runtime = await AgentRuntime.StartAsync(agents => agents
            .AddProvider("default", server.Client(http))
            .AddAgent("writer", agent => agent.WithLimits(limits => limits with { Retries = 0, HistoryTurns = 0 })));

        await CutAllAsync().WaitAsync(Longest);

        async Task CutAllAsync()
        {
            for (var cut = 0; cut < Chunked.EndOfAnswer; cut += 61)
            {
                var expected = Chunked.TextAfter(cut);
                var events = runtime.Agents["writer", $"{cut}"].EventsAsync("Hello").GetAsyncEnumerator();
                var (text, next, accepting) = ("", events.MoveNextAsync().AsTask(), server.AcceptAsync());
                Assert.True(await next); // It has started; the provider is asked by the next pull.
                next = events.MoveNextAsync().AsTask();
                using var connection = await accepting;
                await connection.SendAsync(Chunked.Bytes.AsMemory(0, cut));
                for (; text.Length < expected.Length; next = events.MoveNextAsync().AsTask())
                {
                    Assert.True(await next);
                    text += ((TextDelta)events.Current).Text;
                }
                if (byReset) connection.Reset(); else connection.Dispose();
                Assert.True(await next);
                var failed = Assert.IsType<TurnFailed>(events.Current);
                Assert.Equal((expected, expected), (text, failed.Partial));
                Assert.True(failed.Error.Kind == (expected == "" ? TurnErrorKind.Transient : TurnErrorKind.Truncated), $"{failed.Error} after {cut} bytes");
                Assert.False(await events.MoveNextAsync());
                await events.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task A_turn_whose_answer_ends_in_the_middle_of_an_event_is_truncated_not_completed()
    {
        using var server = new HostileServer();
        using var http = HostileServer.Http();
        await using var runtime = await AgentRuntime.StartAsync(agents => agents.AddProvider("default", server.Client(http)).AddAgent("writer", _ => { }));

        var running = runtime.Agents["writer", "1"].RunAsync("Hello");
        using (var connection = await server.AcceptAsync()) await connection.SendAsync(Wire.EventsHead + Wire.Text("Hel") + "data: {\"choices\":[{\"del");

        var failure = await Assert.ThrowsAsync<ProviderException>(() => running).SoonAsync();
        Assert.Equal((TurnErrorKind.Truncated, "Hel"), (failure.Kind, failure.PartialResponse));
        Assert.Contains("ended in the middle of an event", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>Cuts one connection after another, a few side by side, each once all that can have arrived has been read.</summary>
    private static async Task CutAsync(Recording recording, int stride, Action<Connection> cutOff)
    {
        const int sideBySide = 4;
        await Task.WhenAll(Enumerable.Range(0, sideBySide).Select(worker => Task.Run(CutEveryFourthAsync(worker)))).WaitAsync(Longest);

        Func<Task> CutEveryFourthAsync(int worker) => async () =>
        {
            using var server = new HostileServer();
            using var http = HostileServer.Http();
            for (var cut = worker * stride; cut <= recording.Bytes.Length; cut += sideBySide * stride) await CutOneAsync(recording, cut, server, server.Client(http), cutOff);
        };
    }

    private static async Task CutOneAsync(Recording recording, int cut, HostileServer server, IChatClient client, Action<Connection> cutOff)
    {
        var expected = recording.TextAfter(cut);
        await using var updates = client.GetStreamingResponseAsync("Hello").GetAsyncEnumerator();
        var (text, next) = ("", updates.MoveNextAsync().AsTask());
        using var connection = await server.AcceptAsync();
        await connection.SendAsync(recording.Bytes.AsMemory(0, cut));
        for (; text.Length < expected.Length; next = updates.MoveNextAsync().AsTask())
        {
            Assert.True(await next);
            text += updates.Current.Text;
        }
        cutOff(connection);
        var failure = await EndAsync(updates, next, piece => text += piece);
        Assert.Equal(expected, text);
        if (cut < recording.EndOfAnswer && !EndsWell(recording, cut))
            Assert.True(failure?.Kind is TurnErrorKind.Transient or TurnErrorKind.Truncated, $"{failure} after {cut} bytes");
        else Assert.True(failure is null, $"{failure} after {cut} bytes");
    }

    /// <summary>With the finish reason the answer is over for servers that send no <c>[DONE]</c>: their bodies end with the connection.</summary>
    private static bool EndsWell(Recording recording, int cut) => recording == Open && cut >= recording.EndOfFinish;

    private static async Task<ProviderException?> EndAsync(IAsyncEnumerator<ChatResponseUpdate> updates, Task<bool> next, Action<string> read)
    {
        try
        {
            for (; await next; next = updates.MoveNextAsync().AsTask()) read(updates.Current.Text);
            return null;
        }
        catch (ProviderException failure) { return failure; }
    }
}
