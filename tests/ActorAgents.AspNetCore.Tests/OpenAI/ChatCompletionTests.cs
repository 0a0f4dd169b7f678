using System.Net;
using ActorAgents.Testing;

namespace ActorAgents.AspNetCore.Tests.OpenAI;

public sealed class ChatCompletionTests
{
    private static object Request(bool stream = true, object? tools = null) => new
    {
        model = "assistant",
        stream,
        stream_options = new { include_usage = true },
        messages = new object[] { new { role = "user", content = "hello" } },
        tools,
    };

    private static readonly object Weather = new object[] { new { type = "function", function = new { name = "weather", parameters = new { type = "object" } } } };

    [Fact]
    public async Task Chunks_come_with_the_role_first_then_the_reason_then_the_usage_then_done()
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(Script.Text("Once ", "upon").Usage(3, 4)));

        await using var stream = await server.StreamAsync("/v1/chat/completions", Request());
        var frames = await stream.RestAsync();

        Assert.Equal("[DONE]", frames[^1].Data);
        var chunks = frames[..^1].ConvertAll(frame => frame.Json);
        Assert.Equal("assistant", chunks[0].GetProperty("choices")[0].GetProperty("delta").GetProperty("role").GetString());
        Assert.Equal(["Once ", "upon"], chunks[..2].Select(chunk => chunk.GetProperty("choices")[0].GetProperty("delta").GetProperty("content").GetString()));
        Assert.Equal("stop", chunks[2].GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.Equal(0, chunks[3].GetProperty("choices").GetArrayLength());
        Assert.Equal(7, chunks[3].GetProperty("usage").GetProperty("total_tokens").GetInt32());
        Assert.Single(chunks.Select(chunk => chunk.GetProperty("id").GetString()).Distinct());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_call_of_the_callers_tool_is_handed_back(bool inPieces)
    {
        var script = inPieces ? Script.CallInPieces("weather", """{"city":"Riga"}""", pieces: 3) : Script.Call("weather", new { city = "Riga" });
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(script));

        await using var stream = await server.StreamAsync("/v1/chat/completions", Request(tools: Weather));
        var deltas = (await stream.RestAsync())[..^2].ConvertAll(frame => frame.Json.GetProperty("choices")[0]);

        var calls = deltas.Where(d => d.GetProperty("delta").TryGetProperty("tool_calls", out _)).Select(d => d.GetProperty("delta").GetProperty("tool_calls")[0]).ToList();
        Assert.Equal("weather", calls[0].GetProperty("function").GetProperty("name").GetString());
        Assert.Equal("""{"city":"Riga"}""", string.Concat(calls.Select(call => call.GetProperty("function").GetProperty("arguments").GetString())));
        Assert.Equal("tool_calls", deltas[^1].GetProperty("finish_reason").GetString());
    }

    [Fact]
    public async Task A_failure_before_the_first_token_is_a_status_with_the_error_body()
    {
        await using var server = await AgentServer.StartAsync(
            new ScriptedProvider(Script.RateLimited(retryAfter: TimeSpan.FromSeconds(2))), agent: a => a.WithLimits(l => l with { Retries = 0 }));

        var answer = server.PostAsync("/v1/chat/completions", Request());
        var error = (await AgentServer.JsonAsync(answer, HttpStatusCode.TooManyRequests)).GetProperty("error");

        Assert.Equal("rate_limit_error", error.GetProperty("type").GetString());
        Assert.Equal("2", Assert.Single((await answer).Headers.GetValues("Retry-After")));
    }

    [Fact]
    public async Task A_failure_later_is_an_error_frame_and_the_stream_is_not_done()
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(Script.Text("Once").Fails(503)));

        await using var stream = await server.StreamAsync("/v1/chat/completions", Request());
        var frames = await stream.RestAsync();

        Assert.Equal("server_error", frames[^1].Json.GetProperty("error").GetProperty("type").GetString());
    }

    [Fact]
    public async Task With_a_key_the_agent_keeps_the_conversation_and_without_one_nothing_is_kept()
    {
        var provider = ScriptedProvider.Always(Script.Text("Hi."));
        await using var server = await AgentServer.StartAsync(provider);

        await AgentServer.JsonAsync(server.PostAsync("/v1/chat/completions", Request(stream: false), ("X-Agent-Key", "ann")));
        await AgentServer.JsonAsync(server.PostAsync("/v1/chat/completions", Request(stream: false), ("X-Agent-Key", "ann")));
        await AgentServer.JsonAsync(server.PostAsync("/v1/chat/completions", Request(stream: false)));

        Assert.Equal([1, 3, 1], provider.Requests.Select(request => request.Messages.Count));
        Assert.Equal(4, (await server.Agents["assistant", "ann"].GetMessagesAsync()).Count);
        Assert.Equal(1, server.Agents.Status.Agents);
    }
}
