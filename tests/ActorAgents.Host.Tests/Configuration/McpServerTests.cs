using ActorAgents.Host.Configuration;
using ActorAgents.Providers;

namespace ActorAgents.Host.Tests.Configuration;

public sealed class McpServerTests : IDisposable
{
    private readonly TemporaryConfiguration _configuration = new();

    public void Dispose() => _configuration.Dispose();

    [Fact]
    public void A_program_is_read_with_all_it_may_have()
    {
        _configuration.Environment["TOKEN"] = "secret";

        var server = Read("""
            "files": {
              "command": "npx", "args": ["-y", "server", "${HOME_OF_FILES}", "$${x}"], "env": { "KEY": "Bearer ${TOKEN}" }, "cwd": "/srv",
              "tools": ["read_*"], "prefix": "fs", "startTimeout": 60, "callTimeout": "00:01:30"
            }
            """);

        Assert.Equal(("files", "npx", "/srv", "fs", null), (server.Name, server.Command, server.WorkingDirectory, server.Prefix, server.Url));
        Assert.Equal(["-y", "server", "/home/files", "${x}"], server.Arguments);
        Assert.Equal([KeyValuePair.Create("KEY", "Bearer secret")], server.Environment);
        Assert.Equal(["read_*"], server.Tools);
        Assert.Equal((TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(90)), (server.StartTimeout, server.CallTimeout));
    }

    [Fact]
    public void An_address_is_read_with_its_headers_and_offers_all_tools()
    {
        var server = Read(""" "docs": { "url": "https://example.com/mcp", "headers": { "Authorization": "${HOME_OF_FILES}" } } """);

        Assert.Equal((new Uri("https://example.com/mcp"), null), (server.Url, server.Command));
        Assert.Equal([KeyValuePair.Create("Authorization", "/home/files")], server.Headers);
        Assert.Equal(["*"], server.Tools);
        Assert.Equal((TimeSpan.FromSeconds(30), Timeout.InfiniteTimeSpan), (server.StartTimeout, server.CallTimeout));
    }

    [Fact]
    public void Agents_that_define_a_server_alike_share_it()
    {
        _configuration
            .Write("agents/a.json", """{ "kind": "a", "mcp": { "files": { "command": "x", "env": { "A": "1", "B": "2" } }, "docs": { "url": "http://localhost/" } } }""")
            .Write("agents/b.json", """{ "kind": "b", "mcp": { "files": { "env": { "B": "2", "A": "1" }, "command": "x" } } }""");

        var files = _configuration.Load().AgentFiles;
        var sources = files.Definitions.ToDictionary(agent => agent.Kind, agent => agent.ToolSources);

        Assert.Equal(["files", "docs"], files.McpServers.Select(server => server.Name));
        Assert.Equal(["files", "docs"], sources["a"]);
        Assert.Equal(["files"], sources["b"]);
        Assert.Empty(sources["helper"]);
    }

    [Fact]
    public void Agents_that_define_a_server_differently_are_both_named()
    {
        _configuration
            .Write("agents/a.json", "{ \"kind\": \"a\", \"mcp\": {\n \"files\": { \"command\": \"x\" } } }")
            .Write("agents/b.json", """{ "kind": "b", "mcp": { "files": { "command": "y" } } }""");

        Assert.Matches(@"^agents.b\.json:1: the MCP server 'files' is not defined as in agents.a\.json:2\. Agents share a server by its name: define both alike, or name them differently\.$",
            Assert.Single(_configuration.Mistakes()));
    }

