using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace ActorAgents.Docs.Tests.Guide;

public sealed class OwnProviderSnippets : SnippetTest
{
    [Fact]
    public async Task A_provider_of_ones_own_streams_what_it_yields()
    {
        var api = new Api();
        #region own-provider-registered
        await using var runtime = await AgentRuntime.StartAsync(agents => agents
            .AddProvider("default", new MyProvider(api), p => p.WithoutFinishReason())
            .AddAgent("writer"));
        #endregion
        var chunks = await runtime.Agents["writer", "1"].StreamAsync("Tell me a story").CollectAsync();

        Assert.Equal(["Once ", "upon ", "Tell me a story", ""], chunks.Chunks.Select(chunk => chunk.Content));
        Assert.True(chunks.IsComplete);
        Assert.Equal("Once upon again", (await new MyProvider(api).GetResponseAsync("again")).Text);
    }

    [Fact]
    public async Task Without_the_switch_its_answer_counts_as_cut()
    {
        var runtime = await RuntimeAsync(agents => agents.AddProvider("default", new MyProvider(new Api())).AddAgent("writer"));

        var failed = await Assert.ThrowsAsync<ProviderException>(() => runtime.Agents["writer", "1"].RunAsync("x"));

        Assert.Equal((TurnErrorKind.Truncated, "Once upon x"), (failed.Kind, failed.PartialResponse));
        Assert.Contains("WithoutFinishReason", failed.Message);
    }

    private sealed class Api
    {
        public async IAsyncEnumerable<string> StreamAsync(string prompt, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            foreach (var token in new[] { "Once ", "upon ", prompt })
            {
                await Task.Yield();
                cancellationToken.ThrowIfCancellationRequested();
                yield return token;
            }
        }
    }

    #region own-provider
    private sealed class MyProvider(Api api) : IChatClient
    {
        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await foreach (string token in api.StreamAsync(messages.Last().Text, cancellationToken))
                yield return new ChatResponseUpdate(ChatRole.Assistant, token);
        }

        public Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose() { }
    }
    #endregion
}
