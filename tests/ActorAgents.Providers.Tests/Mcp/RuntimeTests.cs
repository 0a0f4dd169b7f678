using ActorAgents.Providers.Tests.Interop;
using ActorAgents.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ActorAgents.Providers.Tests.Mcp;

/// <summary>Servers as the runtime has them.</summary>
public sealed class RuntimeTests
{
    private readonly TestLog _log = new();

    [InteropFact]
    public async Task Agents_of_all_kinds_share_a_server_and_nothing_is_left_of_it_when_the_runtime_stops()
    {
        var provider = new ScriptedProvider(request => request.Prompt == request.Messages[^1].Text ? Script.Call("everything_echo", new { message = request.Prompt }) : Script.Text("Done."));
        await using (var runtime = await AgentRuntime.StartAsync(
            builder => builder.AddProvider("default", provider).AddMcpServer(NpmServer.EverythingOptions())
                .AddAgent("reader", agent => agent.WithToolSource("everything")).AddAgent("writer", agent => agent.WithToolSource("everything")), Logged))
        {
            Assert.Empty(_log.Processes);
            var agents = Enumerable.Range(0, 10).Select(i => runtime.Agents[i % 2 == 0 ? "reader" : "writer", $"{i}"]);

            var answers = await Task.WhenAll(agents.Select(agent => agent.RunAsync($"hello {agent.Id.Key}")));

            Assert.All(answers, answer => Assert.Equal("Done.", answer.Content));
            Assert.All(provider.Requests.Where(request => request.Messages.Count > 1), request => Assert.NotEqual(request.Prompt, request.Messages[^1].Text));
        }

        Assert.False(NpmServer.Lives(_log.Processes.Single()));
    }

    [InteropFact]
    public async Task A_runtime_that_stops_during_a_call_leaves_no_process()
    {
        var turns = await McpTurns.StartAsync("everything", builder => builder.AddMcpServer(NpmServer.EverythingOptions()), Logged);
        await using var probe = turns.Call("everything_trigger-long-running-operation", new { duration = 600, steps = 12_000 });
        while (await probe.NextAsync() is not ToolProgress) { }

        await turns.DisposeAsync();

        Assert.False(NpmServer.Lives(_log.Processes.Single()));
        Assert.IsType<TurnInterrupted>((await probe.ReadAllAsync())[^1]);
    }

    [Fact]
    public async Task A_turn_goes_on_without_the_tools_of_a_server_that_does_not_start()
    {
        var provider = ScriptedProvider.Always("Without.");
        await using var runtime = await AgentRuntime.StartAsync(builder => builder
            .AddProvider("default", provider).AddMcpServer(new() { Name = "files", Command = "no-such-program" }).AddAgent("writer", agent => agent.WithToolSource("files")), Logged);

        Assert.Equal("Without.", (await runtime.Agents["writer", "1"].RunAsync("go")).Content);
        Assert.Contains(_log.Lines, line => line.Level == LogLevel.Warning && line.Text.Contains("its command 'no-such-program' cannot be run"));
    }

    private void Logged(IServiceCollection services) => services.AddSingleton<ILoggerFactory>(_log);
}
