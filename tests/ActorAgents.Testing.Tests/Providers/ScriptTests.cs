using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorAgents.Testing.Tests;

public sealed class ScriptTests
{
    [Fact]
    public async Task Each_piece_of_text_is_a_chunk_and_the_implied_finish_is_stop()
    {
        var updates = await Reading.ReadAsync(Script.Text("Hello ", "world!"));

        Assert.Equal(["Hello ", "world!", ""], updates.Select(u => u.Text));
        Assert.Equal([null, null, ChatFinishReason.Stop], updates.Select(u => u.FinishReason));
    }

    [Fact]
    public async Task A_script_that_called_a_tool_finishes_with_tool_calls()
    {
        var updates = await Reading.ReadAsync(Script.Text("Let me see. ").Call("add", new { a = 1, b = "x" }, callId: "c1"));

        var call = Assert.Single(updates.Of<FunctionCallContent>());
        Assert.Equal(("c1", "add"), (call.CallId, call.Name));
        Assert.Equal(1, ((JsonElement)call.Arguments!["a"]!).GetInt32());
        Assert.Equal("x", ((JsonElement)call.Arguments!["b"]!).GetString());
        Assert.Equal(ChatFinishReason.ToolCalls, updates[^1].FinishReason);
    }

    [Fact]
    public async Task A_finish_that_was_written_takes_the_place_of_the_implied_one()
    {
        var updates = await Reading.ReadAsync(Script.Text("a").Finish(ChatFinishReason.Length).Usage(3, 4));

        Assert.Equal([null, ChatFinishReason.Length, null], updates.Select(u => u.FinishReason));
        Assert.Equal(7, updates.Of<UsageContent>().Single().Details.TotalTokenCount);
    }

    [Fact]
    public async Task Without_finish_the_stream_just_ends() =>
        Assert.Equal(["a"], (await Reading.ReadAsync(Script.Text("a").WithoutFinish())).Select(u => u.Text));

    [Fact]
    public async Task A_script_with_more_written_to_it_leaves_the_shorter_one_as_it_was()
    {
        var beginning = Script.Text("a");
        _ = beginning.Text("b").Throw(new IOException());

        Assert.Equal(2, (await Reading.ReadAsync(beginning)).Count);
    }

    [Fact]
    public async Task Calls_in_pieces_name_themselves_once_and_join_to_the_arguments()
    {
        var updates = await Reading.ReadAsync(Script.CallInPieces("add", """{"a":1,"b":2}""", pieces: 4, callId: "c1", index: 2));

        var pieces = updates.Of<ToolCallArgumentsContent>().ToArray();
        Assert.Equal(["c1", null, null, null], pieces.Select(p => p.CallId));
        Assert.Equal(["add", null, null, null], pieces.Select(p => p.Name));
        Assert.All(pieces, p => Assert.Equal(2, p.Index));
        Assert.Equal("""{"a":1,"b":2}""", string.Concat(pieces.Select(p => p.Piece)));
        Assert.Equal("c1", updates.Of<FunctionCallContent>().Single().CallId);
    }

    [Fact]
    public async Task Calls_in_pieces_may_stay_unclosed_and_then_the_whole_response_closes_them()
    {
        var script = Script.CallInPieces("add", """{"a":1}""", callId: "c1", close: false);

        Assert.Empty((await Reading.ReadAsync(script)).Of<FunctionCallContent>());
        var whole = await new ScriptedProvider(script).GetResponseAsync(Reading.Hello);
        var call = Assert.IsType<FunctionCallContent>(Assert.Single(whole.Messages.Single().Contents));
        Assert.Equal("1", call.Arguments!["a"]!.ToString());
    }

    [Theory]
    [InlineData("{\"a\":")]
    [InlineData("[1]")]
    [InlineData("no json")]
    public async Task Malformed_arguments_arrive_as_an_exception_in_the_call(string json)
    {
        Assert.NotNull((await Reading.ReadAsync(Script.MalformedCall("add", json))).Of<FunctionCallContent>().Single().Exception);
        Assert.NotNull((await Reading.ReadAsync(Script.CallInPieces("add", json, callId: "c"))).Of<FunctionCallContent>().Single().Exception);
        Assert.Throws<ArgumentException>(() => Script.MalformedCall("add", "{}"));
    }

    [Fact]
    public async Task Call_ids_that_nobody_gave_differ_between_calls_and_between_requests()
    {
        var provider = ScriptedProvider.Always(Script.Call("a").Call("b"));

        var ids = (await provider.ReadAsync()).Concat(await provider.ReadAsync()).Of<FunctionCallContent>().Select(c => c.CallId);

        Assert.Equal(4, ids.Distinct().Count());
    }

    [Fact]
    public async Task A_call_marked_by_one_reader_is_unmarked_for_the_next()
    {
        var provider = ScriptedProvider.Always(Script.Call("a", callId: "c1"));

        (await provider.ReadAsync()).Of<FunctionCallContent>().Single().InformationalOnly = true;

        Assert.False((await provider.ReadAsync()).Of<FunctionCallContent>().Single().InformationalOnly);
    }

    [Fact]
    public async Task A_rate_limit_has_status_429_and_the_wait_in_its_data()
    {
        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => Reading.ReadAsync(Script.RateLimited(TimeSpan.FromSeconds(7))));

        Assert.Equal(429, (int)failure.StatusCode!);
        Assert.Equal(TimeSpan.FromSeconds(7), failure.Data["Retry-After"]);
    }

    [Fact]
    public async Task A_failure_comes_after_the_chunks_written_before_it_and_ends_the_stream()
    {
        var provider = new ScriptedProvider(Script.Text("Hel").Fails(503));
        await using var reader = provider.Ask().GetAsyncEnumerator();

        Assert.True(await reader.MoveNextAsync());
        Assert.Equal(503, (int)(await Assert.ThrowsAsync<HttpRequestException>(() => reader.MoveNextAsync().AsTask())).StatusCode!);
        Assert.False(await reader.MoveNextAsync());
    }
}
