using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.Tests.Turns;

public sealed class StreamingTests
{
    [Theory, EveryWayOut, Trait("Behaviour", "T20")]
    public async Task Pieces_arrive_in_order_and_then_one_end(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Text("Hello ", "world!"));
        await using var runtime = await WaysOut.StartAsync(provider);

        var events = await runtime.ReadAllAsync(way, runtime.Agents["writer", "1"], "Hi");

        Assert.Equal(
            [typeof(TurnStarted), typeof(TextDelta), typeof(TextDelta), typeof(StepFinished), typeof(TurnCompleted)],
            events.Select(e => e.GetType()));
        Assert.Equal(["Hello ", "world!"], events.OfType<TextDelta>().Select(delta => delta.Text));
        Assert.Equal([1, 2, 3, 4, 5], events.Select(e => e.Seq));
        Assert.Equal("Hello world!", events.End<TurnCompleted>().Text);
        Assert.Empty(provider.Violations);
    }

    [Fact, Trait("Behaviour", "T20")]
    public async Task The_text_view_gives_the_pieces_and_one_empty_final_chunk()
    {
        await using var runtime = await WaysOut.StartAsync(new(Script.Text("Hello ", "world!")));

        var chunks = await runtime.Agents["writer", "1"].StreamAsync("Hi").ToListAsync();

        Assert.Equal([("Hello ", false), ("world!", false), ("", true)], chunks.Select(c => (c.Content, c.IsFinal)));
        Assert.Single(chunks.Select(c => c.TurnId).Distinct());
    }

    [Fact, Trait("Behaviour", "T21")]
    public async Task An_empty_final_update_becomes_the_one_final_chunk_with_its_reason_and_usage()
    {
        var last = new ChatResponseUpdate
        {
            FinishReason = ChatFinishReason.Length,
            Contents = [new UsageContent(new UsageDetails { InputTokenCount = 7, OutputTokenCount = 3 })],
        };
        await using var runtime = await WaysOut.StartAsync(new(Script.Text("Hello").Update(last)));

        var chunks = await runtime.Agents["writer", "1"].StreamAsync("Hi").ToListAsync();

        Assert.Equal("", Assert.Single(chunks, c => c.IsFinal).Content);
        var facts = chunks[^1].Metadata;
        Assert.Equal(("length", 10L, 7L, 3L), (facts["finish_reason"], facts["total_tokens"], facts["input_tokens"], facts["output_tokens"]));
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T21")]
    public async Task Reason_and_usage_of_an_empty_final_update_are_in_the_terminal_event(WayOut way)
    {
        await using var runtime = await WaysOut.StartAsync(new(Script.Text("Hello").Usage(7, 3).Finish(ChatFinishReason.Length)));

        var end = (await runtime.ReadAllAsync(way, runtime.Agents["writer", "1"], "Hi")).End<TurnCompleted>();

        Assert.Equal((ChatFinishReason.Length, new TokenUsage(7, 3, 10)), (end.FinishReason, end.Usage));
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T22")]
    public async Task A_stream_without_a_finish_reason_fails_as_truncated_with_the_partial_text(WayOut way)
    {
        await using var runtime = await WaysOut.StartAsync(new(Script.Text("Hel").WithoutFinish()));
        var agent = runtime.Agents["writer", "1"];

        var events = await runtime.ReadAllAsync(way, agent, "Hi");

        var end = events.End<TurnFailed>();
        Assert.Equal((TurnErrorKind.Truncated, "Hel"), (end.Error.Kind, end.Partial));
        Assert.Contains("WithoutFinishReason", end.Error.Message);
        Assert.Equal(["user: Hi", "assistant: Hel"], (await agent.GetMessagesAsync()).Lines());
    }

    [Fact, Trait("Behaviour", "T22")]
    public async Task The_text_view_throws_for_a_truncated_stream()
    {
        await using var runtime = await WaysOut.StartAsync(new(Script.Text("Hel").WithoutFinish()));

        var failure = await Assert.ThrowsAsync<ProviderException>(() => runtime.Agents["writer", "1"].StreamAsync("Hi").CollectAsync());

        Assert.Equal((TurnErrorKind.Truncated, "Hel"), (failure.Kind, failure.PartialResponse));
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T22")]
    public async Task A_provider_that_never_sends_a_finish_reason_and_says_so_completes(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Text("Hello").WithoutFinish());
        await using var runtime = await AgentRuntime.StartAsync(agents => agents
            .AddProvider("default", provider, p => p.WithoutFinishReason()).AddAgent("writer"));

        var end = (await runtime.ReadAllAsync(way, runtime.Agents["writer", "1"], "Hi")).End<TurnCompleted>();

        Assert.Equal(("Hello", null), (end.Text, end.FinishReason));
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T30")]
    public async Task An_empty_answer_completes_and_leaves_no_assistant_message(WayOut way)
    {
        await using var runtime = await WaysOut.StartAsync(new(Script.Empty));
        var agent = runtime.Agents["writer", "1"];

        Assert.Equal("", (await runtime.ReadAllAsync(way, agent, "Hi")).End<TurnCompleted>().Text);
        Assert.Equal(["user: Hi"], (await agent.GetMessagesAsync()).Lines());
    }

    [Fact, Trait("Behaviour", "T30")]
    public async Task An_empty_answer_is_one_final_chunk()
    {
        await using var runtime = await WaysOut.StartAsync(new(Script.Text("", "")));

        var response = await runtime.Agents["writer", "1"].StreamAsync("Hi").CollectAsync();

        Assert.Equal((1, "", true), (response.ChunkCount, response.CompleteText, response.Chunks[0].IsFinal));
    }

    [Fact, Trait("Behaviour", "T31")]
    public async Task The_whole_call_gives_the_same_text_as_the_stream_and_the_usage()
    {
        await using var runtime = await WaysOut.StartAsync(ScriptedProvider.Always(Script.Text("Hello ", "world!").Usage(5, 2)));

        var streamed = await runtime.Agents["writer", "1"].StreamAsync("Hi").CollectAsync();
        var whole = await runtime.Agents["writer", "2"].RunAsync("Hi");

        Assert.Equal(streamed.CompleteText, whole.Content);
        Assert.Equal((new TokenUsage(5, 2, 7), ChatFinishReason.Stop), (whole.Usage, whole.FinishReason));
        Assert.Equal(["assistant: Hello world!"], whole.Messages.Lines());
    }
}
