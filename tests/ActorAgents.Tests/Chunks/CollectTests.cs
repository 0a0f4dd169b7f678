namespace ActorAgents.Tests.Chunks;

public sealed class CollectTests
{
    [Fact, Trait("Behaviour", "T16")]
    public async Task Collecting_and_reading_as_text_agree()
    {
        var response = await Chunks("a", "b", "c").CollectAsync();

        Assert.Equal("abc", response.CompleteText);
        Assert.Equal("abc", await Chunks("a", "b", "c").ToStringAsync());
    }

    [Fact, Trait("Behaviour", "T17")]
    public async Task An_empty_stream_is_empty_text_and_no_chunks()
    {
        Assert.Equal("", await Chunks().ToStringAsync());
        var response = await Chunks().CollectAsync();
        Assert.Equal((0, ""), (response.ChunkCount, response.CompleteText));
    }

    [Theory, Trait("Behaviour", "T18")]
    [MemberData(nameof(Readers))]
    public async Task A_foreign_failure_becomes_the_inner_one_of_an_interruption_with_the_partial_text(Reader read)
    {
        var cause = new IOException("cut");

        var failure = await Assert.ThrowsAsync<StreamInterruptedException>(() => read(Failing(cause), default));

        Assert.Equal(("ab", InterruptReason.ReaderGone, "t1"), (failure.PartialResponse, failure.Reason, failure.TurnId.Value));
        Assert.Same(cause, failure.InnerException);
    }

    [Theory, Trait("Behaviour", "T18")]
    [MemberData(nameof(Readers))]
    public async Task A_failure_that_has_partial_text_itself_stays_what_it_is(Reader read)
    {
        var typed = new ProviderException(new TurnError(TurnErrorKind.Transient, "503"), "its own");

        Assert.Same(typed, await Assert.ThrowsAsync<ProviderException>(() => read(Failing(typed), default)));
    }

    [Theory, Trait("Behaviour", "T18")]
    [MemberData(nameof(Readers))]
    public async Task The_callers_cancellation_is_an_interruption_by_the_caller(Reader read)
    {
        using var stop = new CancellationTokenSource();

        var failure = await Assert.ThrowsAsync<StreamInterruptedException>(() => read(CancelledByItself(stop), stop.Token));

        Assert.Equal(("ab", InterruptReason.Caller, stop.Token), (failure.PartialResponse, failure.Reason, failure.CancellationToken));
    }

    [Fact, Trait("Behaviour", "T19")]
    public async Task Missing_content_is_no_text()
    {
        Assert.Equal("ac", await Chunks("a", null, "c").ToStringAsync());
        Assert.Equal("ac", (await Chunks("a", null, "c").CollectAsync()).CompleteText);
    }

    public delegate Task Reader(IAsyncEnumerable<StreamChunk> chunks, CancellationToken cancellationToken);

    public static TheoryData<Reader> Readers => new() { (c, t) => c.CollectAsync(t), (c, t) => c.ToStringAsync(t) };

    private static IAsyncEnumerable<StreamChunk> Chunks(params string?[] texts) =>
        texts.Select((t, i) => new StreamChunk(t!, IsFinal: i == texts.Length - 1)).ToAsyncEnumerable();

    private static async IAsyncEnumerable<StreamChunk> Failing(Exception exception)
    {
        yield return new("a", TurnId: new("t1"));
        await Task.Yield();
        yield return new("b");
        throw exception;
    }

    private static async IAsyncEnumerable<StreamChunk> CancelledByItself(
        CancellationTokenSource stop, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        yield return new("a");
        yield return new("b");
        await stop.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }
}
