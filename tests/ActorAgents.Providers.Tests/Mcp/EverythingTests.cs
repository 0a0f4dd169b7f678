using System.Text.Json;
using ActorAgents.Providers.Tests.Interop;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace ActorAgents.Providers.Tests.Mcp;

/// <summary>The reference server with a feature of each sort, over standard input and output.</summary>
public sealed class EverythingTests : IAsyncLifetime
{
    private readonly TestLog _log = new();
    private McpToolSource _source = null!;

    public Task InitializeAsync()
    {
        _source = new(NpmServer.EverythingOptions(), _log);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _source.DisposeAsync();
        Assert.All(_log.Processes, id => Assert.False(NpmServer.Lives(id)));
    }

    [InteropFact]
    public async Task Its_tools_are_offered_under_its_name()
    {
        var tools = await _source.GetToolsAsync(default);

        Assert.Equal("Returns the sum of two numbers", tools.Named("everything_get-sum").Description);
        Assert.All(tools, tool => Assert.Matches("^everything_[a-zA-Z0-9_-]+$", tool.Name));
        Assert.Equal(["a", "b"], tools.Named("everything_get-sum").JsonSchema.GetProperty("properties").EnumerateObject().Select(p => p.Name));
    }

    [InteropFact]
    public async Task Only_the_tools_that_are_allowed_are_offered()
    {
        await using var source = new McpToolSource(NpmServer.EverythingOptions() with { Tools = ["get-s*", "echo", "ecko"], Prefix = "" }, _log);

        Assert.Equal(["echo", "get-structured-content", "get-sum"], (await source.GetToolsAsync(default)).Select(tool => tool.Name).Order());
        Assert.Contains((LogLevel.Warning, "MCP server everything has no tool that matches 'ecko'."), _log.Lines);
    }

    [InteropFact]
    public async Task A_turn_calls_a_tool_and_has_its_text()
    {
        await using var turns = await McpTurns.StartAsync(_source);

        Assert.Equal("Echo: hällo\n", (await turns.CallAsync("everything_echo", new { message = "hällo\n" })).Result);
        Assert.Equal("The sum of 2 and 40 is 42.", (await turns.CallAsync("everything_get-sum", new { a = 2, b = 40 })).Result);
    }

    [InteropFact]
    public async Task Arguments_that_the_server_refuses_are_an_error_the_model_reads()
    {
        await using var turns = await McpTurns.StartAsync(_source);

        Assert.Matches("^Error: .*Input validation error", (await turns.CallAsync("everything_get-sum", new { a = "x" })).Result);
    }

    [InteropFact]
    public async Task A_turn_shows_progress_and_when_interrupted_ends_at_once_and_the_server_serves_on()
    {
        await using var turns = await McpTurns.StartAsync(_source);
        var turn = TurnId.New();
        await using var probe = turns.Call("everything_trigger-long-running-operation", new { duration = 600, steps = 12_000 }, turn);
        await probe.ReadProgressAsync(steps: 12_000);

        Assert.True(await turns.Agent.InterruptAsync(turn));
        Assert.IsType<TurnInterrupted>((await probe.ReadAllAsync())[^1]);

        Assert.StartsWith("The sum", (await turns.CallAsync("everything_get-sum", new { a = 1, b = 1 })).Result);
        var whole = await turns.CallAsync("everything_trigger-long-running-operation", new { duration = 0.1, steps = 2 });
        Assert.StartsWith("Long running operation completed.", whole.Result);
        Assert.Single(_log.Processes);
    }

    [InteropFact]
    public async Task Structured_content_is_read_as_the_text_it_comes_with()
    {
        var result = await _source.CallAsync("everything_get-structured-content", new { location = "Chicago" });

        Assert.Equal(36, JsonDocument.Parse(result!).RootElement.GetProperty("temperature").GetInt32());
    }

    [InteropFact]
    public async Task An_image_is_a_content_and_links_are_text()
    {
        var tools = await _source.GetToolsAsync(default);

        var contents = Assert.IsAssignableFrom<IEnumerable<AIContent>>(await tools.Named("everything_get-tiny-image").InvokeAsync()).ToList();
        Assert.Equal(["TextContent", "DataContent", "TextContent"], contents.Select(content => content.GetType().Name));
        Assert.Equal("image/png", Assert.IsType<DataContent>(contents[1]).MediaType);
        Assert.Matches(@"^Here are 2 resource links.*\nBlob Resource 1: demo://.*\nText Resource 2: demo://", await _source.CallAsync("everything_get-resource-links", new { count = 2 }));
    }

    [InteropFact]
    public async Task It_sees_its_own_variables_and_none_of_this_process()
    {
        Environment.SetEnvironmentVariable("ACTORAGENTS_TEST_SECRET", "secret");
        await using var source = new McpToolSource(NpmServer.EverythingOptions() with { Environment = new Dictionary<string, string> { ["OWN"] = "given" } }, _log);

        var variables = JsonDocument.Parse((await source.CallAsync("everything_get-env"))!).RootElement;

        Assert.Equal("given", variables.GetProperty("OWN").GetString());
        Assert.True(variables.TryGetProperty("PATH", out _));
        Assert.False(variables.TryGetProperty("ACTORAGENTS_TEST_SECRET", out _));
    }

    [InteropFact]
    public async Task What_it_writes_to_standard_error_is_logged_for_debugging_and_arguments_never_are()
    {
        await _source.CallAsync("everything_echo", new { message = "confidential" });
        await _log.HasAsync("Starting default (STDIO) server...");

        Assert.All(_log.Lines.Where(line => line.Text.Contains("STDIO")), line => Assert.Equal(LogLevel.Debug, line.Level));
        Assert.DoesNotContain(_log.Lines, line => line.Text.Contains("confidential"));
    }
}
