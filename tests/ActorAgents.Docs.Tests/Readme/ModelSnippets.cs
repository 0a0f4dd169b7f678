#region readme-models
using ActorAgents.Providers;

#endregion
namespace ActorAgents.Docs.Tests.Readme;

/// <summary>The snippet about real models. Nothing is asked of them, and no server is started.</summary>
public sealed class ModelSnippets : SnippetTest
{
    [Fact]
    public async Task A_model_its_fallback_and_a_server_of_tools_are_registered_by_options()
    {
        #region readme-models
        await using var runtime = await AgentRuntime.StartAsync(agents => agents
            .AddProvider("default", new ProviderOptions { Kind = "openai-compatible", Endpoint = new("http://127.0.0.1:8000/v1"), Fallback = ["cloud"] })
            .AddProvider("cloud", new ProviderOptions { Kind = "anthropic", Model = "claude-sonnet-4-5" })
            .AddMcpServer(new McpServerOptions { Name = "files", Command = "npx", Arguments = ["-y", "@modelcontextprotocol/server-filesystem", "."] })
            .AddAgent("librarian", a => a.WithToolSource("files")));
        #endregion
        Assert.Equal("openai-compatible", (await runtime.Agents["librarian", "1"].GetProviderInfoAsync()).Kind);
    }
}
