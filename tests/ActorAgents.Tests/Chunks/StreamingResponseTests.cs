using Microsoft.Extensions.Time.Testing;

namespace ActorAgents.Tests.Chunks;

public sealed class StreamingResponseTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact, Trait("Behaviour", "T02")]
    public void Chunks_add_up_to_text_count_tokens_and_duration()
    {
        var response = new StreamingResponse(_time);
        response.AddChunk(new("Hello "));
        response.AddChunk(new("world"));
        _time.Advance(TimeSpan.FromMilliseconds(520));
        response.AddChunk(new("!", Metadata: Tokens(10), IsFinal: true));

        Assert.Equal("Hello world!", response.CompleteText);
        Assert.Equal(["Hello ", "world", "!"], response.Chunks.Select(c => c.Content));
        Assert.Equal((3, 10L), (response.ChunkCount, response.TotalTokens));
        Assert.Equal(TimeSpan.FromMilliseconds(520), response.Duration);
        Assert.Equal(response.StartTime + response.Duration, response.EndTime);
        Assert.True(response.IsComplete);
        Assert.Equal("3 chunks, 12 characters, 10 tokens in 0.52 s", response.Describe());
    }

    [Fact, Trait("Behaviour", "T03")]
    public void Before_the_final_chunk_times_are_absent_and_formatting_works()
    {
        var response = new StreamingResponse();
        Assert.Equal("0 chunks, 0 characters so far", response.Describe());
        response.AddChunk(new("Hello "));
        response.AddChunk(new("world"));

        Assert.Null(response.Duration);
        Assert.Null(response.EndTime);
        Assert.False(response.IsComplete);
        Assert.Equal("2 chunks, 11 characters so far", response.Describe());
        Assert.Equal("Hello world in s", $"{response} in {response.Duration?.TotalSeconds:F2}s");
    }

    [Fact, Trait("Behaviour", "T04")]
    public void An_empty_chunk_counts_and_adds_no_text()
    {
        var response = new StreamingResponse();
        response.AddChunk(new("a"));
        response.AddChunk(new(""));

        Assert.Equal((2, "a"), (response.ChunkCount, response.CompleteText));
    }

    [Fact, Trait("Behaviour", "T05")]
    public void Tokens_that_nobody_told_stay_absent()
    {
        var response = new StreamingResponse();
        response.AddChunk(new("a"));
        response.AddChunk(new("", IsFinal: true));

        Assert.Null(response.TotalTokens);
    }

    [Theory, Trait("Behaviour", "T02")]
    [InlineData(7)]
    [InlineData(7L)]
    [InlineData(7u)]
    public void Tokens_may_be_any_whole_number(object tokens)
    {
        var response = new StreamingResponse();
        response.AddChunk(new("", Metadata: Tokens(tokens), IsFinal: true));

        Assert.Equal(7, response.TotalTokens);
    }

    [Fact, Trait("Behaviour", "T06")]
    public void A_chunk_after_the_final_one_is_refused_and_changes_nothing()
    {
        var response = new StreamingResponse();
        response.AddChunk(new("a", IsFinal: true));

        var refusal = Assert.Throws<InvalidOperationException>(() => response.AddChunk(new("b", Metadata: Tokens(3), TurnId: new("t1"))));

        Assert.Contains("complete", refusal.Message);
        Assert.Equal(("a", 1, null), (response.CompleteText, response.ChunkCount, response.TotalTokens));
        Assert.NotEqual("t1", response.StreamId);
    }

    [Fact, Trait("Behaviour", "T07")]
    public void Stream_ids_differ_until_a_turn_gives_its_own()
    {
        var response = new StreamingResponse();
        Assert.NotEqual(new StreamingResponse().StreamId, response.StreamId);
        var random = response.StreamId;

        response.AddChunk(new("mock"));
        Assert.Equal(random, response.StreamId);
        response.AddChunk(new("a", TurnId: new("t1")));
        response.AddChunk(new("b", TurnId: new("t2")));

        Assert.Equal("t1", response.StreamId);
    }

    [Fact, Trait("Behaviour", "T08")]
    public void A_clock_that_jumps_back_does_not_shorten_the_duration()
    {
        var clock = new JumpingClock();
        var response = new StreamingResponse(clock);
        clock.Offset = TimeSpan.FromHours(-1);
        response.AddChunk(new("", IsFinal: true));

        Assert.True(response.Duration >= TimeSpan.Zero);
        Assert.True(response.EndTime >= response.StartTime);
    }

    private static Dictionary<string, object?> Tokens(object count) => new() { ["total_tokens"] = count };

    private sealed class JumpingClock : TimeProvider
    {
        public TimeSpan Offset { get; set; }
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Offset;
    }
}
