using System.ComponentModel;
using Microsoft.Extensions.AI;

namespace ActorAgents.Providers.Tests.Wires;

public sealed class RequestTests : WireTest
{
    [Theory]
    [InlineData("openai", "/v1/chat/completions")]
    [InlineData("openai-compatible", "/v1/chat/completions")]
    [InlineData("openai-responses", "/v1/responses")]
    [InlineData("anthropic", "/v1/messages")]
    [InlineData("ollama", "/api/chat")]
    public async Task A_request_goes_to_the_endpoint_with_key_model_and_headers(string kind, string path)
    {
        var request = await RequestAsync(kind, change: o => o with { Headers = new Dictionary<string, string> { ["X-Team"] = "blue" } });

        Assert.Equal((path, "model-1", "blue"), (request.Path, request.Body.GetProperty("model").GetString(), request.Headers["X-Team"]));
        if (kind != "ollama") Assert.Equal("Bearer secret-1", request.Headers["Authorization"]);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_server_of_ones_own_gets_no_key_when_there_is_none(string kind)
    {
        var request = await RequestAsync(kind, change: o => o with { ApiKey = null });

        Assert.DoesNotContain("Authorization", request.Headers.Keys);
        Assert.DoesNotContain("x-api-key", request.Headers.Keys, StringComparer.OrdinalIgnoreCase);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task The_agents_model_and_the_options_bound_of_output_are_asked_for(string kind)
    {
        var request = await RequestAsync(kind, new ChatOptions { ModelId = "model-2" }, o => o with { MaxOutputTokens = 321 });

        Assert.Equal("model-2", request.Body.GetProperty("model").GetString());
        Assert.Contains("321", request.Body.ToString());
    }

    [Theory, InlineData("openai"), InlineData("openai-responses"), InlineData("ollama"), InlineData("openai-compatible")] // Anthropic's SDK sends none.
    public async Task The_options_temperature_is_asked_for_unless_the_request_says_another(string kind)
    {
        var usual = await RequestAsync(kind, change: o => o with { Temperature = 0.25f });
        var other = await RequestAsync(kind, new ChatOptions { Temperature = 0.75f }, o => o with { Temperature = 0.25f });

        Assert.Contains("0.25", usual.Body.ToString());
        Assert.Contains("0.75", other.Body.ToString());
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_server_that_does_not_begin_to_answer_in_time_is_given_up(string kind)
    {
        await using var server = new WireServer(request => request.HungUpAsync());
        await using var runtime = await StartAsync(server.Options(kind) with { ResponseTimeout = TimeSpan.FromMilliseconds(100) });

        var error = Assert.IsType<TurnFailed>((await ReadAsync(runtime))[^1]).Error;

        Assert.Equal(TurnErrorKind.Timeout, error.Kind);
    }

    [Fact]
    public async Task Anthropic_is_given_the_bound_that_it_needs() =>
        Assert.Equal(8192, (await RequestAsync("anthropic")).Body.GetProperty("max_tokens").GetInt32());

    [Theory, MemberData(nameof(Kinds))]
    public async Task The_schema_of_a_typed_answer_goes_along(string kind)
    {
        var request = await RequestAsync(kind, new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema<Place>() });

        Assert.Contains("\"where it is\"", request.Body.ToString());
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task An_image_goes_along(string kind)
    {
        var image = new DataContent(new byte[] { 1, 2, 3, 4, 5, 6 }, "image/png");

        var request = await RequestAsync(kind, input: new ChatMessage(ChatRole.User, [new TextContent("What is this?"), image]));

        Assert.Contains("AQIDBAUG", request.Body.ToString());
    }

    [Theory, InlineData("openai"), InlineData("openai-responses"), InlineData("anthropic")]
    public async Task A_file_goes_along(string kind)
    {
        var file = new DataContent(new byte[] { 1, 2, 3, 4, 5, 6 }, "application/pdf") { Name = "six.pdf" };

        var request = await RequestAsync(kind, input: new ChatMessage(ChatRole.User, [new TextContent("What is this?"), file]));

        Assert.Contains("AQIDBAUG", request.Body.ToString());
    }

    [Fact]
    public async Task OpenAI_is_told_to_keep_nothing_and_asked_for_reasoning_it_can_be_given_back()
    {
        var plain = await RequestAsync("openai-responses");
        var thinking = await RequestAsync("openai-responses", new ChatOptions { Reasoning = new ReasoningOptions { Effort = ReasoningEffort.Low } });

        Assert.False(plain.Body.GetProperty("store").GetBoolean());
        Assert.False(plain.Body.TryGetProperty("include", out var include) && include.GetArrayLength() > 0);
        Assert.Equal("reasoning.encrypted_content", thinking.Body.GetProperty("include")[0].GetString());
    }

    [Theory, InlineData("openai"), InlineData("openai-responses"), InlineData("anthropic"), InlineData("ollama")]
    public async Task Without_any_model_the_request_is_refused_here(string kind)
    {
        await using var server = WireServer.Streaming(kind);
        await using var runtime = await StartAsync(server.Options(kind) with { Model = null });

        var error = Assert.IsType<TurnFailed>((await ReadAsync(runtime))[^1]).Error;

        Assert.Equal(TurnErrorKind.InvalidRequest, error.Kind);
        Assert.Contains(kind, error.Message);
        Assert.Empty(server.Requests);
    }

    private static async Task<WireRequest> RequestAsync(
        string kind, ChatOptions? chat = null, Func<ProviderOptions, ProviderOptions>? change = null, AgentInput? input = null)
    {
        await using var server = WireServer.Streaming(kind, [.. Frames.Text(kind, "Yes."), .. Frames.End(kind, full: false)]);
        var options = server.Options(kind);
        await using var runtime = await StartAsync(change?.Invoke(options) ?? options);
        Assert.IsType<TurnCompleted>((await ReadAsync(runtime, input, chat))[^1]);
        return Assert.Single(server.Requests);
    }

    private sealed record Place([property: Description("where it is")] string Name);
}