    public static TheoryData<string, string> Broken => new()
    {
        { """ "files": {} """, "agents/writer.json:1: 'mcp.files' must have either 'command', the program to start, or 'url', the address of a running server; it has neither." },
        { """ "files": { "command": "x", "url": "http://a/" } """, "or 'url', the address of a running server; it has both." },
        { """ "files": { "command": "x", "headers": {} } """, "agents/writer.json:1: 'mcp.files.headers' belongs to a server with 'url', and this one has 'command'." },
        { """ "files": { "url": "http://a/", "args": [] } """, "agents/writer.json:1: 'mcp.files.args' belongs to a server with 'command', and this one has 'url'." },
        { """ "files": { "comand": "x" } """, "agents/writer.json:1: 'mcp.files.comand' is not a key that is known here. Did you mean 'command'? Valid keys: args, callTimeout, command, cwd, env, headers, prefix, startTimeout, tools, url." },
        { """ "files": { "command": "" } """, "agents/writer.json:1: 'mcp.files.command' must not be empty, not \"\"." },
        { """ "files": "x" """, "agents/writer.json:1: 'mcp.files' must be an object { … }, not \"x\"." },
        { """ "my files": { "command": "x" } """, "agents/writer.json:1: 'mcp.my files' must be named with 1 to 32 letters, digits, '_' or '-'." },
        { """ "files": { "command": "x", "args": "y" } """, "'mcp.files.args' must be an array of texts [ … ], not \"y\"." },
        { """ "files": { "command": "x", "env": { "A": 1 } } """, "agents/writer.json:1: 'mcp.files.env.A' must be a text in quotes, not 1." },
        { " \"files\": { \"command\": \"x\", \"env\": {\n \"A\": \"${NOWHERE}\" } } ", "agents/writer.json:2: 'mcp.files.env.A' needs the environment variable NOWHERE, which is not set." },
        { " \"files\": { \"command\": \"x\", \"args\": [ \"a\",\n \"${NOWHERE}\" ] } ", "agents/writer.json:2: 'mcp.files.args' needs the environment variable NOWHERE, which is not set." },
        { """ "files": { "url": "http://${NOWHERE}/" } """, "agents/writer.json:1: 'mcp.files.url' needs the environment variable NOWHERE, which is not set." },
        { """ "files": { "command": "${a-b}" } """, "agents/writer.json:1: 'mcp.files.command' holds a '${' that begins no ${NAME} (a plain one is written $${)." },
        { """ "files": { "url": "localhost:80" } """, "agents/writer.json:1: 'mcp.files.url' must be an address that begins with http:// or https://, not \"localhost:80\"." },
        { """ "files": { "command": "x", "tools": [] } """, "'mcp.files.tools' must hold a tool's name or a pattern such as \"read_*\", or be left out for all tools, not an array." },
        { """ "files": { "command": "x", "prefix": "a b" } """, "'mcp.files.prefix' must be up to 32 letters, digits, '_' or '-', not \"a b\"." },
        { """ "files": { "command": "x", "startTimeout": "none" } """, "'mcp.files.startTimeout' must be seconds as a number above 0 or \"hh:mm:ss\", and at most 24 hours, not \"none\"." },
        { """ "files": { "command": "x", "callTimeout": 0 } """, "'mcp.files.callTimeout' must be seconds as a number above 0, \"hh:mm:ss\" or \"none\", and at most 24 hours, not 0." },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_mistake_names_file_line_key_and_what_is_valid(string servers, string expected)
    {
        Write(servers);

        Assert.Contains(_configuration.Mistakes(), mistake => mistake.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void A_mistake_is_reported_once_and_never_shows_what_a_variable_holds()
    {
        _configuration.Environment["TOKEN"] = "secret";
        Write(""" "files": { "url": "${TOKEN}" } """);

        Assert.Equal(["agents/writer.json:1: 'mcp.files.url' must be an address that begins with http:// or https://, not \"${TOKEN}\"."], _configuration.Mistakes());
    }

    private McpServerOptions Read(string servers)
    {
        _configuration.Environment["HOME_OF_FILES"] = "/home/files";
        Write(servers);
        return Assert.Single(_configuration.Load().AgentFiles.McpServers);
    }

    private void Write(string servers) => _configuration.Write("agents/writer.json", $$"""{ "kind": "writer", "mcp": { {{servers}} } }""");
}
