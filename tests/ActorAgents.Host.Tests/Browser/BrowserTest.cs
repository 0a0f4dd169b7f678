using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ActorAgents.Host.Tests.Configuration;
using ActorAgents.Host.Tests.Processes;

namespace ActorAgents.Host.Tests.Browser;

/// <summary>A test of the pages that a server serves, a process of its own.</summary>
[Collection(BrowserCollection.Name)]
public abstract partial class BrowserTest : IDisposable
{
    private readonly List<HostProcess> _servers = [];

    private protected BrowserTest()
    {
        Configuration.Environment["ActorAgents__Providers__default__Pace"] = "200";
        Configuration
            .Write("agents/helper.json", """{ "kind": "assistant", "instructions": "Help.", "tools": [ "calculator", "long-task" ] }""")
            .Write("agents/courier.json", """{ "kind": "courier", "instructions": "Send messages.", "tools": [ "send-message" ] }""");
    }

    private protected TemporaryConfiguration Configuration { get; } = new() { Environment = { ["ActorAgents__DefaultKind"] = "assistant" } };

    private protected string Address { get; private set; } = "";

    private protected async Task<HostProcess> StartAsync(string address = "http://127.0.0.1:0")
    {
        var environment = new Dictionary<string, string?>(Configuration.Environment) { ["ACTORAGENTS_LOGS"] = Configuration.Folder };
        var server = HostProcess.Start(null, environment, "serve", "--urls", address, "--config", Configuration.Folder);
        _servers.Add(server);
        Address = At().Match(await server.ReadLineAsync()).Value;
        return server;
    }

    /// <summary>Starts a server and plays a scenario, in which all requests go to the server and the browser complains of nothing.</summary>
    private protected async Task<TSeen> SeeAsync<TSeen>(string scenario, object? call = null)
    {
        if (_servers.Count == 0) await StartAsync();
        var visit = await Visit.PlayAsync<TSeen>(scenario, Address, call);
        Assert.Equal([Address], visit.Origins);
        Assert.Empty(visit.Complaints);
        return visit.Seen;
    }

    /// <summary>The last answer of the server's conversation at that place of the pages.</summary>
    private protected async Task<string> AnswerAsync(string place)
    {
        using var client = new HttpClient();
        var conversation = JsonNode.Parse(await client.GetStringAsync($"{Address}/agents/{place["/c/".Length..]}/messages"))!;
        var last = conversation["messages"]!.AsArray()[^1]!;
        Assert.Equal("assistant", last["role"]!.GetValue<string>());
        return string.Concat(last["content"]!.AsArray().Select(part => part!["text"]?.GetValue<string>())).Trim();
    }

    public void Dispose()
    {
        foreach (var server in _servers) server.Dispose();
        Configuration.Dispose();
    }

    [GeneratedRegex(@"http://[^\s:]+:\d+")]
    private static partial Regex At();
}

/// <summary>One browser at a time.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserCollection
{
    public const string Name = "Browser";
}
