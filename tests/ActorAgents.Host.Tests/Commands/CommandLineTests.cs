using System.CommandLine;
using ActorAgents.AspNetCore;
using ActorAgents.Host.Chat;
using ActorAgents.Host.Commands;
using ActorAgents.Host.Configuration;
using ActorAgents.Host.Configuration.Agents;
using ActorAgents.Host.Tools;

namespace ActorAgents.Host.Tests.Commands;

public sealed class CommandLineTests
{
    private readonly List<ChatRequest> _requests = [];
    private readonly List<ServeRequest> _served = [];
    private readonly List<ClusterRequest> _clusters = [];
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    [Fact]
    public async Task Chat_takes_kind_key_prompt_and_configuration()
    {
        Assert.Equal(7, await Run("chat", "writer", "--key", "a/b c", "--prompt", "hello", "--config", "there", "--yes"));
        Assert.Equal([new ChatRequest("writer", "a/b c", "hello", "there", true)], _requests);
    }

    [Fact]
    public async Task Chat_alone_means_the_default_agent_and_a_conversation()
    {
        await Run("chat");

        Assert.Equal([new ChatRequest(null, "local", null, null, false)], _requests);
    }

    [Theory]
    [InlineData("@file")]
    [InlineData("-5+3")]
    [InlineData("")]
    [InlineData("two\nlines \"quoted\"")]
    public async Task A_prompt_is_taken_as_it_is(string prompt)
    {
        await Run("chat", "--prompt", prompt);

        Assert.Equal(prompt, Assert.Single(_requests).Prompt);
    }

    [Fact]
    public async Task Without_arguments_it_serves()
    {
        Assert.Equal(8, await Run());

        Assert.Equal((0, null), (Assert.Single(_served).Urls.Count, _served[0].Config));
    }

    [Fact]
    public async Task Serve_takes_urls_and_configuration()
    {
        Assert.Equal(8, await Run("serve", "--urls", "http://127.0.0.1:1;http://127.0.0.1:2", "--config", "there"));

        Assert.Equal(["http://127.0.0.1:1", "http://127.0.0.1:2"], Assert.Single(_served).Urls);
        Assert.Equal("there", _served[0].Config);
    }

    [Theory]
    [InlineData("local")]
    [InlineData("node")]
    [InlineData("api")]
    public async Task Serve_takes_a_role_a_folder_and_a_parent(string role)
    {
        Assert.Equal(8, await Run("serve", "--role", role, "--data", "kept", "--exit-with-parent"));

        Assert.Equal((Enum.Parse<Role>(role, ignoreCase: true), "kept", true), (Assert.Single(_served).Role, _served[0].Data, _served[0].ExitWithParent));
    }

    [Fact]
    public async Task A_cluster_takes_nodes_urls_folder_and_database()
    {
        Assert.Equal(9, await Run("cluster", "--nodes", "5", "--urls", "http://127.0.0.1:1", "--config", "there", "--data", "kept", "--postgres", "Host=h"));
        Assert.Equal(9, await Run("cluster"));

        Assert.Equal((5, "there", "kept", "Host=h"), (_clusters[0].Nodes, _clusters[0].Config, _clusters[0].Data, _clusters[0].PostgreSql));
        Assert.Equal(["http://127.0.0.1:1"], _clusters[0].Urls);
        Assert.Equal((3, 0, null, null), (_clusters[1].Nodes, _clusters[1].Urls.Count, _clusters[1].Data, _clusters[1].PostgreSql));
    }

    [Fact]
    public async Task A_key_is_shown_once_and_its_hash_lets_it_in()
    {
        Assert.Equal(0, await Run("key", "ann", "--scopes", "chat", "admin", "--tenant", "acme"));

        var secret = _output.ToString().Trim();
        Assert.Contains($"{{\"ann\":{{\"Hash\":\"{ApiKey.Hash(secret)}\",\"Scopes\":[\"chat\",\"admin\"],\"Tenant\":\"acme\"}}}}", _error.ToString());
        Assert.DoesNotContain(secret, _error.ToString());
    }

    [Fact]
    public async Task A_key_without_a_scope_that_exists_is_refused()
    {
        Assert.Equal(1, await Run("key", "ann", "--scopes", "all"));
        Assert.Contains("none of: chat, admin", _error.ToString());
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("chat", "--help")]
    public async Task Help_tells_of_files_variables_keys_and_exit_codes(params string[] arguments)
    {
        Assert.Equal(0, await Run(arguments));

        string[] told =
        [
            "appsettings.json", "agents/*.json", "serilog.json", "common.conf", "ActorAgents__", "Serilog__", "ACTORAGENTS_LOGS", "NO_COLOR", "DefaultKind",
            "MaxLiveTurns", "embedded", "Pace", "kind anthropic, ollama, openai, openai-responses:", "kind openai-compatible:", "Ctrl+C", "Ctrl+D", $"{ExitCode.Ok} ", $"{ExitCode.Failed} ", $"{ExitCode.Interrupted} ", $"{ExitCode.Terminated} ",
            .. ChatCommands.All, .. SampleTools.All.Keys, .. LimitTable.All.Select(l => l.Name), "queue, reject, interrupt, steer",
            "none, turn, before-publish", "resume, close", "keepTurnsFor", "maxResumptions", "memory, postgresql, sqlite", "StableAfter", "Seeds", "--data", "node.conf",
        ];
        Assert.All(told, word => Assert.Contains(word, _output.ToString()));
        Assert.Empty(_requests);
    }

    [Theory]
    [InlineData("chat")]
    [InlineData("serve")]
    [InlineData("cluster")]
    public async Task Help_names_every_option_with_a_description(string name)
    {
        var command = CommandLine.Create(_ => Task.FromResult(0), _ => Task.FromResult(0), _ => Task.FromResult(0)).Subcommands.Single(c => c.Name == name);
        await Run(name, "--help");

        Assert.All(command.Options.Concat<Symbol>(command.Arguments), symbol =>
        {
            Assert.Contains(symbol.Name, _output.ToString());
            Assert.False(string.IsNullOrEmpty(symbol.Description));
        });
    }

    [Theory]
    [InlineData("'--promt' is not an option. Did you mean '--prompt'", "chat", "--promt", "x")]
    [InlineData("'-y' is not an option", "chat", "-y")]
    [InlineData("Did you mean 'chat'", "chta")]
    [InlineData("Required argument missing for option: '--key'", "chat", "--key")]
    [InlineData("See --help", "chat", "a", "b")]
    [InlineData("Argument 'nod' not recognized", "serve", "--role", "nod")]
    [InlineData(@"See --help\.\s*$", "serve", "--role", "nod")]
    [InlineData("Cannot parse argument 'three'", "cluster", "--nodes", "three")]
    public async Task A_mistake_is_told_on_standard_error_and_exits_with_1(string words, params string[] arguments)
    {
        Assert.Equal(ExitCode.Failed, await Run(arguments));
        Assert.Matches(words, _error.ToString());
        Assert.Equal("", _output.ToString());
        Assert.Empty(_requests);
        Assert.Empty(_served);
        Assert.Empty(_clusters);
    }

    private Task<int> Run(params string[] arguments) => CommandLine.RunAsync(CommandLine.Create(request =>
    {
        _requests.Add(request);
        return Task.FromResult(7);
    }, request =>
    {
        _served.Add(request);
        return Task.FromResult(8);
    }, request =>
    {
        _clusters.Add(request);
        return Task.FromResult(9);
    }), arguments, _output, _error);
}
