using System.Net;
using ActorAgents.AspNetCore.Tests.Security;
using ActorAgents.Testing;

namespace ActorAgents.AspNetCore.Tests.Responses;

public sealed class ConversationTests
{
    private readonly ScriptedProvider _provider = new(request => Script.Text($"re {request.Prompt}"));

    [Fact]
    public async Task A_response_that_names_the_newest_is_the_same_agents_next_turn()
    {
        await using var server = await AgentServer.StartAsync(_provider);

        var first = await server.AskAsync("one");
        var second = await server.AskAsync("two", ("previous_response_id", first.Id()));
        await server.AskAsync("three", ("previous_response_id", second.Id()));

        Assert.Equal(["user: one", "assistant: re one", "user: two", "assistant: re two", "user: three"], _provider.Requests[2].Lines());
        Assert.Equal(first.Id(), second.Text("previous_response_id"));
        Assert.Equal(1, server.Agents.Status.Agents);
    }

    [Fact]
    public async Task A_response_that_names_an_older_one_goes_on_from_there_and_leaves_the_other_branch_alone()
    {
        await using var server = await AgentServer.StartAsync(_provider);
        var first = await server.AskAsync("one");
        var left = await server.AskAsync("left", ("previous_response_id", first.Id()));

        var right = await server.AskAsync("right", ("previous_response_id", first.Id()));
        await server.AskAsync("more right", ("previous_response_id", right.Id()));
        await server.AskAsync("more left", ("previous_response_id", left.Id()));

        Assert.Equal(["user: one", "assistant: re one", "user: right"], _provider.Requests[2].Lines());
        Assert.Equal(["user: one", "assistant: re one", "user: right", "assistant: re right", "user: more right"], _provider.Requests[3].Lines());
        Assert.Equal(["user: one", "assistant: re one", "user: left", "assistant: re left", "user: more left"], _provider.Requests[4].Lines());
        Assert.Equal(["message completed: re right"], (await server.RetrieveAsync(right.Id())).Output());
    }

