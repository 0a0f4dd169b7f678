namespace ActorAgents.Testing.Tests;

public sealed class MockStreamTests
{
    private readonly VirtualTime _time = new();

    [Fact, Trait("Behaviour", "T09")]
    public async Task Thirteen_characters_are_by_default_a_chunk_of_ten_and_a_final_one_of_three()
    {
        await using var probe = MockStream.Create("Test response", time: _time.Provider).Probe();
        await probe.NextAsync();
        Assert.True(probe.TryPending());
        _time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.True(probe.TryPending());
        _time.Advance(TimeSpan.FromMilliseconds(1));
        var chunks = await probe.ReadAllAsync();

        Assert.Equal(["Test respo", "nse"], chunks.Select(c => c.Content));
        Assert.Equal([false, true], chunks.Select(c => c.IsFinal));
        Assert.Equal([0, 1], chunks.Select(c => c.Metadata["index"]));
    }

    [Fact, Trait("Behaviour", "T10")]
    public async Task Slices_have_the_given_size_and_the_last_is_final() =>
        Assert.Equal([("Hello", false), (" worl", false), ("d", true)], await ReadAsync("Hello world", 5));

    [Fact, Trait("Behaviour", "T11")]
    public async Task An_exact_multiple_has_no_empty_chunk_after_it() =>
        Assert.Equal([("abc", false), ("def", true)], await ReadAsync("abcdef", 3));

    [Fact, Trait("Behaviour", "T12")]
    public async Task Empty_text_is_one_empty_final_chunk()
    {
        Assert.Equal([("", true)], await ReadAsync("", 5));
        var response = await MockStream.Create("").CollectAsync();
        Assert.Equal(("", 1, true), (response.CompleteText, response.ChunkCount, response.IsComplete));
    }

    [Fact, Trait("Behaviour", "T13")]
    public void Wrong_arguments_are_refused_at_once()
    {
        Assert.Throws<ArgumentOutOfRangeException>("chunkSize", () => MockStream.Create("a", 0));
        Assert.Throws<ArgumentOutOfRangeException>("chunkSize", () => MockStream.Create("a", -1));
        Assert.Throws<ArgumentOutOfRangeException>("delay", () => MockStream.Create("a", delay: TimeSpan.FromMilliseconds(-1)));
        Assert.Throws<ArgumentNullException>(() => MockStream.Create(null!));
    }

    [Fact, Trait("Behaviour", "T14")]
    public async Task The_delay_lies_between_chunks_and_not_after_the_last()
    {
        var start = _time.Now;
        await using var probe = MockStream.Create("abcd", 1, TimeSpan.FromSeconds(2), _time.Provider).Probe();

        await probe.NextAsync();
        for (var chunk = 0; chunk < 3; chunk++)
        {
            Assert.True(probe.TryPending());
            _time.Advance(TimeSpan.FromSeconds(2));
            await probe.NextAsync();
        }
        await probe.ExpectCompleteAsync();

        Assert.Equal(TimeSpan.FromSeconds(6), _time.Now - start);
        Assert.Equal(_time.Now, probe.Seen[^1].Timestamp);
    }

    [Theory, Trait("Behaviour", "T15")]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public async Task Slices_count_runes_and_split_none(int size)
    {
        const string Text = "a😀b𝄞𝄞c😀😀é";
        var slices = (await ReadAsync(Text, size)).Select(s => s.Text).ToArray();

        Assert.Equal(Text, string.Concat(slices));
        Assert.All(slices.SkipLast(1), s => Assert.Equal(size, s.EnumerateRunes().Count()));
        Assert.All(slices, s => Assert.False(char.IsLowSurrogate(s[0]) || char.IsHighSurrogate(s[^1])));
    }

    [Fact]
    public async Task Cancelling_ends_a_delay()
    {
        await using var probe = MockStream.Create("ab", 1, TimeSpan.FromDays(1), _time.Provider).Probe();
        await probe.NextAsync();
        probe.Pull();
        await probe.CancelAsync();

        await probe.ExpectFailureAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task It_may_be_read_twice()
    {
        var stream = MockStream.Create("abc", 2, TimeSpan.Zero);

        Assert.Equal(await stream.ToStringAsync(), await stream.ToStringAsync());
    }

    private static async Task<List<(string Text, bool Final)>> ReadAsync(string text, int size)
    {
        var slices = new List<(string, bool)>();
        await foreach (var chunk in MockStream.Create(text, size, TimeSpan.Zero)) slices.Add((chunk.Content, chunk.IsFinal));
        return slices;
    }
}
