using System.Net;
using System.Text.Json;
using ActorAgents.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ActorAgents.AspNetCore.Tests.AGUI;

/// <summary>Turns between two runs, and what becomes of them.</summary>
public sealed class PauseTests
{
    private const string Path = "/ag-ui/assistant";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ScriptedTool _send = new("send");
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);

    private Task<AgentServer> StartAsync(Func<AgentLimits, AgentLimits>? limits = null, params ChatScript[] more) => AgentServer.StartAsync(
        new ScriptedProvider([Script.Text("Now. ").Call("send", callId: "c1"), .. more]), agent: a => a.WithTool(new ApprovalRequiredAIFunction(_send)).WithLimits(limits ?? (l => l)),
        services: services => services.AddSingleton<TimeProvider>(_time));

    [Theory]
    [InlineData(null)]
    [InlineData(5)]
    public async Task A_question_that_nobody_answers_in_time_interrupts_its_turn_and_the_thread_goes_on(int? minutes)
    {
        await using var server = await StartAsync(minutes is { } m ? l => l with { ApprovalTimeout = TimeSpan.FromMinutes(m) } : null, "Hi.");
        var (turn, interrupt) = await AskAsync(server);
        var time = TimeSpan.FromMinutes(minutes ?? 60);
        Assert.Equal(_time.GetUtcNow() + time, interrupt.GetProperty("expiresAt").GetDateTimeOffset(), TimeSpan.FromMilliseconds(1));

        _time.Advance(time - TimeSpan.FromSeconds(1));
        Assert.Equal(1, Pauses(server));
        _time.Advance(TimeSpan.FromSeconds(2));

        await server.Agents["assistant", "t"].WhenEndedAsync(turn).WaitAsync(Patience);
        Assert.Equal("interrupted", (await server.Agents["assistant", "t"].GetMessagesAsync())[^1].GetTurnState());
        Assert.Equal((0, 0), (server.Agents.Status.LiveTurns, Pauses(server)));
        await AgentServer.JsonAsync(ResumeAsync(server, interrupt, "resolved"), HttpStatusCode.Conflict);
        await using (var givenUp = await Frames.ReadAsync(ResumeAsync(server, interrupt, "cancelled"))) Assert.Equal(["RUN_STARTED", "MESSAGES_SNAPSHOT", "RUN_FINISHED"], (await givenUp.RestAsync()).Select(Type));
        await using var next = await server.StreamAsync(Path, Input("2", "and now?"));
        Assert.Equal("success", (await next.RestAsync())[^1].Json.GetProperty("outcome").GetProperty("type").GetString());
        Assert.Equal(0, _send.Started);
    }

    [Fact]
    public async Task A_turn_that_is_ended_by_other_means_is_let_go()
    {
        await using var server = await StartAsync();
        var (turn, interrupt) = await AskAsync(server);

        await server.Agents.HaltAsync(HaltScope.Kind("assistant"), "a drill");
        await server.Agents["assistant", "t"].WhenEndedAsync(turn).WaitAsync(Patience);
        await Task.Run(async () => { while (Pauses(server) > 0) await Task.Yield(); }).WaitAsync(Patience);

        var error = await AgentServer.JsonAsync(ResumeAsync(server, interrupt, "resolved"), HttpStatusCode.Conflict);
        Assert.Equal("unknown_interrupt", error.GetProperty("code").GetString());
    }

    [Fact]
    public async Task Of_two_answers_at_once_one_is_taken_and_the_call_runs_once()
    {
        await using var server = await StartAsync(null, "Done.");
        var (_, interrupt) = await AskAsync(server);

        var answers = await Task.WhenAll(ResumeAsync(server, interrupt, "resolved"), ResumeAsync(server, interrupt, "resolved"));

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Conflict], answers.Select(answer => answer.StatusCode).Order());
        await using var stream = await Frames.ReadAsync(Task.FromResult(answers.Single(answer => answer.IsSuccessStatusCode)));
        Assert.Equal("RUN_FINISHED", Type((await stream.RestAsync())[^1]));
        Assert.Equal(1, _send.Started);
    }

    [Fact]
    public async Task A_call_that_somebody_else_allowed_goes_on_with_the_next_run()
    {
        await using var server = await StartAsync(null, "Done.");
        var (turn, interrupt) = await AskAsync(server);
        using (await server.PostAsync($"/agents/assistant/t/turns/{turn}/approvals", new { requestId = interrupt.GetProperty("id").GetString(), approved = true })) { }

        await using var stream = await Frames.ReadAsync(ResumeAsync(server, interrupt, "cancelled"));

        Assert.Equal(["RUN_STARTED", "MESSAGES_SNAPSHOT", "TOOL_CALL_RESULT"], (await stream.RestAsync()).Select(Type).Take(3));
        Assert.Equal(1, _send.Started);
    }

    [Fact]
    public async Task A_client_that_goes_while_the_rest_of_its_turn_is_shown_interrupts_it()
    {
        await using var server = await StartAsync(null, Script.Text("Done").Stall());
        var (turn, interrupt) = await AskAsync(server);

        var stream = await Frames.ReadAsync(ResumeAsync(server, interrupt, "resolved"));
        while (Type((await stream.NextAsync())!) != "TEXT_MESSAGE_CONTENT") { }
        await stream.DisposeAsync();

        await server.Agents["assistant", "t"].WhenEndedAsync(turn).WaitAsync(Patience);
        Assert.Equal("interrupted", (await server.Agents["assistant", "t"].GetMessagesAsync())[^1].GetTurnState());
    }

    [Theory, InlineData("user"), InlineData("system"), InlineData("developer")]
    public async Task A_new_message_beside_an_answer_is_refused_and_the_question_stays(string role)
    {
        await using var server = await StartAsync(null, "Done.");
        var (_, interrupt) = await AskAsync(server);

        var error = await AgentServer.JsonAsync(ResumeAsync(server, interrupt, "resolved", new { id = "2", role, content = "wait!" }), HttpStatusCode.BadRequest);

        Assert.Equal("messages", error.GetProperty("param").GetString());
        Assert.Equal(1, Pauses(server));
        await using var stream = await Frames.ReadAsync(ResumeAsync(server, interrupt, "resolved"));
        Assert.Equal("RUN_FINISHED", Type((await stream.RestAsync())[^1]));
    }

    [Fact]
    public async Task A_result_beside_an_answer_is_taken_once_its_call_is_left_to_the_client()
    {
        await using var server = await StartAsync(null, "Done.");
        var (_, interrupt) = await AskAsync(server);

        await using var stream = await Frames.ReadAsync(ResumeAsync(server, interrupt, "resolved", new { id = "2", role = "tool", toolCallId = "x", content = "18" }));

        Assert.Equal("RUN_FINISHED", Type((await stream.RestAsync())[^1]));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_run_that_waits_behind_a_turn_is_refused_when_that_turn_asks(bool hasKeepAlives)
    {
        var provider = new ScriptedProvider(Script.Text("Now. ").Stall(out var gate).Call("send", callId: "c1"), "Done.");
        await using var server = await AgentServer.StartAsync(
            provider, http => http.KeepAlive = hasKeepAlives ? TimeSpan.FromMilliseconds(10) : Timeout.InfiniteTimeSpan, a => a.WithTool(new ApprovalRequiredAIFunction(_send)));
        await using var first = await server.StreamAsync(Path, Input("1", "hello"));
        while (Type((await first.NextAsync())!) != "TEXT_MESSAGE_CONTENT") { }
        var second = server.PostAsync(Path, Input("2", "and?"));
        if (hasKeepAlives) await second.WaitAsync(Patience); // It has begun to answer.
        await Task.Run(async () => { while (server.Agents.Status.QueuedInputs < 1) await Task.Yield(); }).WaitAsync(Patience);

        gate.Open();
        var interrupt = (await first.RestAsync())[^1].Json.GetProperty("outcome").GetProperty("interrupts")[0];

        string? code, message;
        if (hasKeepAlives)
        {
            await using var refused = await Frames.ReadAsync(second);
            var frames = await refused.RestAsync();
            Assert.Equal(["RUN_STARTED", "RUN_ERROR"], frames.Select(Type));
            (code, message) = (frames[1].Text("code"), frames[1].Text("message"));
        }
        else
        {
            var error = await AgentServer.JsonAsync(second.WaitAsync(Patience), HttpStatusCode.Conflict);
            (code, message) = (error.GetProperty("code").GetString(), error.GetProperty("detail").GetString());
        }
        Assert.Equal("open_interrupt", code);
        Assert.Contains(interrupt.GetProperty("id").GetString()!, message);
        await using var stream = await Frames.ReadAsync(ResumeAsync(server, interrupt, "resolved"));
        Assert.Equal("RUN_FINISHED", Type((await stream.RestAsync())[^1]));
        Assert.Equal((2, 0), (provider.CallsStarted, server.Agents.Status.QueuedInputs));
    }

    [Fact]
    public async Task A_pause_more_than_a_tenant_may_have_ends_its_oldest()
    {
        await using var server = await AgentServer.StartAsync(
            new ScriptedProvider(Script.Call("send", callId: "c1"), Script.Call("send", callId: "c1"), Script.Call("send", callId: "c1"), "Done."),
            http => http.PerTenant = new(0, 2), a => a.WithTool(new ApprovalRequiredAIFunction(_send)));

        var oldest = await AskAsync(server, "t");
        await AskAsync(server, "t2");
        await AskAsync(server, "t3");

        await server.Agents["assistant", "t"].WhenEndedAsync(oldest.Turn).WaitAsync(Patience);
        Assert.Equal((2, "interrupted"), (Pauses(server), (await server.Agents["assistant", "t"].GetMessagesAsync())[^1].GetTurnState()));
        var error = await AgentServer.JsonAsync(ResumeAsync(server, oldest.Interrupt, "resolved"), HttpStatusCode.Conflict);
        Assert.Equal("unknown_interrupt", error.GetProperty("code").GetString());
    }

    [Theory, InlineData(60), InlineData(10_675_199)]
    public async Task A_person_may_have_longer_than_a_timer_can_wait(int days)
    {
        await using var server = await StartAsync(l => l with { ApprovalTimeout = TimeSpan.FromDays(days) }, "Done.");

        var (_, interrupt) = await AskAsync(server);

        Assert.Equal(1, Pauses(server));
        await using var stream = await Frames.ReadAsync(ResumeAsync(server, interrupt, "resolved"));
        Assert.Equal("RUN_FINISHED", Type((await stream.RestAsync())[^1]));
    }

    [Fact]
    public async Task A_question_that_cannot_be_put_ends_its_turn()
    {
        var arguments = new Dictionary<string, object?> { ["x"] = typeof(int) }; // Which no JSON can say; its pieces can.
        await using var server = await AgentServer.StartAsync(
            new ScriptedProvider(Script.Piece("c1", "send", 0, "{}").Content(new FunctionCallContent("c1", "send", arguments))), agent: a => a.WithTool(new ApprovalRequiredAIFunction(_send)));

        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await using var stream = await server.StreamAsync(Path, Input("1", "hello"));
            await stream.RestAsync();
        });

        await Task.Run(async () => { while (server.Agents.Status.LiveTurns > 0) await Task.Yield(); }).WaitAsync(Patience);
        Assert.Equal(0, Pauses(server));
    }

    private static async Task<(TurnId Turn, JsonElement Interrupt)> AskAsync(AgentServer server, string thread = "t")
    {
        await using var stream = await server.StreamAsync(Path, Input("1", "hello", thread));
        var last = (await stream.RestAsync())[^1].Json;
        return (new(stream.Response.Headers.GetValues("X-Turn-Id").Single()), Assert.Single(last.GetProperty("outcome").GetProperty("interrupts").EnumerateArray()));
    }

    private static Task<HttpResponseMessage> ResumeAsync(AgentServer server, JsonElement interrupt, string status, object? more = null) => server.PostAsync(Path, new
    {
        threadId = "t", runId = "r2", messages = new[] { new { id = "1", role = "user", content = "hello" }, more ?? new { id = "a", role = "assistant" } },
        resume = new object[] { new { interruptId = interrupt.GetProperty("id").GetString(), status, payload = new { approved = true } } },
    });

    private static object Input(string id, string prompt, string threadId = "t") => new { threadId, runId = "r", messages = new object[] { new { id, role = "user", content = prompt } } };

    private static string Type(Frame frame) => frame.Text("type");

    private static int Pauses(AgentServer server) => server.Services.GetRequiredService<AGUIPauses>().Count;
}
