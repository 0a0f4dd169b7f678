using ActorAgents.AspNetCore.Tests.Interop;
using ActorAgents.AspNetCore.Tests.Security;
using ActorAgents.Providers;
using ActorAgents.Testing;

namespace ActorAgents.AspNetCore.Tests.Mcp;

/// <summary>A runtime whose agents have the agents of another, over MCP, as tools.</summary>
public sealed class AgentsAsToolsTests
{
    [Fact]
    public async Task An_agent_asks_an_agent_of_another_server_and_shows_its_progress()
    {
        var worker = new ScriptedProvider(request => Script.Text($"I did {request.Prompt}."));
        await using var server = await KeyedServer.StartAsync(worker);
        var boss = new ScriptedProvider(Script.Call("team_assistant", new { prompt = "the work", key = "job-1" }), Script.Text("All is done."));
        await using var runtime = await StartAsync(server, boss);

        var events = new List<TurnEvent>();
        await foreach (var next in runtime.Agents["boss", "1"].EventsAsync("Get the work done")) events.Add(next);

        Assert.Equal("I did the work.", Assert.Single(events.OfType<ToolFinished>()).Result);
        Assert.Equal("All is done.", Assert.IsType<TurnCompleted>(events[^1]).Text);
        Assert.Equal(["the work", "I did the work."], (await server.Agents.For("a")["assistant", "job-1"].GetMessagesAsync()).Select(message => message.Text));
    }

    [Fact]
    public async Task An_interrupted_agent_interrupts_the_one_that_it_asked()
    {
        var worker = ScriptedProvider.Always(Script.Text("I begin").Stall(out var gate));
        await using var server = await KeyedServer.StartAsync(worker, http => http.Probe = true);
        await using var runtime = await StartAsync(server, new ScriptedProvider(Script.Call("team_assistant", new { prompt = "the work", key = "job-1" })));
        using var turn = new CancellationTokenSource();
        var run = runtime.Agents["boss", "1"].RunAsync("Get the work done", turn.Token);
        await gate.ReachedAsync();

        await turn.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        await worker.ReleasedAsync();
        var asked = server.Agents.For("a")["assistant", "job-1"];
        var id = (await asked.GetMessagesAsync())[0].GetTurn()!.Value;
        await asked.WhenEndedAsync(id).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal("interrupted", (await asked.GetMessagesAsync())[0].GetTurnState());
    }

    private static Task<AgentRuntime> StartAsync(AgentServer server, ScriptedProvider boss) => AgentRuntime.StartAsync(agents => agents
        .AddProvider("default", boss)
        .AddMcpServer(new McpServerOptions { Name = "team", Url = new(server.Address, "mcp"), Headers = new Dictionary<string, string> { ["Authorization"] = "Bearer secret-a-chat" } })
        .AddAgent("boss", a => a.WithToolSource("team")));
}
