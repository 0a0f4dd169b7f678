using ActorAgents.Host.Composition;
using ActorAgents.Host.Configuration;
using ActorAgents.Host.Tests.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serilog.Core;

namespace ActorAgents.Host.Tests.Composition;

/// <summary>The configuration, the embedded model and the sample tools on the real runtime.</summary>
public sealed class ConfiguredAgentsTests : IAsyncLifetime
{
    private readonly TemporaryConfiguration _configuration = new();
    private IHost _host = null!;

    public async Task InitializeAsync()
    {
        _configuration.Write("agents/helper.json", """{ "kind": "helper", "tools": [ "calculator", "clock" ] }""");
        _host = AgentHost.Build(_configuration.Load(), Logger.None);
        await _host.StartQuietlyAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        _configuration.Dispose();
    }

    [Fact]
    public async Task An_agent_remembers_its_conversation_and_another_key_does_not()
    {
        await Agent("a").RunAsync("my name is Kim");

        Assert.Contains("Your name is Kim", (await Agent("a").RunAsync("what is my name?")).Content);
        Assert.Contains("not told me your name", (await Agent("b").RunAsync("what is my name?")).Content);
    }

    [Fact]
    public async Task Two_asks_are_two_tool_calls_whose_results_are_in_the_answer()
    {
        var reply = await Agent("c").RunAsync("what is 2+2 and what time is it?");

        Assert.Equal(["calculator", "clock"], reply.ToolCalls.Select(c => c.Tool).Order());
        Assert.Contains("2+2 = 4. It is ", reply.Content);
    }

    [Fact]
    public async Task A_call_is_seen_while_it_is_written()
    {
        var pieces = "";
        await foreach (var e in Agent("d").EventsAsync("what is 2+2?"))
            if (e is ToolCallDelta delta) pieces += delta.Piece;

        Assert.Equal("""{"expression":"2+2"}""", pieces);
    }

    [Fact]
    public void Only_a_process_among_others_has_a_cluster_to_show()
    {
        _configuration.Environment["ActorAgents__Cluster__Seeds"] = "127.0.0.1:2552";

        Assert.Equal([Role.Node, Role.Api], Enum.GetValues<Role>().Where(role =>
            new ServiceCollection().AddConfiguredAgents(_configuration.Load(role)).Any(service => service.ServiceType == typeof(IClusterView))));
    }

    private Agent Agent(string key) => _host.Services.GetRequiredService<IAgents>()["helper", key];
}
