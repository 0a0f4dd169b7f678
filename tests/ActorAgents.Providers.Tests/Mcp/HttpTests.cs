using ActorAgents.Providers.Tests.Interop;

namespace ActorAgents.Providers.Tests.Mcp;

/// <summary>Servers reached by streamable HTTP.</summary>
public sealed class HttpTests
{
    private readonly TestLog _log = new();

    [InteropFact]
    public async Task A_turn_calls_a_tool_and_shows_its_progress()
    {
        using var server = await EverythingServer.StartAsync(EverythingServer.FreePort());
        await using var source = new McpToolSource(server.Options, _log);
        await using var turns = await McpTurns.StartAsync(source);
        var turn = TurnId.New();
        await using var probe = turns.Call("web_trigger-long-running-operation", new { duration = 600, steps = 12_000 }, turn);

        await probe.ReadProgressAsync(steps: 12_000);

        Assert.True(await turns.Agent.InterruptAsync(turn));
        var whole = await turns.CallAsync("web_trigger-long-running-operation", new { duration = 0.1, steps = 2 });
        Assert.StartsWith("Long running operation completed.", whole.Result);
    }

    [InteropFact]
    public async Task A_server_that_started_again_costs_one_call()
    {
        var port = EverythingServer.FreePort();
        await using var source = new McpToolSource(EverythingServer.At(port), _log);
        using (await EverythingServer.StartAsync(port)) Assert.Equal("Echo: 1", await source.CallAsync("web_echo", new { message = "1" }));
        using (await EverythingServer.StartAsync(port))
        {
            Assert.StartsWith("Error: the MCP server 'web' stopped", await source.CallAsync("web_echo", new { message = "2" }));
            Assert.Equal("Echo: 3", await source.CallAsync("web_echo", new { message = "3" }));
        }
    }

    [Fact]
    public async Task Headers_go_with_every_request_and_a_cancelled_call_is_reported()
    {
        await using var server = new TinyServer();
        await using var source = new McpToolSource(new() { Name = "web", Url = server.Url, Headers = new Dictionary<string, string> { ["X-Key"] = "k1" } }, _log);
        using var turn = new CancellationTokenSource();
        var call = source.CallAsync("web_wait", token: turn.Token);
        await server.SawAsync("tools/call");

        await turn.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await server.SawAsync("notifications/cancelled");
        Assert.All(server.Keys, key => Assert.Equal("k1", key));
        Assert.DoesNotContain(_log.Lines, line => line.Text.Contains("k1"));
    }

    [Fact]
    public async Task A_redirection_is_not_followed_with_the_headers()
    {
        await using var elsewhere = new TinyServer();
        await using var server = new TinyServer { Redirect = elsewhere.Url };
        await using var source = new McpToolSource(new() { Name = "web", Url = server.Url, Headers = new Dictionary<string, string> { ["X-Key"] = "k1" } }, _log);

        await Assert.ThrowsAsync<McpServerException>(async () => await source.GetToolsAsync(default));

        Assert.NotEmpty(server.Keys);
        Assert.Empty(elsewhere.Keys);
    }

    [Theory]
    [InlineData("""{ "content": null }""")]
    [InlineData("""{ "content": "text" }""")]
    [InlineData("""{ "content": [ { "type": "image", "data": "?!", "mimeType": "image/png" } ] }""")]
    [InlineData("""{ "content": [ { "type": "image", "data": "AQI=", "mimeType": "no type" } ] }""")]
    [InlineData("[]")]
    [InlineData("null")]
    public async Task A_result_that_cannot_be_read_is_an_error_the_model_reads(string result)
    {
        await using var server = new TinyServer { Result = result };
        await using var source = new McpToolSource(new() { Name = "web", Url = server.Url }, _log);

        Assert.StartsWith("Error: ", await source.CallAsync("web_wait"));
    }

    [Fact]
    public async Task An_address_where_nobody_listens_is_an_error_that_says_so()
    {
        await using var source = new McpToolSource(EverythingServer.At(EverythingServer.FreePort()), _log);

        var error = await Assert.ThrowsAsync<McpServerException>(async () => await source.GetToolsAsync(default));

        Assert.Contains("could not be started: Connection refused", error.Message);
    }
}
