#region kinds
using ActorAgents;
using ActorAgents.Providers;

#endregion
namespace ActorAgents.Docs.Tests.Packages;

/// <summary>The snippet of the document about kinds of providers. Nothing is asked of them.</summary>
public sealed class ProvidersSnippets : SnippetTest
{
    [Fact]
    public async Task Providers_are_registered_by_kind()
    {
        #region kinds
        await using var runtime = await AgentRuntime.StartAsync(agents => agents
            .AddProvider("default", new ProviderOptions { Kind = "anthropic", Model = "claude-sonnet-4-5", Fallback = ["local"] })
            .AddProvider("local", new ProviderOptions { Kind = "ollama", Model = "qwen3" })
            .AddAgent("writer"));
        ProviderInfo info = await runtime.Agents["writer", "ann"].GetProviderInfoAsync();
        #endregion
        Assert.Equal(("default", "anthropic", "claude-sonnet-4-5"), (info.Name, info.Kind, info.Model));
    }
}