    [Theory]
    [InlineData("attached")]
    [InlineData("background")]
    public async Task Of_several_that_go_on_from_one_at_once_none_sees_another(string mode)
    {
        await using var server = await AgentServer.StartAsync(_provider);
        var first = await server.AskAsync("one");

        var asked = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => server.AskAsync($"branch {i}", ("previous_response_id", first.Id()), ("background", mode == "background"))));
        foreach (var response in asked) await server.EndedAsync(response.Id());

        Assert.Equal(6, asked.Select(response => response.Id()).Distinct().Count());
        Assert.All(_provider.Requests.Skip(1), request => Assert.Equal(["user: one", "assistant: re one", $"user: {request.Prompt}"], request.Lines()));
    }

    [Fact]
    public async Task A_named_conversation_is_the_agent_of_that_key()
    {
        await using var server = await AgentServer.StartAsync(_provider);

        await server.AskAsync("one", ("conversation", "ann"));
        var second = await server.AskAsync("two", ("conversation", new { id = "ann" }));

        Assert.Equal("ann", second.GetProperty("conversation").Text("id"));
        Assert.Equal(4, (await server.Agents["assistant", "ann"].GetMessagesAsync()).Count);
        var error = await server.RefusedAsync(HttpStatusCode.BadRequest, "three", ("conversation", "ann"), ("previous_response_id", second.Id()));
        Assert.Equal("previous_response_id", error.Text("param"));
    }

    [Fact]
    public async Task What_is_not_stored_is_answered_from_the_former_and_leaves_nothing()
    {
        await using var server = await AgentServer.StartAsync(_provider);
        var first = await server.AskAsync("one");

        var second = await server.AskAsync("two", ("previous_response_id", first.Id()), ("store", false));

        Assert.Equal(["user: one", "assistant: re one", "user: two"], _provider.Requests[1].Lines());
        await Asked.ErrorAsync(server.SendAsync(HttpMethod.Get, $"/v1/responses/{second.Id()}"), HttpStatusCode.NotFound);
        Assert.Equal(2, (await server.Agents["assistant", KeyOf(first)].GetMessagesAsync()).Count);
        Assert.Equal("invalid_request", (await server.RefusedAsync(HttpStatusCode.BadRequest, "x", ("store", false), ("background", true))).Text("code"));
    }

    [Fact]
    public async Task Another_kind_goes_on_with_an_agent_of_its_own()
    {
        await using var server = await AgentServer.StartAsync(agents => agents.AddProvider("default", _provider).AddAgent("assistant").AddAgent("writer"));
        var first = await server.AskAsync("one");

        var second = await server.AskAsync("two", ("previous_response_id", first.Id()), ("model", "writer"));

        Assert.Equal("writer", second.Text("model"));
        Assert.Equal(["user: one", "assistant: re one", "user: two"], _provider.Requests[1].Lines());
        Assert.Equal(["message completed: re two"], (await server.RetrieveAsync(second.Id())).Output());
    }

    [Theory]
    [InlineData("resp_no-such-thing")]
    [InlineData("resp_")]
    [InlineData("msg_1")]
    [InlineData("resp_YXNzaXN0YW50CnR1cm4")] // assistant, turn
    [InlineData("resp_YXNzaXN0YW50CnR1cm4=")]
    [InlineData("resp_bm9ib2R5CnR1cm4")] // nobody, turn
    public async Task What_there_is_not_cannot_be_gone_on_from(string id)
    {
        await using var server = await AgentServer.StartAsync(_provider);

        var error = (await server.PostAsync("/v1/responses", Asked.Body("one", ("previous_response_id", id))));
        Assert.Contains(error.StatusCode, new[] { HttpStatusCode.BadRequest, HttpStatusCode.NotFound });
        await Asked.ErrorAsync(server.SendAsync(HttpMethod.Get, $"/v1/responses/{id}"), HttpStatusCode.NotFound);
        await Asked.ErrorAsync(server.SendAsync(HttpMethod.Get, $"/v1/responses/{id}?stream=true"), HttpStatusCode.NotFound);
        await Asked.ErrorAsync(server.SendAsync(HttpMethod.Post, $"/v1/responses/{id}/cancel"), HttpStatusCode.NotFound);
        await Asked.ErrorAsync(server.SendAsync(HttpMethod.Delete, $"/v1/responses/{id}"), HttpStatusCode.NotFound);
        Assert.Equal(0, server.Agents.Status.Agents);
    }

    [Fact]
    public async Task A_response_is_its_tenants_alone()
    {
        await using var server = await KeyedServer.StartAsync(_provider);
        var answer = await AgentServer.JsonAsync(server.PostAsync("/v1/responses", Asked.Body("one"), KeyedServer.As("a-chat")));

        await Asked.ErrorAsync(server.SendAsync(HttpMethod.Get, $"/v1/responses/{answer.Id()}", null, KeyedServer.As("b-chat")), HttpStatusCode.NotFound);
        var error = await Asked.ErrorAsync(server.PostAsync("/v1/responses", Asked.Body("two", ("previous_response_id", answer.Id())), KeyedServer.As("b-chat")), HttpStatusCode.BadRequest);

        Assert.Equal("previous_response_not_found", error.Text("code"));
    }

    [Fact]
    public async Task Only_a_response_that_stands_alone_can_be_deleted()
    {
        await using var server = await AgentServer.StartAsync(_provider);
        var (alone, first) = (await server.AskAsync("alone"), await server.AskAsync("one"));
        await server.AskAsync("two", ("previous_response_id", first.Id()));

        var deleted = await AgentServer.JsonAsync(server.SendAsync(HttpMethod.Delete, $"/v1/responses/{alone.Id()}"));

        Assert.True(deleted.GetProperty("deleted").GetBoolean());
        await Asked.ErrorAsync(server.SendAsync(HttpMethod.Get, $"/v1/responses/{alone.Id()}"), HttpStatusCode.NotFound);
        await Asked.ErrorAsync(server.SendAsync(HttpMethod.Delete, $"/v1/responses/{first.Id()}"), HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task One_can_go_on_from_a_response_that_still_waits()
    {
        var provider = new ScriptedProvider(Script.Stall(out var gate).Text("1"), "2", "3");
        await using var server = await AgentServer.StartAsync(provider);
        var first = await server.AskAsync("one", ("background", true));
        await gate.ReachedAsync();
        var second = await server.AskAsync("two", ("background", true), ("previous_response_id", first.Id()));

        var third = await server.AskAsync("three", ("background", true), ("previous_response_id", second.Id()));
        gate.Open();

        Assert.Equal(["message completed: 3"], (await server.EndedAsync(third.Id())).Output());
        Assert.Equal(["user: one", "assistant: 1", "user: two", "assistant: 2", "user: three"], provider.Requests[2].Lines());
    }

    [Fact]
    public async Task A_branch_looks_back_as_far_as_its_agent_would_and_no_history_counts_as_input()
    {
        var provider = new ScriptedProvider(request => Script.Text(new string('x', 1_500)));
        await using var server = await AgentServer.StartAsync(provider, agent: a => a.WithLimits(l => l with { HistoryTurns = 2, MaxInputChars = 2_000 }));
        var first = await server.AskAsync("one");
        var second = await server.AskAsync("two", ("previous_response_id", first.Id()));
        var third = await server.AskAsync("three", ("previous_response_id", second.Id()));
        await server.AskAsync("four", ("previous_response_id", third.Id()));

        await server.AskAsync("branch", ("previous_response_id", third.Id()));

        Assert.Equal(["two", "three", "branch"], provider.Requests[4].Messages.Where(message => message.Role == Microsoft.Extensions.AI.ChatRole.User).Select(message => message.Text));
    }

    [Fact]
    public async Task Responses_of_one_conversation_follow_each_other_whatever_its_agent_does_with_input_when_busy()
    {
        var provider = new ScriptedProvider(Script.Stall(out var gate).Call("look_up"), "first", "second");
        await using var server = await AgentServer.StartAsync(provider, agent: a => a.OnBusy(BusyPolicy.Steer).WithTool(new ScriptedTool("look_up")));
        var first = await server.AskAsync("one", ("background", true), ("conversation", "ann"));
        await gate.ReachedAsync();

        var second = await server.AskAsync("two", ("background", true), ("conversation", "ann"));
        gate.Open();

        Assert.Equal(["message completed: first"], (await server.EndedAsync(first.Id())).Output());
        Assert.Equal(["message completed: second"], (await server.EndedAsync(second.Id())).Output());
    }

    [Fact]
    public async Task An_id_that_is_longer_than_any_is_none_and_is_not_told_again()
    {
        await using var server = await AgentServer.StartAsync(_provider);
        var id = "resp_" + new string('A', 5_000);

        var error = await server.RefusedAsync(HttpStatusCode.BadRequest, "one", ("previous_response_id", id));
        var unknown = await Asked.ErrorAsync(server.SendAsync(HttpMethod.Get, $"/v1/responses/{id}"), HttpStatusCode.NotFound);

        Assert.Equal("previous_response_not_found", error.Text("code"));
        foreach (var message in new[] { error, unknown }.Select(refused => refused.Text("message"))) Assert.InRange(message.Length, 1, 200);
    }

    [Fact]
    public async Task The_longest_id_there_can_be_is_one()
    {
        await using var server = await AgentServer.StartAsync(agents => agents.AddProvider("default", _provider).AddAgent("assistant").AddAgent(new string('k', 64)));
        var key = new string('€', 256);

        var first = await server.AskAsync("one", ("model", new string('k', 64)), ("conversation", key));

        await server.RetrieveAsync(first.Id());
    }

    private static string KeyOf(System.Text.Json.JsonElement response) => ResponseId.Parse(response.Id())!.Value.Key;
}
