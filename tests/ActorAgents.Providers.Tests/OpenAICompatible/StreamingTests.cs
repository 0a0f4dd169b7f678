using System.Text;
using ActorAgents.Providers.Tests.OpenAICompatible.Servers;
using FsCheck.Xunit;
using Microsoft.Extensions.AI;
using static ActorAgents.Providers.Tests.OpenAICompatible.Servers.Wire;

namespace ActorAgents.Providers.Tests.OpenAICompatible;

[Trait("Behaviour", "T80")]
public sealed class StreamingTests
{
    private const string Usage =
        """{"id":"chatcmpl-7","choices":[],"usage":{"prompt_tokens":11,"completion_tokens":7,"total_tokens":18,"prompt_tokens_details":{"cached_tokens":3,"audio_tokens":1},"completion_tokens_details":{"reasoning_tokens":2}}}""";

    private static readonly string Story = Delta("\"role\":\"assistant\",\"content\":\"\"") + Text("Hel") + ": keep-alive\n\n" + Text("lo, ä€🌍 \\ud83c\\udf0d")
        + Delta("\"reasoning_content\":\"hm\"") + Finish() + Event(Usage) + Done;

    private const string StoryRead = "text Hel\ntext lo, ä€🌍 🌍\nreasoning hm\nfinish stop\nusage 11 7 18 cached 3 reasoning 2";

    [Fact]
    public async Task Text_reasoning_finish_reason_and_usage_arrive_with_the_names_of_the_response()
    {
        var updates = await PiecewiseHandler.Client(Story).ReadAsync().SoonAsync();

        Assert.Equal(StoryRead, Transcript.Of(updates));
        Assert.All(updates, update => Assert.Equal(("chatcmpl-7", "chatcmpl-7", "model-1", ChatRole.Assistant, DateTimeOffset.FromUnixTimeSeconds(1_700_000_000)),
            (update.ResponseId, update.MessageId, update.ModelId, update.Role, update.CreatedAt)));
        Assert.Equal(1, ((UsageContent)updates[^1].Contents[0]).Details.AdditionalCounts!["prompt_tokens_details.audio_tokens"]);
    }

    [Property(MaxTest = 200)]
    public bool However_the_bytes_arrive_the_updates_are_the_same(byte[] cuts)
    {
        var (bytes, pieces) = (Encoding.UTF8.GetBytes(Story), new List<byte[]>());
        for (int at = 0, i = 0; at < bytes.Length; i++)
        {
            var count = Math.Min(bytes.Length - at, cuts.Length == 0 ? 1 : 1 + cuts[i % cuts.Length]);
            pieces.Add(bytes[at..(at += count)]);
        }

        return Transcript.Of(PiecewiseHandler.Client(pieces).ReadAsync().GetAwaiter().GetResult()) == StoryRead;
    }

