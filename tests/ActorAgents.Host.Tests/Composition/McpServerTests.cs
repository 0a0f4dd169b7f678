using System.Collections.Concurrent;
using System.Text.Json;
using ActorAgents.Providers.Tests.Interop;
using ActorAgents.Host.Composition;
using ActorAgents.Host.Tests.Configuration;
using ActorAgents.Providers.Tests.Mcp;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace ActorAgents.Host.Tests.Composition;

/// <summary>A server of an agent file, in the program.</summary>
public sealed class McpServerTests : ILogEventSink
{
    private readonly ConcurrentQueue<LogEvent> _events = new();

    [InteropFact]
    public async Task The_first_turn_starts_it_and_the_end_of_the_program_ends_it()
    {
        using var configuration = new TemporaryConfiguration();
        configuration.Environment["SERVER"] = NpmServer.Everything;
        configuration.Write("agents/helper.json", $$"""
            { "kind": "helper", "mcp": { "everything": { "command": {{JsonSerializer.Serialize(Installation.Node)}}, "args": [ "${SERVER}" ], "tools": [ "echo" ] } } }
            """);
        using var host = AgentHost.Build(configuration.Load(), new LoggerConfiguration().WriteTo.Sink(this).CreateLogger());
        await host.StartQuietlyAsync(CancellationToken.None);
        Assert.Empty(Processes);

        await host.Services.GetRequiredService<IAgents>()["helper", "1"].RunAsync("hello");
        var process = Assert.Single(Processes);
        Assert.True(NpmServer.Lives(process));
        await host.StopAsync();

        Assert.False(NpmServer.Lives(process));
    }

    public void Emit(LogEvent logEvent) => _events.Enqueue(logEvent);

    private IEnumerable<int> Processes => _events.Where(e => e.MessageTemplate.Text.Contains("runs as process")).Select(e => (int)((ScalarValue)e.Properties["Process"]).Value!);
}
