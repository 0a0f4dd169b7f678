using System.Net;
using System.Text.Json;
using ActorAgents.AspNetCore.Tests.Interop;
using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore.Tests.Responses;

/// <summary>What is kept of responses, how much of them, and how they stand later.</summary>
public sealed class KeepingTests
{
    [Fact]
    public async Task Of_the_agents_of_responses_only_so_many_are_kept_and_the_longest_unused_goes()
    {
        await using var server = await AgentServer.StartAsync(ScriptedProvider.Always("Hi."), http => http.MaxResponseAgents = 2);
        var (first, second) = (await server.AskAsync("a"), await server.AskAsync("b"));
        var later = await server.AskAsync("a again", ("previous_response_id", first.Id()));
        await server.AskAsync("named", ("conversation", "ann"));

        var third = await server.AskAsync("c");

        foreach (var kept in new[] { first, later, third }) await server.RetrieveAsync(kept.Id());
        await Asked.ErrorAsync(server.SendAsync(HttpMethod.Get, $"/v1/responses/{second.Id()}"), HttpStatusCode.NotFound);
        Assert.Equal(2, (await server.Agents["assistant", "ann"].GetMessagesAsync()).Count);
    }

    [Fact]
    public async Task One_that_is_busy_is_not_forgotten()
    {
        var gate = new Gate();
        await using var server = await AgentServer.StartAsync(
            new ScriptedProvider(request => request.Prompt == "slow" ? Script.Stall(gate).Text("Hi.") : Script.Text("Hi.")), http => http.MaxResponseAgents = 1);
        var slow = await server.AskAsync("slow", ("background", true));
        await gate.ReachedAsync();
        for (var i = 0; i < 5; i++) await server.AskAsync("b");
        gate.Open();

        Assert.Equal("completed", (await server.EndedAsync(slow.Id())).Text("status"));
        for (var i = 0; i < 5; i++) await server.AskAsync("c");
        await Asked.ErrorAsync(server.SendAsync(HttpMethod.Get, $"/v1/responses/{slow.Id()}"), HttpStatusCode.NotFound);
        await server.AgentsLeftAsync(1);
    }

    [Fact]
    public async Task Requests_that_are_refused_push_nobody_out()
    {
        await using var server = await AgentServer.StartAsync(ScriptedProvider.Always("Hi."), http => http.MaxResponseAgents = 2);
        var first = await server.AskAsync("a");
        await server.Agents.HaltAsync(HaltScope.Kind("assistant"), "a drill");
        for (var i = 0; i < 5; i++) await server.RefusedAsync(HttpStatusCode.ServiceUnavailable, "b");

        await server.RetrieveAsync(first.Id());
        await server.AgentsLeftAsync(1);
    }

    [Fact]
    public async Task One_that_was_deleted_does_not_count()
    {
        await using var server = await AgentServer.StartAsync(ScriptedProvider.Always("Hi."), http => http.MaxResponseAgents = 2);
        var first = await server.AskAsync("a");
        await server.SendAsync(HttpMethod.Delete, $"/v1/responses/{(await server.AskAsync("b")).Id()}");
        var third = await server.AskAsync("c");

        foreach (var kept in new[] { first, third }) await server.RetrieveAsync(kept.Id());
    }

    [Fact]
    public async Task What_a_request_sets_counts_as_its_input_where_it_is_kept()
    {
        await using var server = await AgentServer.StartAsync(ScriptedProvider.Always("Hi."), agent: a => a.WithLimits(l => l with { MaxInputChars = 2_000 }));
        var metadata = ("metadata", (object?)new { note = new string('x', 2_000) });

        var error = await server.RefusedAsync(HttpStatusCode.BadRequest, "go", metadata);

        Assert.Equal("invalid_input", error.Text("code"));
        await server.AskAsync("go", metadata, ("store", false));
        await server.AskAsync("go");
    }

