using ActorAgents.Providers;
using ActorAgents.Testing;

namespace ActorAgents.Docs.Tests.Packages;

/// <summary>The snippet about MCP servers. Nothing is started, since no turn needs it.</summary>
public sealed class McpSnippets
{
    [Fact]
    public async Task An_agent_has_the_tools_of_servers()
    {
        var provider = ScriptedProvider.Always("Yes.");
        var key = "Bearer key";

        #region mcp-servers
        await using var runtime = await AgentRuntime.StartAsync(agents => agents
            .AddProvider("default", provider)
            .AddMcpServer(new McpServerOptions { Name = "files", Command = "npx", Arguments = ["-y", "@modelcontextprotocol/server-filesystem", "/srv/notes"], Tools = ["read_*", "list_*"] })
            .AddMcpServer(new McpServerOptions { Name = "docs", Url = new Uri("https://docs.example.com/mcp"), Headers = new Dictionary<string, string> { ["Authorization"] = key } })
            .AddAgent("librarian", agent => agent.WithToolSource("files").WithToolSource("docs")));
        #endregion

        Assert.Equal(["files", "docs"], runtime.Agents.Definitions["librarian"].ToolSources);
    }
}