    /// <summary>Events that are like the one before are read in another way, with the same result.</summary>
    [Property(MaxTest = 2000)]
    public void What_an_event_says_does_not_depend_on_the_event_before(byte[] choices)
    {
        var reader = new CompletionReader();
        for (var i = 0; i + 3 < choices.Length; i += 2)
        {
            var data = Encoding.UTF8.GetBytes(EventOf(choices[i] % 5, choices[i + 1] % 9, choices[i + 2] % 5, choices[i + 3] % 2));

            Assert.Equal(ReadOne(new CompletionReader(), data), ReadOne(reader, data));
        }

        static string ReadOne(CompletionReader reader, byte[] data)
        {
            try { return reader.Read(data) is { } update ? Transcript.Of([update]) : ""; }
            catch (Exception exception) when (exception is System.Text.Json.JsonException or InvalidOperationException) { return "unreadable"; }
        }

        static string EventOf(int shape, int value, int other, int end)
        {
            var (a, b) = (ValueOf(value), ValueOf(other));
            var delta = shape switch
            {
                0 => $"\"content\":\"{a}\"",
                1 => $"\"reasoning\":\"{a}\"",
                2 => $"\"content\":\"{a}\",\"reasoning_content\":\"{b}\"",
                3 => $"\"reasoning_content\":\"{a}\",\"reasoning\":\"{b}\"",
                _ => $"\"content\":[{{\"text\":\"{a}\"}}]",
            };
            return $"{{\"choices\":[{{\"index\":{(other == 4 ? 1 : 0)},\"delta\":{{{delta}}}}}]{(end == 0 ? "" : ",\"usage\":null")}}}";
        }

        static string ValueOf(int value) => value switch { 0 => "", 1 => "a", 2 => "ä🌍", 3 => "\\n", 4 => "\\", 5 => "\"", 6 => "\n", 7 => "a\"},\"x\":{\"y\":\"", _ => "longer" };
    }

    [Fact]
    public void Bytes_that_are_no_text_are_refused_in_an_event_like_the_one_before()
    {
        var reader = new CompletionReader();
        var data = Encoding.UTF8.GetBytes("""{"choices":[{"delta":{"content":"a"}}]}""");
        Assert.NotNull(reader.Read(data));

        data[data.AsSpan().IndexOf("a\"}"u8)] = 0xff;

        Assert.Throws<InvalidOperationException>(() => reader.Read(data));
    }

    [Theory]
    [InlineData("chunked, a character split between chunks and packets")]
    [InlineData("content-length")]
    [InlineData("until the connection closes")]
    public async Task Every_way_to_frame_a_body_is_read(string framing)
    {
        using var server = new HostileServer();
        using var http = HostileServer.Http();
        var reading = server.Client(http).ReadAsync();
        using (var connection = await server.AcceptAsync())
        {
            var bytes = Encoding.UTF8.GetBytes(Story);
            if (framing.StartsWith("chunked", StringComparison.Ordinal))
            {
                await connection.SendAsync(ChunkedHead);
                var within = bytes.AsSpan().IndexOf("🌍"u8) + 2;
                foreach (var part in (byte[][])[bytes[..within], bytes[within..(within + 1)], bytes[(within + 1)..]])
                {
                    await connection.SendAsync($"{part.Length:x}\r\n");
                    await connection.SendAsync(part);
                    await connection.SendAsync("\r\n");
                }
                await connection.SendAsync("0\r\n\r\n");
            }
            else
            {
                await connection.SendAsync(framing == "content-length" ? $"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: {bytes.Length}\r\n\r\n" : EventsHead);
                await connection.SendAsync(bytes);
            }
        }

        Assert.Equal(StoryRead, Transcript.Of(await reading.SoonAsync()));
    }

    [Fact]
    public async Task A_connection_is_used_again_after_an_answer_whose_body_ends_a_little_later()
    {
        using var server = new HostileServer();
        using var http = HostileServer.Http();
        var client = new OpenAICompatibleChatClient(http, server.Endpoint) { EndOfBody = TimeSpan.FromSeconds(30) };
        await using var first = client.GetStreamingResponseAsync("Hello").GetAsyncEnumerator();
        var next = first.MoveNextAsync().AsTask();
        using var connection = await server.AcceptAsync();
        await connection.SendAsync(ChunkedHead + Chunk(Finish() + Done));
        Assert.True(await next.SoonAsync());
        next = first.MoveNextAsync().AsTask();
        await connection.SendAsync("0\r\n\r\n");
        Assert.False(await next.SoonAsync());

        var second = server.Client(http).ReadAsync();
        await connection.ReadRequestAsync();
        await connection.SendAsync(ChunkedHead + Chunk(Text("b") + Finish() + Done) + "0\r\n\r\n");

        Assert.Equal("b", Transcript.TextOf(await second.SoonAsync()));
    }

    [Fact]
    public async Task A_server_that_never_ends_its_body_does_not_withhold_the_end_of_the_answer()
    {
        using var server = new HostileServer();
        using var http = HostileServer.Http();
        var reading = server.Client(http).ReadAsync();
        using var connection = await server.AcceptAsync();
        await connection.SendAsync(ChunkedHead + Chunk(Text("a") + Finish() + Done));

        Assert.Equal("a", Transcript.TextOf(await reading.SoonAsync()));
        await connection.GoneAsync();
    }

    [Theory]
    [InlineData("stop", "stop")]
    [InlineData("length", "length")]
    [InlineData("tool_calls", "tool_calls")]
    [InlineData("function_call", "tool_calls")]
    [InlineData("content_filter", "content_filter")]
    [InlineData("eos", "eos")]
    public async Task Finish_reasons_are_the_field_s(string sent, string expected)
    {
        Assert.Equal($"text a\nfinish {expected}", Transcript.Of(await PiecewiseHandler.Client(Text("a") + Finish(sent) + Done).ReadAsync().SoonAsync()));
    }

    [Theory]
    [InlineData("a finish reason that is empty until the end", """{"choices":[{"delta":{"content":"a"},"finish_reason":""}]}|{"choices":[{"delta":{},"finish_reason":"stop"}]}""", "text a\nfinish stop")]
    [InlineData("only reasoning, under its other name", """{"choices":[{"delta":{"reasoning":"hm"}}]}|{"choices":[{"delta":{},"finish_reason":"stop"}]}""", "reasoning hm\nfinish stop")]
    [InlineData("reasoning under both names", """{"choices":[{"delta":{"reasoning":"hm","reasoning_content":"hm"}}]}|{"choices":[{"delta":{},"finish_reason":"stop"}]}""", "reasoning hm\nfinish stop")]
    [InlineData("usage so far in every event", """{"choices":[{"delta":{"content":"a"}}],"usage":{"prompt_tokens":1,"completion_tokens":1}}|{"choices":[{"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}""", "text a\nfinish stop\nusage 1 2 3 cached  reasoning ")]
    [InlineData("a refusal", """{"choices":[{"delta":{"refusal":"I can"}}]}|{"choices":[{"delta":{"refusal":"not."}}]}|{"choices":[{"delta":{},"finish_reason":"stop"}]}""", "error Refusal I cannot.\nfinish stop")]
    [InlineData("content in parts", """{"choices":[{"delta":{"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},"finish_reason":"stop"}]}""", "text ab\nfinish stop")]
    [InlineData("a second alternative", """{"choices":[{"delta":{"content":"a"},"index":0}]}|{"choices":[{"delta":{"content":"x"},"finish_reason":"stop","index":1}]}|{"choices":[{"delta":{},"finish_reason":"stop","index":0}]}""", "text a\nfinish stop")]
    [InlineData("members of unexpected types", """{"id":7,"created":"now","model":{},"error":null,"usage":[],"choices":[3,null,{"delta":null},{"delta":{"content":4,"tool_calls":{}},"index":"0"},{"delta":{"content":"a"},"logprobs":{"content":[{"token":"a"}]},"finish_reason":"stop"}]}""", "text a\nfinish stop")]
    [InlineData("no [DONE]", """{"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}""", "text a\nfinish stop", "")]
    public async Task Peculiar_servers_are_understood(string what, string events, string expected, string end = Done)
    {
        var body = string.Concat(events.Split('|').Select(Event)) + end;

        Assert.True(expected == Transcript.Of(await PiecewiseHandler.Client(body).ReadAsync().SoonAsync()), what);
    }

    [Fact]
    public async Task An_answer_that_ends_with_DONE_alone_has_no_finish_reason()
    {
        Assert.Equal("text a", Transcript.Of(await PiecewiseHandler.Client(Text("a") + Done).ReadAsync().SoonAsync()));
    }

    private const string Whole =
        """{"id":"chatcmpl-8","created":1700000000,"model":"model-1","choices":[{"index":0,"message":{"role":"assistant","reasoning_content":"hm","content":"Hello","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}""";

    private const string WholeRead = "reasoning hm\ntext Hello\ncall c1 f {\"a\":1}\nfinish tool_calls\nusage 1 2 3 cached  reasoning ";

    [Fact]
    public async Task A_server_that_answers_as_a_whole_is_read_all_the_same()
    {
        Assert.Equal(WholeRead, Transcript.Of(await PiecewiseHandler.Client(Whole, "application/json").ReadAsync().SoonAsync()));
    }

    [Fact]
    public async Task A_response_that_is_not_streamed_has_it_all()
    {
        var response = await PiecewiseHandler.Client(Whole, "application/json").GetResponseAsync("Hello").SoonAsync();

        Assert.Equal(("Hello", "chatcmpl-8", "model-1", ChatFinishReason.ToolCalls, 3L), (response.Text, response.ResponseId, response.ModelId, response.FinishReason, response.Usage!.TotalTokenCount));
        Assert.IsType<FunctionCallContent>(Assert.Single(response.Messages).Contents[^1]);
    }

    [Fact]
    public void The_client_says_what_it_is()
    {
        var client = PiecewiseHandler.Client("");

        Assert.Equal(("openai-compatible", "model-1", new Uri("http://server.test/v1")), client.GetService<ChatClientMetadata>() is { } known ? (known.ProviderName, known.DefaultModelId, known.ProviderUri) : default);
        Assert.Same(client, client.GetService<IChatClient>());
        Assert.Null(client.GetService<HttpClient>());
    }
}