    [Fact]
    public async Task A_response_that_is_larger_than_a_log_may_be_comes_to_its_end_by_being_asked_for()
    {
        const int size = 16 << 10, count = 300;
        var provider = ScriptedProvider.Always(Script.Text(Enumerable.Repeat(new string('x', size), count)));
        await using var server = await AgentServer.StartAsync(provider, agent: a => a.WithLimits(l => l with { MaxTextChars = size * count }));
        var asked = await server.AskAsync("go", ("background", true));

        var ended = await server.EndedAsync(asked.Id());

        Assert.Equal($"message completed: {new string('x', size * count)}", Assert.Single(ended.Output()));
    }

    [Fact]
    public async Task A_running_response_has_what_was_said_so_far()
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(Script.Text("Once ").Stall(out var gate).Text("upon")));
        var asked = await server.AskAsync("go", ("background", true));
        await gate.ReachedAsync();

        Assert.Equal(["message in_progress: Once "], (await server.RetrieveAsync(asked.Id())).Output());
        gate.Open();
    }

    [Fact]
    public async Task One_whose_conversation_was_forgotten_is_gone()
    {
        await using var server = await AgentServer.StartAsync(ScriptedProvider.Always("Hi."));
        var asked = await server.AskAsync("go", ("background", true), ("conversation", "ann"));
        await server.EndedAsync(asked.Id());
        await server.SendAsync(HttpMethod.Delete, "/agents/assistant/ann/messages");

        foreach (var query in new[] { "", "?stream=true" })
            await Asked.ErrorAsync(server.SendAsync(HttpMethod.Get, $"/v1/responses/{asked.Id()}{query}"), HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("done", "completed")]
    [InlineData("length", "incomplete")]
    [InlineData("filter", "incomplete")]
    [InlineData("text limit", "incomplete")]
    [InlineData("stop", "cancelled")]
    [InlineData("silence", "failed")]
    [InlineData("rate", "failed")]
    [InlineData("calls", "completed")]
    public async Task A_response_stands_as_it_did_when_its_events_are_gone(string how, string status)
    {
        var gate = new Gate();
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(request => request.Prompt switch
        {
            "length" => Script.Text("A").Finish(ChatFinishReason.Length),
            "filter" => Script.Text("A").Finish(ChatFinishReason.ContentFilter),
            "text limit" => Script.Text("A long text."),
            "stop" => Script.Text("A").Stall(gate),
            "silence" => Script.Text("A").Stall(),
            "rate" => Script.RateLimited(TimeSpan.FromSeconds(1)),
            "calls" => Script.Text("A").Call("get_weather", new { city = "Riga" }),
            _ => Script.Text("A"),
        }), agent: a => a.WithLimits(l => l with { MaxTextChars = 8, Retries = 0, IdleTimeout = TimeSpan.FromMilliseconds(how == "silence" ? 10 : 30_000) }));
        var asked = await server.AskAsync(how, ("background", true), ("conversation", "ann"), ("tools", Asked.Weather));
        if (how == "stop")
        {
            await gate.ReachedAsync();
            await server.SendAsync(HttpMethod.Post, $"/v1/responses/{asked.Id()}/cancel");
        }
        var before = await server.EndedAsync(asked.Id());

        for (var i = 0; i < 4; i++) await server.EndedAsync((await server.AskAsync("more", ("background", true), ("conversation", "ann"))).Id());
        await Asked.ErrorAsync(server.SendAsync(HttpMethod.Get, $"/v1/responses/{asked.Id()}?stream=true"), HttpStatusCode.NotFound);
        var after = await server.RetrieveAsync(asked.Id());

        Assert.Equal(status, before.Text("status"));
        Assert.Equal(before.Output(), after.Output());
        foreach (var name in new[] { "status", "incomplete_details" }) Assert.Equal(before.GetProperty(name).ToString(), after.GetProperty(name).ToString());
        if (status == "failed") Assert.Equal(before.GetProperty("error").Text("code"), after.GetProperty("error").Text("code"));
    }

    [Fact]
    public async Task A_response_is_not_deleted_while_another_waits_for_its_agent()
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(Script.Stall(out var gate).Text("first"), "second"));
        var first = await server.AskAsync("go", ("background", true));
        await gate.ReachedAsync();
        var second = await server.AskAsync("go", ("background", true), ("previous_response_id", first.Id()));

        await Asked.ErrorAsync(server.SendAsync(HttpMethod.Delete, $"/v1/responses/{first.Id()}"), HttpStatusCode.BadRequest);
        gate.Open();

        Assert.Equal(["message completed: first"], (await server.EndedAsync(first.Id())).Output());
        Assert.Equal(["message completed: second"], (await server.EndedAsync(second.Id())).Output());
    }

    [Fact]
    public async Task A_call_that_needs_an_approval_is_refused_in_a_conversation_too()
    {
        var tool = new ScriptedTool("send");
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(Script.Call("send"), "Not sent."), agent: a => a.WithTool(new ApprovalRequiredAIFunction(tool)));

        var response = await server.AskAsync("go", ("conversation", "ann"));

        Assert.Equal(["message completed: Not sent."], response.Output());
    }

    [Fact]
    public async Task A_conversation_keeps_what_is_said_in_it()
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider());

        var error = await server.RefusedAsync(HttpStatusCode.BadRequest, "go", ("conversation", "ann"), ("store", false));

        Assert.Equal("store", error.Text("param"));
    }

    [Fact]
    public async Task Only_agents_that_responses_made_are_forgotten_whatever_others_are_named()
    {
        await using var server = await AgentServer.StartAsync(ScriptedProvider.Always("Hi."), http => http.KeepResponses = TimeSpan.FromMilliseconds(50));
        string[] named = ["resp-team", $"resp-{new string('a', 32)}"];
        foreach (var name in named)
        {
            var first = await server.AskAsync("go", ("conversation", name));
            if (name == "resp-team") await server.AskAsync("go", ("previous_response_id", first.Id()));
        }
        await server.AskAsync("go");

        await server.AgentsLeftAsync(named.Length);

        foreach (var name in named) Assert.NotEmpty(await server.Agents["assistant", name].GetMessagesAsync());
    }

    [Fact]
    public async Task A_stopped_answer_that_is_not_streamed_is_a_response_that_was_cancelled()
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(Script.Text("Once ").Stall(out var gate)));
        var asking = server.AskAsync("go", ("conversation", "ann"));
        await gate.ReachedAsync();
        await StopAsync(server, "ann");

        var response = await asking;

        Assert.Equal("cancelled", response.Text("status"));
        Assert.Equal(["message incomplete: Once "], response.Output());
    }

    [Fact]
    public async Task A_streamed_answer_that_was_stopped_before_it_said_anything_is_one_too()
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(Script.Stall(out var gate)));
        var asking = server.StreamResponseAsync("go", ("conversation", "ann"));
        await gate.ReachedAsync();
        await StopAsync(server, "ann");

        await using var stream = await asking;

        Assert.Equal("cancelled", (await stream.RestAsync())[^1].Json.GetProperty("response").Text("status"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_answer_that_grew_too_long_is_incomplete_either_way(bool streams)
    {
        await using var server = await AgentServer.StartAsync(ScriptedProvider.Always(Script.Text("A long text.")), agent: a => a.WithLimits(l => l with { MaxTextChars = 8 }));

        var response = await server.AnswerAsync(streams);

        Assert.Equal(("incomplete", "max_output_tokens"), (response.Text("status"), response.GetProperty("incomplete_details").Text("reason")));
    }

    private static async Task StopAsync(AgentServer server, string key)
    {
        var agent = server.Agents["assistant", key];
        Assert.True(await agent.InterruptAsync((await agent.GetMessagesAsync())[^1].GetTurn()!.Value));
    }
}
