using System.Net;
using System.Net.Sockets;
using ActorAgents.Providers.Tests.Interop;
using Microsoft.Extensions.Logging;

namespace ActorAgents.Providers.Tests.Mcp;

/// <summary>What happens when a server's process dies, does not start, or is to end.</summary>
public sealed class DeathTests
{
    private const string Endless = "everything_trigger-long-running-operation", Sum = "everything_get-sum";
    private readonly TestLog _log = new();

    [InteropFact]
    public async Task A_process_that_dies_during_a_call_costs_that_call_and_the_next_turn_has_a_new_one()
    {
        await using var source = new McpToolSource(NpmServer.EverythingOptions(), _log);
        await using var turns = await McpTurns.StartAsync(source);
        await using var probe = turns.Call(Endless, new { duration = 600, steps = 12_000 });
        while (await probe.NextAsync() is not ToolProgress) { }

        await NpmServer.KillAsync(_log.Processes.Single());

        var events = await probe.ReadAllAsync();
        Assert.Equal("Error: the MCP server 'everything' stopped during the call, which may or may not have been carried out.", Assert.Single(events.OfType<ToolFinished>()).Result);
        Assert.IsType<TurnCompleted>(events[^1]);
        Assert.Equal("The sum of 1 and 2 is 3.", (await turns.CallAsync(Sum, new { a = 1, b = 2 })).Result);
        Assert.Equal(2, _log.Processes.Count);
    }

    [InteropFact]
    public async Task A_process_that_died_between_calls_is_replaced_for_the_next()
    {
        await using var source = new McpToolSource(NpmServer.EverythingOptions(), _log);
        await using var turns = await McpTurns.StartAsync(source);
        Assert.Equal("The sum of 1 and 1 is 2.", (await turns.CallAsync(Sum, new { a = 1, b = 1 })).Result);

        await NpmServer.KillAsync(_log.Processes.Single());
        await _log.HasAsync("is down");

        Assert.Equal("The sum of 1 and 2 is 3.", (await turns.CallAsync(Sum, new { a = 1, b = 2 })).Result);
        Assert.Equal(2, _log.Processes.Count);
    }

    [InteropFact]
    public async Task First_turns_that_begin_together_start_one_process()
    {
        await using var source = new McpToolSource(NpmServer.EverythingOptions(), _log);

        var lists = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(async () => await source.GetToolsAsync(default))));

        Assert.All(lists, Assert.NotEmpty);
        Assert.Single(_log.Processes);
    }

    [InteropFact]
    public async Task Disposing_during_a_call_ends_the_process_and_the_call_with_an_error()
    {
        var source = new McpToolSource(NpmServer.EverythingOptions(), _log);
        await using var turns = await McpTurns.StartAsync(source);
        await using var probe = turns.Call(Endless, new { duration = 600, steps = 12_000 });
        while (await probe.NextAsync() is not ToolProgress) { }

        await source.DisposeAsync();

        Assert.False(NpmServer.Lives(_log.Processes.Single()));
        Assert.StartsWith("Error: ", Assert.Single((await probe.ReadAllAsync()).OfType<ToolFinished>()).Result);
        Assert.StartsWith("Error: ", (await turns.CallAsync(Sum, new { a = 1, b = 1 })).Result);
        Assert.DoesNotContain(_log.Lines, line => line.Level >= LogLevel.Warning);
    }

    [InteropFact]
    public async Task Disposing_while_it_starts_leaves_no_process()
    {
        var source = new McpToolSource(NpmServer.EverythingOptions(), _log);
        var tools = source.GetToolsAsync(default).AsTask();
        await _log.HasAsync("runs as process");

        await source.DisposeAsync();

        Assert.False(NpmServer.Lives(_log.Processes.Single()));
        await Task.WhenAny(tools); // It may have been quick enough.
        Assert.StartsWith("Error: ", (string?)await source.CallAsync("none", [], default));
    }

    [InteropFact]
    public async Task A_process_that_does_not_end_by_itself_is_killed_with_its_children()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var child = $"require('net').connect({port}, '127.0.0.1'); setInterval(() => 0, 1000)";
        var parent = $"require('child_process').spawn(process.execPath, ['-e', `{child}`]); setInterval(() => 0, 1000)";
        var source = new McpToolSource(new() { Name = "deaf", Command = Installation.Node, Arguments = ["-e", parent] }, _log);
        var tools = source.GetToolsAsync(default).AsTask();
        using var connection = await listener.AcceptTcpClientAsync().WaitAsync(TimeSpan.FromSeconds(30));

        await source.DisposeAsync();

        await Assert.ThrowsAsync<McpServerException>(() => tools);
        Assert.False(NpmServer.Lives(_log.Processes.Single()));
        Assert.Equal(0, await connection.GetStream().ReadAsync(new byte[1]).AsTask().WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task A_command_that_does_not_exist_is_named()
    {
        await using var source = new McpToolSource(new() { Name = "files", Command = "no-such-program" }, _log);

        var error = await Assert.ThrowsAsync<McpServerException>(async () => await source.GetToolsAsync(default));

        Assert.StartsWith("The MCP server 'files' could not be started: its command 'no-such-program' cannot be run (", error.Message);
        Assert.EndsWith("check that it is installed, and on the PATH of this process", error.Message);
    }

    [InteropFact]
    public async Task A_process_that_ends_at_once_is_told_from_one_that_is_silent()
    {
        await using var source = new McpToolSource(new() { Name = "brief", Command = Installation.Node, Arguments = ["-e", "process.exit(3)"] }, _log);

        var error = await Assert.ThrowsAsync<McpServerException>(async () => await source.GetToolsAsync(default));

        Assert.Equal("The MCP server 'brief' could not be started: its process ended with exit code 3", error.Message);
    }
}
