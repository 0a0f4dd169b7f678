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
        var longAnswer = Script.Text([.. Enumerable.Range(0, 300).Select(i => $"{i} ")]); // More than a reader is waited for.
        await using var server = await ApprovingAsync(new ScriptedProvider(Script.Call("send", new { to = "Ann" }), longAnswer), send, l => l with { ApprovalTimeout = TimeSpan.FromMilliseconds(500) });
        var client = await RawMcp.BeginAsync(server, RawMcp.WithoutSessions);

        var result = await RawMcp.ResultAsync(client.CallAsync(new { prompt = "hello", key = "ann" }, meta: CanAsk));

        Assert.Equal("input_required", result.GetProperty("resultType").GetString());
        await Probe.OneCompleted.ComesAsync(server);
        Assert.Empty(send.Calls);

        var late = await RawMcp.ResultAsync(AgainAsync(client, result, new { action = "accept", content = new { approve = true } }));
        Assert.StartsWith("0 1 2 ", RawMcp.Text(late));
        Assert.Equal("The answer about 'send' changed nothing: it was answered before, or nobody answered in time.", late.GetProperty("content")[1].GetProperty("text").GetString());
    }

    [Theory]
    [InlineData("""{"r1":null}""", false)]
    [InlineData("""{"r1":7}""", false)]
    [InlineData("""{"r1":{"action":7}}""", false)]
    [InlineData("null", true)]
    [InlineData("7", true)]
    [InlineData("""{"action":7}""", true)]
    public async Task An_answer_that_is_none_is_no_yes(string answer, bool isAnswer)
    {
        var send = new ScriptedTool("send", call => "sent", "to");
        await using var server = await ApprovingAsync(new ScriptedProvider(Script.Call("send", new { to = "Ann" }), Script.Text("Done.")), send);
        var client = await RawMcp.BeginAsync(server, RawMcp.WithoutSessions);
        var given = JsonDocument.Parse(answer).RootElement;

        var asked = await RawMcp.ResultAsync(client.PostAsync("tools/call", new { name = "assistant", arguments = new { prompt = "hello", key = "ann" }, inputResponses = isAnswer ? null : (object)given, _meta = CanAsk }, 1));
        Assert.Equal("input_required", asked.GetProperty("resultType").GetString());
        var result = await RawMcp.ResultAsync(AgainAsync(client, asked, given));

        Assert.Equal("Done.", RawMcp.Text(result));
        Assert.Empty(send.Calls);
    }

    [Fact]
    public async Task A_question_that_was_left_out_of_the_answers_is_asked_again()
    {
        var send = new ScriptedTool("send", call => "sent", "to");
        await using var server = await ApprovingAsync(new ScriptedProvider(Script.Call("send", new { to = "Ann" }).Call("send", new { to = "Bob" }), Script.Text("Done.")), send);
        var client = await RawMcp.BeginAsync(server, RawMcp.WithoutSessions);
        var yes = new { action = "accept", content = new { approve = true } };

        var both = await RawMcp.ResultAsync(client.CallAsync(new { prompt = "hello", key = "ann" }, meta: CanAsk));
        var again = await RawMcp.ResultAsync(AgainAsync(client, both));
        var first = Questions(both)[0];
        var other = await RawMcp.ResultAsync(AgainAsync(client, both, new Dictionary<string, object> { [first] = yes }));

        Assert.Equal(2, Questions(both).Count);
        Assert.Equal(Questions(both), Questions(again));
        Assert.Equal(Questions(both)[1], Assert.Single(Questions(other)));
        Assert.Equal("Done.", RawMcp.Text(await RawMcp.ResultAsync(AgainAsync(client, other, yes))));
        Assert.Equal(2, send.Calls.Count);
    }

    [Fact]
    public async Task An_answer_is_taken_only_with_the_state_of_its_question()
    {
        var send = new ScriptedTool("send", call => "sent", "to");
        await using var server = await ApprovingAsync(new ScriptedProvider(Script.Call("send", new { to = "Ann" }), Script.Text("Refused."), Script.Text("Second.")), send);
        var client = await RawMcp.BeginAsync(server, RawMcp.WithoutSessions);
        var asked = await RawMcp.ResultAsync(client.CallAsync(new { prompt = "hello", key = "ann" }, meta: CanAsk));

        var inputResponses = new Dictionary<string, object> { [Questions(asked)[0]] = new { action = "accept", content = new { approve = true } } };
        var second = await client.PostAsync("tools/call", new { name = "assistant", arguments = new { prompt = "again", key = "ann" }, inputResponses, _meta = CanAsk }, 2);
        var refused = await RawMcp.ResultAsync(AgainAsync(client, asked, new { action = "decline" }));

        Assert.Equal("Refused.", RawMcp.Text(refused));
        Assert.Equal("Second.", RawMcp.Text(await RawMcp.ResultAsync(Task.FromResult(second))));
        Assert.Empty(send.Calls);
    }

    [Fact]
    public void Arguments_that_are_too_long_are_shown_from_both_ends_and_what_is_left_out_is_said()
    {
        var arguments = new Dictionary<string, object?> { ["text"] = "begins " + new string('x', 5_000) + " ends" };
        var shown = McpApprovals.Question("assistant", new ApprovalRequested("c1", "r1", "send", arguments)).Message;

        Assert.Contains("""with {"text":"begins xxx""", shown);
        Assert.Contains("xxx [… 3023 characters are not shown …] xxx", shown);
        Assert.EndsWith("""xxx ends"}. May it?""", shown);
    }

    [Theory]
    [InlineData("a:b:c", "'a:b:c' is not a turn id: use 1 to 64 letters, digits, '_' or '-'.")]
    [InlineData("nobody", null)]
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

    private static List<string> Questions(JsonElement asked) => [.. asked.GetProperty("inputRequests").EnumerateObject().Select(question => question.Name)];

    /// <summary>The same call with this answer to each question.</summary>
    private static Task<HttpResponseMessage> AgainAsync(RawMcp client, JsonElement asked, object answer) =>
        AgainAsync(client, asked, Questions(asked).ToDictionary(question => question, _ => answer));

    private static Task<HttpResponseMessage> AgainAsync(RawMcp client, JsonElement asked, Dictionary<string, object>? inputResponses = null) => client.PostAsync("tools/call",
        new { name = "assistant", arguments = new { prompt = "hello", key = "ann" }, requestState = asked.GetProperty("requestState").GetString(), inputResponses = inputResponses ?? [], _meta = CanAsk }, 1);

    private Task<AgentServer> StartAsync(Action<ActorAgentsBuilder> agents) => AgentServer.StartAsync(agents, services: services => services.AddSingleton<TimeProvider>(_time));

    private static Task<AgentServer> ApprovingAsync(IChatClient provider, ScriptedTool send, Func<AgentLimits, AgentLimits>? limits = null) => AgentServer.StartAsync(
        agents => agents.AddProvider("default", provider).AddTool("send", new ApprovalRequiredAIFunction(send)).AddAgent("assistant", a => a.WithTool("send").WithLimits(limits ?? (l => l))), Probe.Serve);
}
