using ActorAgents.Testing;

namespace ActorAgents.Docs.Tests.Readme;

public sealed class TestSnippets
{
    #region readme-test
    [Fact]
    public async Task An_answer_that_breaks_off_is_kept()
    {
        var provider = new ScriptedProvider(Script.Text("Once ", "upon").Fails(503), "a time.");
        await using var runtime = await AgentRuntime.StartAsync(agents => agents.AddProvider("default", provider).AddAgent("writer"));
        var agent = runtime.Agents["writer", "1"];

        var broken = await Assert.ThrowsAsync<ProviderException>(() => agent.RunAsync("Tell me a story"));
        Assert.Equal("Once upon", broken.PartialResponse);

        await agent.RunAsync("Go on");
        Assert.Equal(["Tell me a story", "Once upon", "Go on"], provider.Requests[1].Messages.Select(m => m.Text));
    }
    #endregion
}
