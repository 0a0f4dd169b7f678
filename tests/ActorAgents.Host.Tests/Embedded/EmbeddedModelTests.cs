using ActorAgents.Host.Providers.Embedded;
using FsCheck.Xunit;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;
using static ActorAgents.Host.Tests.Embedded.Chats;

namespace ActorAgents.Host.Tests.Embedded;

public sealed class EmbeddedModelTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Text_comes_word_by_word_and_ends_with_usage_and_finish_reason()
    {
        var updates = await Drain(TokenPace.None, null, User("count to 3"));

        Assert.Equal(["1,", " 2,", " 3."], updates.SelectMany(u => u.Contents).OfType<TextContent>().Select(t => t.Text));
        var usage = updates[^1].Contents.OfType<UsageContent>().Single().Details;
        Assert.Equal((3L, 2L, 5L), (usage.InputTokenCount, usage.OutputTokenCount, usage.TotalTokenCount));
        Assert.Equal(ChatFinishReason.Stop, updates[^1].FinishReason);
        Assert.All(updates.SkipLast(1), u => Assert.Null(u.FinishReason));
    }

    [Fact]
    public async Task A_call_grows_in_pieces_that_join_to_its_arguments_and_is_then_closed()
    {
        var updates = await Drain(TokenPace.None, OfferingAll(), User("what is 12*(3+4)?"));

        var contents = updates.SelectMany(u => u.Contents).ToList();
        var pieces = contents.OfType<ToolCallArgumentsContent>().ToList();
        Assert.Equal(("embedded-1", "calculator", 0), (pieces[0].CallId, pieces[0].Name, pieces[0].Index));
        Assert.True(pieces.Count > 2);
        Assert.Equal("""{"expression":"12*(3+4)"}""", string.Concat(pieces.Select(p => p.Piece)));
        var call = contents.OfType<FunctionCallContent>().Single();
        Assert.Equal(("embedded-1", "12*(3+4)"), (call.CallId, call.Arguments!["expression"]));
        Assert.True(contents.IndexOf(call) > contents.IndexOf(pieces[^1]));
        Assert.Equal(ChatFinishReason.ToolCalls, updates[^1].FinishReason);
    }

    [Fact]
    public async Task Parallel_calls_have_their_own_index()
    {
        var updates = await Drain(TokenPace.None, OfferingAll(), User("what is 2+2 and what time is it?"));

        Assert.Equal([0, 1], updates.SelectMany(u => u.Contents).OfType<ToolCallArgumentsContent>().Select(c => c.Index).Distinct());
        Assert.Equal(["calculator", "clock"], updates.SelectMany(u => u.Contents).OfType<FunctionCallContent>().Select(c => c.Name));
    }

    [Fact]
    public async Task Reasoning_comes_first_and_is_counted()
    {
        var updates = await Drain(TokenPace.None, null, User("think, then count to 3"));

        var contents = updates.SelectMany(u => u.Contents).ToList();
        Assert.IsType<TextReasoningContent>(contents[0]);
        Assert.True(contents.FindLastIndex(c => c is TextReasoningContent) < contents.FindIndex(c => c is TextContent));
        Assert.True(contents.OfType<UsageContent>().Single().Details.ReasoningTokenCount > 10);
    }

    [Fact]
    public async Task The_bound_on_output_tokens_cuts_the_text_and_is_named()
    {
        var updates = await Drain(TokenPace.None, new ChatOptions { MaxOutputTokens = 2 }, User("say one three five"));

        Assert.Equal("one thre", string.Concat(updates.Select(u => u.Text)));
        Assert.Equal(ChatFinishReason.Length, updates[^1].FinishReason);
        Assert.Equal(2, updates[^1].Contents.OfType<UsageContent>().Single().Details.OutputTokenCount);
    }

    [Fact]
    public async Task A_call_that_does_not_fit_is_not_begun()
    {
        var options = OfferingAll();
        options.MaxOutputTokens = 12;
        var updates = await Drain(TokenPace.None, options, User("what is 12*(3+4)?"));

        Assert.DoesNotContain(updates.SelectMany(u => u.Contents), c => c is ToolCallArgumentsContent or FunctionCallContent);
        Assert.Equal(ChatFinishReason.Length, updates[^1].FinishReason);
    }

    [Fact]
    public async Task An_answer_that_fits_exactly_is_complete() =>
        Assert.Equal(ChatFinishReason.Stop, (await Drain(TokenPace.None, new ChatOptions { MaxOutputTokens = 2 }, User("say one four")))[^1].FinishReason);

    [Fact]
    public async Task The_human_pace_is_forty_tokens_a_second()
    {
        var model = new EmbeddedModel(TokenPace.Human, _time);
        await using var updates = model.GetStreamingResponseAsync([User("say abcd efg hij")]).GetAsyncEnumerator();

        foreach (var expected in new[] { "abcd", " efg", " hij" })
        {
            var next = updates.MoveNextAsync().AsTask();
            _time.Advance(TimeSpan.FromMilliseconds(24));
            Assert.False(next.IsCompleted);
            _time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.True(await next);
            Assert.Equal(expected, updates.Current.Text);
        }
    }

    [Fact]
    public async Task Cancelling_ends_a_wait_at_once()
    {
        using var stop = new CancellationTokenSource();
        var model = new EmbeddedModel(TokenPace.Human, _time);
        await using var updates = model.GetStreamingResponseAsync([User("hello")], null, stop.Token).GetAsyncEnumerator();
        var next = updates.MoveNextAsync().AsTask();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    [Fact]
    public async Task Cancelling_ends_a_stream_without_pace_too()
    {
        using var stop = new CancellationTokenSource();
        await using var updates = new EmbeddedModel(TokenPace.None, _time).GetStreamingResponseAsync([User("count to 100")], null, stop.Token).GetAsyncEnumerator();
        await updates.MoveNextAsync();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await updates.MoveNextAsync());
    }

    [Fact]
    public async Task The_whole_answer_is_that_of_the_stream_without_argument_pieces()
    {
        var response = await new EmbeddedModel(TokenPace.None, _time).GetResponseAsync([User("what is 2+2?")], OfferingAll());

        Assert.Contains("calculator", response.Text);
        Assert.Single(response.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>());
        Assert.DoesNotContain(response.Messages.SelectMany(m => m.Contents), c => c is ToolCallArgumentsContent);
        Assert.Equal(ChatFinishReason.ToolCalls, response.FinishReason);
        Assert.NotNull(response.Usage);
    }

    [Fact]
    public void It_names_itself()
    {
        var model = new EmbeddedModel(TokenPace.None, _time);

        Assert.Equal(("embedded", "embedded"), (model.GetService<ChatClientMetadata>()!.ProviderName, model.GetService<ChatClientMetadata>()!.DefaultModelId));
        Assert.Null(model.GetService<FunctionInvokingChatClient>());
        Assert.Same(model, model.GetService<IChatClient>());
    }

    [Property]
    public bool Pieces_of_a_text_join_to_it(string? text)
    {
        var pieces = Words.In(text ?? "").ToList();
        return string.Concat(pieces) == (text ?? "") && pieces.All(p => p.Length > 0);
    }

    [Fact]
    public void No_piece_splits_a_character_or_grows_long()
    {
        var pieces = Words.In(string.Concat(Enumerable.Repeat("😀漢", 100))).ToList();

        Assert.All(pieces, p => Assert.False(char.IsLowSurrogate(p[0]) || p.Length > 18));
    }

    [Theory]
    [InlineData("human", 40d)]
    [InlineData(" Human ", 40d)]
    [InlineData("none", null)]
    [InlineData("12.5", 12.5)]
    public void A_pace_is_read(string text, double? rate) => Assert.Equal(rate, TokenPace.Parse(text)!.Value.Rate);

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("fast")]
    [InlineData("1e3")]
    [InlineData("NaN")]
    [InlineData("2000000")]
    public void Anything_else_is_no_pace(string text) => Assert.Null(TokenPace.Parse(text));

    private async Task<List<ChatResponseUpdate>> Drain(TokenPace pace, ChatOptions? options, params ChatMessage[] messages)
    {
        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in new EmbeddedModel(pace, _time).GetStreamingResponseAsync(messages, options)) updates.Add(update);
        return updates;
    }
}
