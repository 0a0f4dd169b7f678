using System.Text.Json;
using ActorAgents.AspNetCore.Tests.Interop;
using ActorAgents.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ActorAgents.AspNetCore.Tests.Mcp;

/// <summary>One call: what goes over the wire while it runs and at its end.</summary>
public sealed class CallTests
{
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(RawMcp.WithSessions)]
    [InlineData(RawMcp.WithoutSessions)]
    public async Task A_call_reads_as_it_always_did(string revision)
    {
        var weather = new ScriptedTool("get_weather", call => "18", "city");
        var image = new DataContent(new byte[] { 1, 2, 3 }, "image/png");
        var provider = new ScriptedProvider(
            Script.Reason("Where is that?").Text("Let me ", "look. ").Call("get_weather", new { city = "Riga" }).Usage(11, 7),
            Script.Text("It is 18 °C.").Content(image).Usage(20, 5));
        await using var server = await StartAsync(agents => agents.AddProvider("default", provider).AddTool("get_weather", weather).AddAgent("assistant", a => a.WithTool("get_weather")));
        var client = await RawMcp.BeginAsync(server, revision);

        using var response = await client.CallAsync(new { prompt = "How warm is it?", key = "ann" }, meta: new { progressToken = "p1" });
        var body = await response.Content.ReadAsStringAsync();

        var turn = (await server.Agents["assistant", "ann"].GetMessagesAsync())[0].AdditionalProperties!["actoragents.turn"]!.ToString()!;
        var golden = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Mcp", $"call-{revision}.golden"));
        var version = typeof(McpEngine).Assembly.GetName().Version!.ToString(3);
        Assert.Equal(golden, body.Replace(turn, "{turn}").Replace($"\"{version}\"", "\"{version}\""));
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("no", response.Headers.GetValues("X-Accel-Buffering").Single());
    }

    [Fact]
    public async Task Pieces_are_told_of_four_times_a_second_at_most_and_tools_at_once()
    {
        var tool = new ScriptedTool("look", call => "seen");
        var provider = new ScriptedProvider(Script.Text("1", "2", "3").Stall(out var first).Text("4", "5").Stall(out var second).Text("6").Call("look"), Script.Text("7"));
        await using var server = await StartAsync(agents => agents.AddProvider("default", provider).AddTool("look", tool).AddAgent("assistant", a => a.WithTool("look")));
        var client = await RawMcp.BeginAsync(server);

        using var response = await client.CallAsync(new { prompt = "hello" }, meta: new { progressToken = 1 });
        await first.ReachedAsync();
        _time.Advance(McpProgress.Pace);
        first.Open();
        await second.ReachedAsync();
        second.Open();
        var text = await response.Content.ReadAsStringAsync();

        var told = text.Split('\n').Where(line => line.Contains("\"notifications/progress\"")).Select(line => JsonDocument.Parse(line["data: ".Length..]).RootElement.GetProperty("params")).ToList();
        Assert.Equal(["Started.", "4 characters.", "Running look.", "look is done."], told.Select(progress => progress.GetProperty("message").GetString()));
        Assert.Equal([1, 5, 8, 9], told.Select(progress => progress.GetProperty("progress").GetInt32()));
        Assert.All(told, progress => Assert.Equal(1, progress.GetProperty("progressToken").GetInt32()));
    }

    [Fact]
    public async Task Without_a_token_nothing_comes_before_the_result()
    {
        await using var server = await StartAsync(agents => agents.AddProvider("default", new ScriptedProvider(Script.Text("Hi."))).AddAgent("assistant"));

        using var response = await (await RawMcp.BeginAsync(server)).CallAsync(new { prompt = "hello" });

        Assert.Single((await response.Content.ReadAsStringAsync()).Split('\n'), line => line.StartsWith("data: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Content_of_any_kind_is_a_block_of_its_own()
    {
        var provider = new ScriptedProvider(Script.Content(new DataContent(new byte[] { 1 }, "audio/wav"), new DataContent(new byte[] { 2 }, "application/pdf"), new UriContent("https://example.com/a%20b.png", "image/png")));
        await using var server = await StartAsync(agents => agents.AddProvider("default", provider).AddAgent("assistant"));

        var result = await RawMcp.ResultAsync((await RawMcp.BeginAsync(server)).CallAsync(new { prompt = "hello" }));

        var blocks = result.GetProperty("content").EnumerateArray().ToList();
        Assert.Equal(["audio", "resource", "resource_link"], blocks.Select(block => block.GetProperty("type").GetString()));
        Assert.Equal("AQ==", blocks[0].GetProperty("data").GetString());
        Assert.Equal(("Ag==", "application/pdf"), (blocks[1].GetProperty("resource").GetProperty("blob").GetString(), blocks[1].GetProperty("resource").GetProperty("mimeType").GetString()));
        Assert.Equal("https://example.com/a%20b.png", blocks[2].GetProperty("uri").GetString());
    }

    [Fact]
    public async Task A_question_that_nobody_comes_back_to_is_refused_and_the_turn_ends()
    {
        var send = new ScriptedTool("send", call => "sent", "to");
        await using var server = await ApprovingAsync(new ScriptedProvider(Script.Call("send", new { to = "Ann" }), Script.Text("Done.")), send, l => l with { ApprovalTimeout = TimeSpan.FromMilliseconds(50) });
        var client = await RawMcp.BeginAsync(server, RawMcp.WithoutSessions);

        var result = await RawMcp.ResultAsync(client.CallAsync(new { prompt = "hello", key = "ann" }, meta: CanAsk));

        Assert.Equal("input_required", result.GetProperty("resultType").GetString());
        await Probe.OneCompleted.ComesAsync(server);
        Assert.Empty(send.Calls);
    }

    [Theory]
    [InlineData("nonsense", "'requestState' is not a state that this server gave.")]
    [InlineData("a:b:c", "'requestState' is not a state that this server gave.")]
    [InlineData("nobody:1:1", null)]
    public async Task A_state_that_is_not_the_servers_is_refused(string requestState, string? words)
    {
        await using var server = await ApprovingAsync(new ScriptedProvider(Script.Text("Done.")), new ScriptedTool("send", call => "sent", "to"));
        var client = await RawMcp.BeginAsync(server, RawMcp.WithoutSessions);

        var result = await RawMcp.ResultAsync(client.PostAsync("tools/call", new { name = "assistant", arguments = new { prompt = "hello", key = "ann" }, requestState, inputResponses = new { r1 = new { action = "accept" } }, _meta = CanAsk }, 1));

        Assert.True(result.GetProperty("isError").GetBoolean());
        if (words is not null) Assert.Equal(words, RawMcp.Text(result));
    }

    [Fact]
    public async Task A_call_that_may_ask_is_interrupted_as_any_when_it_is_left()
    {
        var provider = ScriptedProvider.Always(Script.Text("Once upon a time").Stall(out var gate));
        await using var server = await ApprovingAsync(provider, new ScriptedTool("send", call => "sent", "to"));
        var call = await (await RawMcp.BeginAsync(server, RawMcp.WithoutSessions)).CallAsync(new { prompt = "hello", key = "ann" }, meta: CanAsk);
        await gate.ReachedAsync();

        call.Dispose();

        await Probe.OneAborted.ComesAsync(server, provider);
    }

    private static readonly Dictionary<string, object> CanAsk = new() { ["io.modelcontextprotocol/clientCapabilities"] = new { elicitation = new { form = new { } } } };

    private Task<AgentServer> StartAsync(Action<ActorAgentsBuilder> agents) => AgentServer.StartAsync(agents, services: services => services.AddSingleton<TimeProvider>(_time));

    private static Task<AgentServer> ApprovingAsync(IChatClient provider, ScriptedTool send, Func<AgentLimits, AgentLimits>? limits = null) => AgentServer.StartAsync(
        agents => agents.AddProvider("default", provider).AddTool("send", new ApprovalRequiredAIFunction(send)).AddAgent("assistant", a => a.WithTool("send").WithLimits(limits ?? (l => l))), Probe.Serve);
}
