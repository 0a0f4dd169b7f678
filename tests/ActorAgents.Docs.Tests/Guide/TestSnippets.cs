using ActorAgents.Testing;

namespace ActorAgents.Docs.Tests.Guide;

public sealed class TestSnippets
{
    #region mock
    [Fact]
    public async Task A_mock_stream_comes_in_slices()
    {
        var response = await MockStream.Create("Test response", chunkSize: 10, delay: TimeSpan.Zero).CollectAsync();

        Assert.Equal(["Test respo", "nse"], response.Chunks.Select(chunk => chunk.Content));
        Assert.True(response.Chunks[^1].IsFinal);
    }
    #endregion

    #region scripted
    [Fact]
    public async Task An_agent_answers_and_remembers()
    {
        var provider = new ScriptedProvider(Script.Text("Hello ", "Ann."), "Your name is Ann.");
        await using var runtime = await AgentRuntime.StartAsync(agents => agents
            .AddProvider("default", provider)
            .AddAgent("writer"));
        var agent = runtime.Agents["writer", "1"];

        Assert.Equal("Hello Ann.", await agent.StreamAsync("I am Ann.").ToStringAsync());
        Assert.Equal("Your name is Ann.", (await agent.RunAsync("Who am I?")).Content);
        Assert.Equal(["I am Ann.", "Hello Ann.", "Who am I?"], provider.Requests[1].Messages.Select(m => m.Text));
    }
    #endregion
}
