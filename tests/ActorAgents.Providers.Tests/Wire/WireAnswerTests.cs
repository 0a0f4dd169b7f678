using Microsoft.Extensions.AI;

namespace ActorAgents.Providers.Tests.Wires;

public sealed class WireAnswerTests : WireTest
{
    [Theory, MemberData(nameof(Kinds)), Trait("Behaviour", "T81"), Trait("Behaviour", "T82")]
    public async Task The_reason_of_the_end_and_every_count_arrive(string kind)
    {
        await using var server = WireServer.Streaming(kind, [.. Frames.Text(kind, "Once"), .. Frames.End(kind, full: true)]);
        await using var runtime = await StartAsync(server.Options(kind));

        var end = Assert.IsType<TurnCompleted>((await ReadAsync(runtime))[^1]);

        Assert.Equal(("Once", ChatFinishReason.Length), (end.Text, end.FinishReason));
        var expected = kind switch
        {
            "ollama" => new TokenUsage(10, 7, 17),
            "anthropic" => new TokenUsage(14, 7, 21, 4, 5), // It counts what comes from the cache apart.
            _ => new TokenUsage(10, 7, 17, 4, 5),
        };
        Assert.Equal(expected, end.Usage);
    }

    [Theory, MemberData(nameof(Kinds)), Trait("Behaviour", "T41"), Trait("Behaviour", "T38")]
    public async Task An_error_within_a_good_answer_ends_it_with_the_providers_words(string kind)
    {
        await using var server = WireServer.Streaming(kind, [.. Frames.Text(kind, "Once"), Frames.Error(kind, "The machine caught fire.")]);
        await using var runtime = await StartAsync(server.Options(kind));

        var end = Assert.IsType<TurnFailed>((await ReadAsync(runtime))[^1]);

        Assert.Equal(("Once", "The machine caught fire.", TurnErrorKind.Truncated), (end.Partial, end.Error.Message, end.Error.Kind));
    }

    [Theory, MemberData(nameof(Kinds)), Trait("Behaviour", "T41")]
    public async Task An_error_in_place_of_an_answer_is_transient(string kind)
    {
        await using var server = WireServer.Streaming(kind, Frames.Error(kind, "The machine is cold."));
        await using var runtime = await StartAsync(server.Options(kind));

        var end = Assert.IsType<TurnFailed>((await ReadAsync(runtime))[^1]);

        Assert.Equal(("The machine is cold.", TurnErrorKind.Transient), (end.Error.Message, end.Error.Kind));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Words_about_errors_are_only_words(string kind)
    {
        await using var server = WireServer.Streaming(kind, [.. Frames.Text(kind, """{\"error\":\"none\"} data: {\"error\"}"""), .. Frames.End(kind, full: false)]);
        await using var runtime = await StartAsync(server.Options(kind));

        Assert.Equal("""{"error":"none"} data: {"error"}""", Assert.IsType<TurnCompleted>((await ReadAsync(runtime))[^1]).Text);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_stream_that_just_ends_is_cut(string kind)
    {
        await using var server = WireServer.Streaming(kind, Frames.Text(kind, "Once"));
        await using var runtime = await StartAsync(server.Options(kind));

        var end = Assert.IsType<TurnFailed>((await ReadAsync(runtime))[^1]);

        Assert.Equal(("Once", TurnErrorKind.Truncated), (end.Partial, end.Error.Kind));
    }

    [Theory]
    [InlineData("openai", """{"id":"c1","object":"chat.completion.chunk","created":1,"model":"model-1","choices":[{"index":0,"delta":{"refusal":"I will not."},"finish_reason":null}]}""")]
    [InlineData("openai-responses", """{"type":"response.refusal.done","sequence_number":3,"item_id":"m1","output_index":0,"content_index":0,"refusal":"I will not."}""")]
    public async Task A_refusal_is_shown(string kind, string frame)
    {
        await using var server = WireServer.Streaming(kind, [.. Frames.Text(kind, "No: "), frame, .. Frames.End(kind, full: false)]);
        await using var runtime = await StartAsync(server.Options(kind));

        var refusal = Assert.Single((await ReadAsync(runtime)).OfType<ContentAdded>());

        Assert.Equal(("text/plain", "I will not."), (refusal.MediaType, System.Text.Encoding.UTF8.GetString(refusal.Data.Span)));
    }

    [Fact]
    public async Task Anthropics_refusal_is_the_reason_of_the_end()
    {
        await using var server = WireServer.Streaming("anthropic", [.. Frames.Text("anthropic", "No."),
            """{"type":"message_delta","delta":{"stop_reason":"refusal","stop_sequence":null},"usage":{"output_tokens":1}}"""]);
        await using var runtime = await StartAsync(server.Options("anthropic"));

        Assert.Equal(ChatFinishReason.ContentFilter, Assert.IsType<TurnCompleted>((await ReadAsync(runtime))[^1]).FinishReason);
    }

    [Fact, Trait("Behaviour", "T82")]
    public async Task Ollamas_blank_lines_say_nothing_and_text_on_its_last_line_counts()
    {
        await using var server = WireServer.Streaming("ollama", ["", .. Frames.Text("ollama", "Once "), "",
            """{"model":"model-1","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":"upon."},"done":true}""", ""]);
        await using var runtime = await StartAsync(server.Options("ollama"));

        var end = Assert.IsType<TurnCompleted>((await ReadAsync(runtime))[^1]);

        Assert.Equal(("Once upon.", ChatFinishReason.Stop), (end.Text, end.FinishReason));
    }

    [Fact, Trait("Behaviour", "T82")]
    public async Task Ollamas_missing_model_is_told_as_that()
    {
        await using var server = new WireServer(request => request.FailAsync("404 Not Found", """{"error":"model 'model-1' not found"}"""));
        await using var runtime = await StartAsync(server.Options("ollama"));

        var error = Assert.IsType<TurnFailed>((await ReadAsync(runtime))[^1]).Error;

        Assert.Equal((TurnErrorKind.NotFound, "model 'model-1' not found"), (error.Kind, error.Message));
    }

    [Fact, Trait("Behaviour", "T82")]
    public async Task Ollamas_thoughts_are_reasoning()
    {
        await using var server = WireServer.Streaming("ollama", [
            """{"model":"model-1","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":"","thinking":"Hm."},"done":false}""",
            .. Frames.Text("ollama", "Yes."), .. Frames.End("ollama", full: false)]);
        await using var runtime = await StartAsync(server.Options("ollama"));

        var events = await ReadAsync(runtime);

        Assert.Equal(["Hm."], events.OfType<ReasoningDelta>().Select(delta => delta.Text));
        Assert.Equal("Yes.", Assert.IsType<TurnCompleted>(events[^1]).Text);
    }
}
