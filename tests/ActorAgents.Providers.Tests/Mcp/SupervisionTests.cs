using ActorAgents.Testing;
using ModelContextProtocol.Protocol;

namespace ActorAgents.Providers.Tests.Mcp;

/// <summary>The states of a source: not started, starting, up, down.</summary>
public sealed class SupervisionTests
{
    private readonly TestLog _log = new();
    private readonly VirtualTime _time = new();

    [Fact]
    public async Task Nothing_is_started_before_a_turn_needs_it()
    {
        var server = new FakeServer([Named("echo")] (string text) => text);
        await using var source = server.Source();
        Assert.Equal(0, server.Links);

        Assert.Equal("hello", await source.CallAsync("fake_echo", new { text = "hello" }));
        Assert.Equal(1, server.Links);
    }

    [Fact]
    public async Task A_server_that_never_answers_is_given_up_after_the_start_timeout()
    {
        var server = new FakeServer { IsSilent = true };
        await using var source = server.Source(time: _time.Provider, options: new() { Name = "mute", Command = "x", StartTimeout = TimeSpan.FromSeconds(20) });
        var tools = source.GetToolsAsync(default).AsTask();
        while (server.Links == 0) await Task.Yield();

        _time.Advance(TimeSpan.FromSeconds(20));

        var error = await Assert.ThrowsAsync<McpServerException>(() => tools.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal("The MCP server 'mute' could not be started: it did not answer within 20 s", error.Message);
    }

    [Fact]
    public async Task A_turn_that_ends_while_the_server_starts_does_not_end_the_start()
    {
        var server = new FakeServer([Named("echo")] (string text) => text) { Door = new() };
        await using var source = server.Source();
        using var turn = new CancellationTokenSource();
        var first = source.GetToolsAsync(turn.Token).AsTask();
        var second = source.GetToolsAsync(default).AsTask();
        await server.Door.ReachedAsync();

        await turn.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        server.Door.Open();

        Assert.Single(await second);
        Assert.Equal(1, server.Links);
    }

    [Fact]
    public async Task A_server_that_keeps_failing_is_tried_less_and_less_often()
    {
        var server = new FakeServer { IsGone = true };
        await using var source = server.Source(time: _time.Provider);

        await FailsAsync(source, "could not be started: nobody is there");
        await FailsAsync(source, "could not be started: nobody is there"); // The second try is at once.
        await FailsAsync(source, "failed 2 times; it is started again in ");
        Assert.Equal(2, server.Links);

        _time.Advance(TimeSpan.FromSeconds(1));
        await FailsAsync(source, "could not be started: nobody is there");
        _time.Advance(TimeSpan.FromMilliseconds(999));
        await FailsAsync(source, "failed 3 times; it is started again in ");
        Assert.Equal(3, server.Links);

        _time.Advance(TimeSpan.FromSeconds(2));
        server.IsGone = false;
        Assert.Empty(await source.GetToolsAsync(default));
    }

    [Fact]
    public async Task The_tools_known_last_are_offered_while_it_is_down_and_a_call_then_is_an_error()
    {
        var server = new FakeServer([Named("echo")] (string text) => text);
        await using var source = server.Source(_log, _time.Provider);
        var known = await source.GetToolsAsync(default);

        server.IsGone = true;
        server.Cut();
        await _log.HasAsync("is down");

        Assert.Same(known, await source.GetToolsAsync(default));
        await _log.HasAsync("could not be started");
        Assert.Equal("Error: the MCP server 'fake' is not available at the moment. The call was not made.", await source.CallAsync("fake_echo", new { text = "x" }));

        server.IsGone = false;
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("x", await source.CallAsync("fake_echo", new { text = "x" }));
    }

    [Fact]
    public async Task A_server_that_was_up_for_a_minute_starts_again_without_a_pause()
    {
        var server = new FakeServer([Named("echo")] (string text) => text);
        await using var source = server.Source(_log, _time.Provider);

        for (var death = 1; death <= 4; death++)
        {
            Assert.Equal("x", await source.CallAsync("fake_echo", new { text = "x" }));
            _time.Advance(McpBackoff.Stable);
            server.Cut();
            await _log.HasAsync("is down", death);
        }

        Assert.Equal("x", await source.CallAsync("fake_echo", new { text = "x" }));
        Assert.Equal(5, server.Links);
    }

    [Fact]
    public async Task Tools_that_change_are_seen_by_those_who_ask_later()
    {
        var server = new FakeServer([Named("echo")] (string text) => text);
        await using var source = server.Source(_log);
        var before = await source.GetToolsAsync(default);

        server.Add([Named("late")] () => "here");
        await _log.HasAsync("2 of its 2 tools");

        Assert.Single(before);
        Assert.Equal(["fake_echo", "fake_late"], (await source.GetToolsAsync(default)).Select(tool => tool.Name).Order());
        Assert.Equal("here", await source.CallAsync("fake_late"));
    }

    [Fact]
    public async Task A_server_whose_tools_keep_changing_is_asked_for_them_once_a_second()
    {
        var server = new FakeServer([Named("echo")] (string text) => text) { IsRestless = true };
        await using var source = server.Source(_log, _time.Provider);
        await source.GetToolsAsync(default);
        await _log.HasAsync("1 of its 1 tools", times: 2);

        for (var i = 0; i < 50; i++) await source.CallAsync("fake_echo", new { text = "x" });

        Assert.Equal(2, Offers());
        while (Offers() == 2)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        int Offers() => _log.Lines.Count(line => line.Text.Contains("1 of its 1 tools"));
    }

    [Fact]
    public async Task A_cancelled_call_is_cancelled_at_the_server()
    {
        var server = Waiting(out var began, out var told);
        await using var source = server.Source();
        using var turn = new CancellationTokenSource();
        var call = source.CallAsync("fake_wait", token: turn.Token);
        await began.Task.WaitAsync(TimeSpan.FromSeconds(30));

        await turn.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await told.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_call_that_takes_too_long_is_an_error_and_cancelled_at_the_server()
    {
        var server = Waiting(out var began, out var told);
        await using var source = server.Source(time: _time.Provider, options: new() { Name = "fake", Command = "x", CallTimeout = TimeSpan.FromSeconds(5) });
        var call = source.CallAsync("fake_wait");
        await began.Task.WaitAsync(TimeSpan.FromSeconds(30));

        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal("Error: the tool did not answer within 5 s.", await call);
        await told.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_tool_that_says_it_failed_is_an_error_the_model_reads()
    {
        var server = new FakeServer(
            [Named("says")] () => new CallToolResult { IsError = true, Content = [new TextContentBlock { Text = "disk full" }] },
            [Named("silent")] () => new CallToolResult { IsError = true });
        await using var source = server.Source();

        Assert.Equal("Error: disk full", await source.CallAsync("fake_says"));
        Assert.Equal("Error: the tool failed and did not say why.", await source.CallAsync("fake_silent"));
    }

    [Fact]
    public async Task A_tool_that_is_gone_is_an_error_and_the_server_stays_up()
    {
        var server = new FakeServer([Named("echo")] (string text) => text);
        await using var source = server.Source();
        await source.GetToolsAsync(default);

        Assert.StartsWith("Error: ", (string?)await source.CallAsync("gone", [], default));
        Assert.Equal("x", await source.CallAsync("fake_echo", new { text = "x" }));
        Assert.Equal(1, server.Links);
    }

    /// <summary>Its one tool begins, and ends when the server is told that the call is cancelled.</summary>
    private static FakeServer Waiting(out TaskCompletionSource began, out TaskCompletionSource told)
    {
        TaskCompletionSource starts = began = new(), ends = told = new();
        return new([Named("wait")] async (CancellationToken token) =>
        {
            await using var _ = token.Register(() => ends.TrySetResult());
            starts.SetResult();
            await Task.Delay(Timeout.Infinite, token);
        });
    }

    private static async Task FailsAsync(McpToolSource source, string message) =>
        Assert.Contains(message, (await Assert.ThrowsAsync<McpServerException>(async () => await source.GetToolsAsync(default))).Message);
}
