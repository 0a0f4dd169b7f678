namespace ActorAgents.Tests.Chunks;

public sealed class StreamChunkTests
{
    [Fact, Trait("Behaviour", "T01")]
    public void A_chunk_of_text_alone_has_a_time_and_nothing_else()
    {
        var before = TimeProvider.System.GetUtcNow();
        var chunk = new StreamChunk("Hi");

        Assert.Null(chunk.Token);
        Assert.Empty(chunk.Metadata);
        Assert.False(chunk.IsFinal);
        Assert.InRange(chunk.Timestamp, before, TimeProvider.System.GetUtcNow());
        Assert.Null(chunk.TurnId);
        Assert.Equal("Hi", $"{chunk}");
    }

    [Fact]
    public void A_time_that_was_given_is_kept() => Assert.Equal(DateTimeOffset.UnixEpoch, new StreamChunk("a", Timestamp: DateTimeOffset.UnixEpoch).Timestamp);

    [Fact, Trait("Behaviour", "T19")]
    public void A_chunk_without_content_reads_as_empty_text()
    {
        Assert.Equal("", new StreamChunk(null!).Content);
        Assert.Equal("", default(StreamChunk).Content);
        Assert.Equal("", default(StreamChunk).ToString());
        Assert.Empty(default(StreamChunk).Metadata);
        Assert.Empty((new StreamChunk("a", Metadata: Facts) with { Metadata = null! }).Metadata);
    }

    [Fact]
    public void Chunks_of_the_same_facts_are_equal() =>
        Assert.Equal(new StreamChunk("a", "t", Facts, true, DateTimeOffset.UnixEpoch), new StreamChunk("a", "t", Facts, true, DateTimeOffset.UnixEpoch));

    private static readonly Dictionary<string, object?> Facts = new() { ["total_tokens"] = 1 };
}
