using System.Net;
using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore.Tests.UIMessages;

/// <summary>What is the input, what the conversation, and what runs.</summary>
public sealed class UIMessageHistoryTests
{
    private const string Chat = "/api/chat";

    private static object Said(string id, string text, string role = "user") => new { id, role, parts = new[] { new { type = "text", text } } };

    private static object Again(params object[] messages) => new { id = "ann", trigger = "regenerate-message", messages };

    private static async Task<string> TextAsync(AgentServer server, object body)
    {
        await using var stream = await server.StreamAsync(Chat, body);
        return await TextAsync(stream);
    }

    private static async Task<string> TextAsync(Frames stream) =>
        string.Concat((await stream.RestAsync()).Where(frame => frame.Data.StartsWith("{\"type\":\"text-delta\"", StringComparison.Ordinal)).Select(frame => frame.Text("delta")));

    private static async Task<IEnumerable<string>> KeptAsync(AgentServer server) => (await server.Agents["assistant", "ann"].GetMessagesAsync()).Select(message => message.Text);

    [Theory]
    [InlineData("""{"id":"ann","trigger":"regenerate-message","message":{"id":"m3","role":"user","parts":[{"type":"text","text":"and?"}]}}""")]
    [InlineData("""{"id":"ann","messageId":"m3","message":{"id":"m3","role":"user","parts":[{"type":"text","text":"what?"}]}}""")]
    public async Task A_page_that_sends_its_last_message_alone_cannot_rewrite_what_the_agent_keeps(string body)
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider("One.", "Two."));
        foreach (var text in new[] { "hello", "and?" }) await TextAsync(server, new { id = "ann", message = Said(text, text) });

        var problem = await AgentServer.JsonAsync(server.PostAsync(Chat, body), HttpStatusCode.BadRequest);

        Assert.Contains("'messages' is missing", problem.GetProperty("detail").GetString());
        Assert.Equal(["hello", "One.", "and?", "Two."], await KeptAsync(server));
    }

    [Fact]
    public async Task What_is_said_again_is_history_in_whole_turns_however_long_it_is()
    {
        var provider = ScriptedProvider.Always("Fine.");
        await using var server = await AgentServer.StartAsync(provider, agent: a => a.WithLimits(l => l with { MaxInputChars = 5, HistoryTurns = 1 }));

        Assert.Equal("Fine.", await TextAsync(server, Again(Said("m1", "hello"), Said("m2", "A long answer.", "assistant"), Said("m3", "and?"), Said("m4", "Yes.", "assistant"), Said("m5", "again"))));

        Assert.Equal(["and?", "Yes.", "again"], provider.Requests[0].Messages.Select(message => message.Text));
        Assert.Equal(["hello", "A long answer.", "and?", "Yes.", "again", "Fine."], await KeptAsync(server));
    }

    [Theory, InlineData("too long", HttpStatusCode.BadRequest, false), InlineData("again", HttpStatusCode.ServiceUnavailable, true)]
    public async Task An_answer_that_cannot_be_given_again_takes_nothing_back(string text, HttpStatusCode status, bool halts)
    {
        var provider = ScriptedProvider.Always("One.");
        await using var server = await AgentServer.StartAsync(provider, agent: a => a.WithLimits(l => l with { MaxInputChars = 5 }));
        await TextAsync(server, new { id = "ann", message = Said("m1", "hello") });
        if (halts) await server.Agents.HaltAsync(HaltScope.Kind("assistant"), "a drill");

        await AgentServer.JsonAsync(server.PostAsync(Chat, Again(Said("m1", text))), status);

        Assert.Equal(["hello", "One."], await KeptAsync(server));
    }

    [Fact]
    public async Task An_answer_that_does_not_end_when_it_is_told_to_is_not_in_what_is_said_again()
    {
        var provider = new ScriptedProvider(Script.Text("Old").BlockSynchronously(out var gate), "New.");
        await using var server = await AgentServer.StartAsync(provider);
        var first = server.StreamAsync(Chat, new { id = "ann", message = Said("m1", "hello") });
        await gate.ReachedAsync();
        var before = await server.Agents["assistant", "ann"].GetTurnsAsync();
        await using var old = await first;
        var waiting = server.PostAsync(Chat, new { id = "ann", message = Said("m2", "and?") });
        await OvertakenAsync(server, before);

        var again = server.StreamAsync(Chat, Again(Said("m1", "hi")));
        using (var stopped = await waiting) Assert.Equal(HttpStatusCode.Conflict, stopped.StatusCode); // It would have followed what was never said.
        gate.Open();

        await using var stream = await again;
        await TextAsync(stream);
        Assert.Equal(["hi", "New."], await KeptAsync(server));
    }

    [Fact]
    public async Task A_turn_that_waits_can_be_joined()
    {
        var provider = new ScriptedProvider(Script.BlockSynchronously(out var gate).Text("Old"), "New.");
        await using var server = await AgentServer.StartAsync(provider, http => http.KeepAlive = TimeSpan.FromMilliseconds(20));
        var first = server.PostAsync(Chat, new { id = "ann", message = Said("m1", "hello") });
        await gate.ReachedAsync();
        var before = await server.Agents["assistant", "ann"].GetTurnsAsync();
        var second = server.StreamAsync(Chat, new { id = "ann", message = Said("m2", "and?") });
        await OvertakenAsync(server, before);

        await using var other = await server.FollowAsync($"{Chat}/ann/stream"); // A keep-alive tells that it waits.
        gate.Open();

        await using var one = await second;
        Assert.Equal((await one.RestAsync()).Select(frame => frame.Data), (await other.RestAsync()).Select(frame => frame.Data));
        (await first).Dispose();
    }

    [Fact]
    public async Task A_turn_that_waits_can_be_stopped()
    {
        var provider = new ScriptedProvider(Script.BlockSynchronously(out var gate).Text("Old"), "New.");
        await using var server = await AgentServer.StartAsync(provider);
        var first = server.PostAsync(Chat, new { id = "ann", message = Said("m1", "hello") });
        await gate.ReachedAsync();
        var before = await server.Agents["assistant", "ann"].GetTurnsAsync();
        var second = server.PostAsync(Chat, new { id = "ann", message = Said("m2", "and?") });
        await OvertakenAsync(server, before);

        using (var stop = await server.SendAsync(HttpMethod.Post, $"{Chat}/ann/stop")) Assert.Equal(HttpStatusCode.NoContent, stop.StatusCode);

        using (var stopped = await second) Assert.Equal(HttpStatusCode.Conflict, stopped.StatusCode);
        gate.Open();
        using (await first) Assert.Equal(1, provider.CallsStarted);
    }

    [Fact]
    public async Task A_file_of_an_answer_that_cannot_go_back_is_left_out()
    {
        var provider = ScriptedProvider.Always("Fine.");
        await using var server = await AgentServer.StartAsync(provider);

        Assert.Equal("Fine.", await TextAsync(server, Again(Said("m1", "hello"),
            new { id = "m2", role = "assistant", parts = new object[] { new { type = "text", text = "See" }, new { type = "file", mediaType = "image/png", url = "gs://bucket/a.png" } } }, Said("m3", "again"))));

        Assert.Single(provider.Requests[0].Messages[1].Contents);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_result_of_the_pages_tool_is_taken_though_an_approval_stands_beside_it_that_nobody_waits_for(bool inSameStep)
    {
        var provider = new ScriptedProvider(Script.Call("page", new { }, "c1"), "Fine.");
        await using var server = await AgentServer.StartAsync(agents => agents
            .AddProvider("default", provider).AddTool("page", AIFunctionFactory.CreateDeclaration("page", "", default)).AddAgent("assistant", a => a.WithTool("page")));
        await TextAsync(server, new { id = "ann", message = Said("m1", "hello") });
        object asked = new { type = "tool-send", toolCallId = "c0", state = "approval-responded", input = new { }, approval = new { id = "gone", approved = true } };
        object start = new { type = "step-start" }, result = new { type = "tool-page", toolCallId = "c1", state = "output-available", input = new { }, output = "18" };

        await TextAsync(server, new { id = "ann", messageId = "m2", messages = new[] { Said("m1", "hello"), new { id = "m2", role = "assistant", parts = inSameStep ? [start, asked, result] : new[] { start, asked, start, result } } } });

        Assert.Equal("18", Assert.Single(provider.Requests[1].Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>()).Result?.ToString());
    }

    [Fact]
    public async Task An_attached_answer_that_the_server_cuts_is_over()
    {
        var look = new ScriptedTool("look").Holds(out var gate);
        var provider = new ScriptedProvider(Script.Text("Once").Content(new FunctionCallContent("c1", "look", new Dictionary<string, object?> { ["unwritable"] = typeof(string) })), "Fine.");
        await using var server = await AgentServer.StartAsync(provider, agent: a => a.WithTool(look));

        var answer = server.StreamAsync($"{Chat}?mode=attached", new { id = "ann", message = Said("m1", "hello") });
        await Assert.ThrowsAnyAsync<Exception>(async () => await (await answer).RestAsync());

        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (await server.Agents["assistant", "ann"].GetTurnsAsync(late.Token) is not []) await Task.Yield();
        gate.Open();
    }

    /// <summary>Waits until another turn is to run next.</summary>
    private static async Task OvertakenAsync(AgentServer server, IReadOnlyList<TurnId> before)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (await server.Agents["assistant", "ann"].GetTurnsAsync(late.Token) is var turns && (turns.Count != 1 || turns[0] == before[0])) await Task.Yield();
    }
}
