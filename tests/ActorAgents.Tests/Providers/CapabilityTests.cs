using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.Tests.Providers;

public sealed class CapabilityTests
{
    [Theory, EveryWayOut, Trait("Behaviour", "T32")]
    public async Task Streaming_from_a_provider_that_cannot_fails_clearly_and_changes_nothing(WayOut way)
    {
        var provider = new WholeOnly();
        await using var runtime = await StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];

        var end = (await runtime.ReadAllAsync(way, agent, "Hi")).End<TurnFailed>();

        Assert.Equal(TurnErrorKind.StreamingNotSupported, end.Error.Kind);
        Assert.Contains("'default' does not support streaming", end.Error.Message);
        Assert.Empty(await agent.GetMessagesAsync());
        Assert.Equal(0, provider.Calls);
    }

    [Fact, Trait("Behaviour", "T33")]
    public async Task A_provider_that_reports_no_streaming_is_not_asked_to()
    {
        var provider = ScriptedProvider.Always("Hello");
        await using var runtime = await StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];

        var failure = await Assert.ThrowsAsync<StreamingNotSupportedException>(() => agent.StreamAsync("Hi").CollectAsync());

        Assert.Contains("FallBackToNonStreaming", failure.Message);
        Assert.Empty(await agent.GetMessagesAsync());
        Assert.Equal(0, provider.CallsStarted);
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T34")]
    public async Task With_the_fallback_allowed_the_whole_answer_is_one_delta(WayOut way)
    {
        var provider = ScriptedProvider.Always(Script.Text("Hello ", "world!").Usage(5, 2));
        await using var runtime = await StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];

        var events = await runtime.ReadAllAsync(way, agent, "Hi", new TurnOptions { FallBackToNonStreaming = true });

        Assert.Equal("Hello world!", Assert.Single(events.OfType<TextDelta>()).Text);
        Assert.Equal((ChatFinishReason.Stop, 7L), (events.End<TurnCompleted>().FinishReason, events.End<TurnCompleted>().Usage.TotalTokens));
        Assert.False(Assert.Single(provider.Requests).IsStreaming);
        Assert.Equal(["user: Hi", "assistant: Hello world!"], (await agent.GetMessagesAsync()).Lines());
    }

    [Fact, Trait("Behaviour", "T34")]
    public async Task With_the_fallback_allowed_the_text_view_is_one_piece_and_the_final_chunk()
    {
        await using var runtime = await StartAsync(ScriptedProvider.Always(Script.Text("Hello ", "world!")));

        var chunks = await runtime.Agents["writer", "1"].StreamAsync("Hi", new TurnOptions { FallBackToNonStreaming = true }).ToListAsync();

        Assert.Equal([("Hello world!", false), ("", true)], chunks.Select(c => (c.Content, c.IsFinal)));
    }

    [Fact, Trait("Behaviour", "T34")]
    public async Task Whole_calls_need_no_streaming()
    {
        await using var runtime = await StartAsync(new WholeOnly());

        Assert.Equal("Hello", (await runtime.Agents["writer", "1"].RunAsync("Hi")).Content);
    }

    [Fact, Trait("Behaviour", "T35")]
    public async Task What_a_provider_can_do_is_told_without_credentials_and_without_calling_it()
    {
        var provider = new ScriptedProvider(_ => throw new InvalidOperationException("no key"));
        await using var runtime = await WaysOut.StartAsync(provider);

        var info = await runtime.Agents["writer", "1"].GetProviderInfoAsync();

        Assert.True(info.SupportsStreaming);
        Assert.Equal(0, provider.CallsStarted);
    }

    [Fact, Trait("Behaviour", "T36")]
    public async Task Provider_info_has_name_model_abilities_and_settings()
    {
        await using var runtime = await WaysOut.StartAsync(new ScriptedProvider { Model = "tiny" }, a => a
            .WithChatOptions(o => (o.Temperature, o.MaxOutputTokens) = (0.3f, 500))
            .WithLimits(l => l with { TotalTimeout = TimeSpan.FromSeconds(90), Retries = 4 }));

        var info = await runtime.Agents["writer", "1"].GetProviderInfoAsync();

        Assert.Equal(new ProviderInfo("default", "scripted", "tiny", true, true, TimeSpan.FromSeconds(90), 4, 0.3f, 500), info);
    }

    [Fact, Trait("Behaviour", "T36")]
    public async Task The_agents_model_goes_before_the_providers()
    {
        await using var runtime = await AgentRuntime.StartAsync(agents => agents
            .AddProvider("default", new ScriptedProvider { Model = "tiny" }, p => p.Model("registered"))
            .AddAgent("plain").AddAgent("choosy", a => a.WithModel("large")));

        Assert.Equal("registered", (await runtime.Agents["plain", "1"].GetProviderInfoAsync()).Model);
        Assert.Equal("large", (await runtime.Agents["choosy", "1"].GetProviderInfoAsync()).Model);
    }

    [Fact, Trait("Behaviour", "T36")]
    public async Task A_provider_without_tools_says_so_and_is_offered_none()
    {
        var provider = ScriptedProvider.Always("Hello");
        await using var runtime = await AgentRuntime.StartAsync(agents => agents
            .AddProvider("default", provider, p => p.Tools(false)).AddTool("look", new ScriptedTool("look"))
            .AddAgent("writer", a => a.WithTool("look").WithTool(new ScriptedTool("own"))));
        var agent = runtime.Agents["writer", "1"];

        await agent.RunAsync("Hi", new TurnOptions { Chat = new() { Tools = [new ScriptedTool("further")], ToolMode = ChatToolMode.RequireAny } });

        Assert.False((await agent.GetProviderInfoAsync()).SupportsTools);
        Assert.Empty(provider.Requests[0].Tools);
        Assert.Null(provider.Requests[0].Options!.ToolMode);
    }

    private static Task<AgentRuntime> StartAsync(IChatClient provider) =>
        AgentRuntime.StartAsync(agents => agents.AddProvider("default", provider, p => p.Streams(false)).AddAgent("writer"));

    private sealed class WholeOnly : IChatClient
    {
        public int Calls { get; private set; }

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
        {
            Calls++;
            return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "Hello")) { FinishReason = ChatFinishReason.Stop });
        }

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken) => throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey) => null;

        public void Dispose() { }
    }
}
