using System.Net;
using ActorAgents.Testing;

namespace ActorAgents.AspNetCore.Tests.Responses;

public sealed class BackgroundTests
{
    [Fact]
    public async Task A_background_response_is_queued_runs_and_is_complete()
    {
        var provider = new ScriptedProvider(Script.Text("Once ").Stall(out var gate).Text("upon").Usage(3, 4));
        await using var server = await AgentServer.StartAsync(provider);

        var queued = await server.AskAsync("go", ("background", true), ("metadata", new { team = "a" }));
        Assert.Equal("queued", queued.Text("status"));
        await gate.ReachedAsync();
        var running = await server.RetrieveAsync(queued.Id());
        gate.Open();
        var ended = await server.EndedAsync(queued.Id());

        Assert.Equal("in_progress", running.Text("status"));
        Assert.Equal("completed", ended.Text("status"));
        Assert.Equal(["message completed: Once upon"], ended.Output());
        Assert.Equal(7, ended.GetProperty("usage").GetProperty("total_tokens").GetInt32());
        Assert.Equal("a", ended.GetProperty("metadata").Text("team"));
        Assert.True(ended.GetProperty("background").GetBoolean());
        Assert.Equal(queued.GetProperty("created_at").GetInt64(), ended.GetProperty("created_at").GetInt64());
    }

    [Fact]
    public async Task One_that_waits_for_its_agent_is_queued_and_can_be_cancelled()
    {
        var provider = new ScriptedProvider(Script.Stall(out var gate).Text("first"));
        await using var server = await AgentServer.StartAsync(provider);
        var first = await server.AskAsync("go", ("background", true), ("conversation", "ann"));
        await gate.ReachedAsync();

        var second = await server.AskAsync("go", ("background", true), ("conversation", "ann"));
        Assert.Equal("queued", (await server.RetrieveAsync(second.Id())).Text("status"));
        var cancelled = await AgentServer.JsonAsync(server.SendAsync(HttpMethod.Post, $"/v1/responses/{second.Id()}/cancel"));
        gate.Open();

        Assert.Equal("cancelled", cancelled.Text("status"));
        Assert.Equal(["message completed: first"], (await server.EndedAsync(first.Id())).Output());
    }

    [Fact]
    public async Task Cancelling_stops_the_turn_keeps_what_was_said_and_may_be_repeated()
    {
        var provider = new ScriptedProvider(Script.Text("Once ").Stall(out var gate).Text("upon"));
        await using var server = await AgentServer.StartAsync(provider);
        var asked = await server.AskAsync("go", ("background", true));
        await gate.ReachedAsync();

        for (var i = 0; i < 2; i++)
        {
            var cancelled = await AgentServer.JsonAsync(server.SendAsync(HttpMethod.Post, $"/v1/responses/{asked.Id()}/cancel"));
            Assert.Equal("cancelled", cancelled.Text("status"));
            Assert.Equal(["message incomplete: Once "], cancelled.Output());
        }
        await provider.ReleasedAsync();
    }

    [Fact]
    public async Task A_stream_that_is_read_again_is_the_same_from_any_number_on()
    {
        var provider = new ScriptedProvider(
            Script.Reason("Hm. ", "Well.").Text("Let me see. ").Call("look_up"), Script.Text("It is ", "42.").CallInPieces("get_weather", """{"city":"Riga"}""").Usage(3, 4));
        await using var server = await AgentServer.StartAsync(provider, agent: a => a.WithTool(new ScriptedTool("look_up", _ => "42")));
        await using var stream = await server.StreamResponseAsync("go", ("background", true), ("tools", Asked.Weather));
        var first = await stream.RestAsync();
        var id = first[0].Json.GetProperty("response").Id();

        for (var after = -1; after < first.Count; after++)
        {
            await using var again = await server.FollowAsync($"/v1/responses/{id}?stream=true{(after < 0 ? "" : $"&starting_after={after}")}");
            Assert.Equal(first.Skip(after + 1).Select(frame => frame.Data), (await again.RestAsync()).Select(frame => frame.Data));
        }
        Assert.Equal(Enumerable.Range(0, first.Count), first.Select(frame => frame.Json.GetProperty("sequence_number").GetInt32()));
        Assert.Equal(first[^1].Json.GetProperty("response").ToString(), (await server.RetrieveAsync(id)).ToString());
    }

    [Fact]
    public async Task A_reader_that_leaves_does_not_stop_it_and_another_follows_it_to_its_end()
    {
        var provider = new ScriptedProvider(Script.Text("Once ").Stall(out var gate).Text("upon"));
        await using var server = await AgentServer.StartAsync(provider);
        string id;
        long last;
        await using (var stream = await server.StreamResponseAsync("go", ("background", true)))
        {
            id = (await stream.NextAsync("response.created")).Json.GetProperty("response").Id();
            last = (await stream.NextAsync("response.output_text.delta")).Json.GetProperty("sequence_number").GetInt64();
        }
        await gate.ReachedAsync();

        await using var other = await server.FollowAsync($"/v1/responses/{id}?stream=true&starting_after={last}");
        gate.Open();
        var rest = await other.RestAsync();

        Assert.Equal("upon", rest[0].Text("delta"));
        Assert.Equal("response.completed", rest[^1].Event);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_000)]
    public async Task A_failed_one_is_a_response_that_failed_however_late_it_is_asked_for(int after)
    {
        var provider = new ScriptedProvider(Script.Fails(503, "Overloaded."));
        await using var server = await AgentServer.StartAsync(provider, agent: a => a.WithLimits(l => l with { Retries = 0 }));
        var asked = await server.AskAsync("go", ("background", true));
        var failed = await server.EndedAsync(asked.Id());

        await using var stream = await server.FollowAsync($"/v1/responses/{asked.Id()}?stream=true&starting_after={after}");
        var frames = await stream.RestAsync();

        Assert.Equal(("failed", "server_error"), (failed.Text("status"), failed.GetProperty("error").Text("code")));
        Assert.Contains("Overloaded.", failed.GetProperty("error").Text("message"));
        Assert.Equal(after == 0 ? ["response.in_progress", "error", "response.failed"] : [], frames.Select(frame => frame.Event));
    }

    [Fact]
    public async Task The_stream_of_one_that_waits_has_its_id_at_once_and_ends_as_cancelled()
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(Script.Stall(out var gate).Text("first")));
        await server.AskAsync("go", ("background", true), ("conversation", "ann"));
        await gate.ReachedAsync();

        await using var stream = await server.StreamResponseAsync("go", ("background", true), ("conversation", "ann"), ("metadata", new { team = "a" }));
        var id = (await stream.NextAsync("response.created")).Json.GetProperty("response").Id();
        await using var other = await server.FollowAsync($"/v1/responses/{id}?stream=true"); // Answers before there is an event.
        await server.SendAsync(HttpMethod.Post, $"/v1/responses/{id}/cancel");
        await using var late = await server.FollowAsync($"/v1/responses/{id}?stream=true");

        foreach (var frames in new[] { await stream.RestAsync(), await other.RestAsync(), await late.RestAsync() })
            Assert.Equal(("response.incomplete", "cancelled"), (frames[^1].Event, frames[^1].Json.GetProperty("response").Text("status")));
        gate.Open();
    }

    [Fact]
    public async Task Who_follows_one_that_waits_is_told_what_it_was_asked()
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(Script.Stall(out var gate).Text("first"), Script.Call("get_weather")));
        await server.AskAsync("go", ("background", true), ("conversation", "ann"));
        await gate.ReachedAsync();
        await using var stream = await server.StreamResponseAsync("go", ("background", true), ("conversation", "ann"), ("tools", Asked.Weather));
        var created = await stream.NextAsync("response.created");
        await using var other = await server.FollowAsync($"/v1/responses/{created.Json.GetProperty("response").Id()}?stream=true");
        gate.Open();

        var (first, second) = (await stream.RestAsync(), await other.RestAsync());

        Assert.Equal(first.Prepend(created).Select(frame => frame.Data), second.Select(frame => frame.Data));
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("x")]
    [InlineData("99999999999999999999")]
    public async Task A_place_that_is_none_is_refused(string after)
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider("Hi."));
        var asked = await server.AskAsync("go", ("background", true));

        var error = await Asked.ErrorAsync(server.SendAsync(HttpMethod.Get, $"/v1/responses/{asked.Id()}?stream=true&starting_after={after}"), HttpStatusCode.BadRequest);

        Assert.Equal("starting_after", error.Text("param"));
    }

    [Fact]
    public async Task One_that_was_not_in_the_background_can_be_had_but_not_streamed_again()
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(Script.Reason("Hm.").Text("Hi.").Call("get_weather", new { city = "Riga" })));
        var asked = await server.AskAsync("go", ("tools", Asked.Weather), ("instructions", "Be brief."));

        var kept = await server.RetrieveAsync(asked.Id());

        Assert.Equal(["reasoning completed: Hm.", "message completed: Hi.", "function_call completed: get_weather({\"city\":\"Riga\"})"], kept.Output());
        Assert.Equal(asked.GetProperty("output").ToString(), kept.GetProperty("output").ToString());
        Assert.Equal("Be brief.", kept.Text("instructions"));
        Assert.Equal("turn_gone", (await Asked.ErrorAsync(server.SendAsync(HttpMethod.Get, $"/v1/responses/{asked.Id()}?stream=true"), HttpStatusCode.NotFound)).Text("code"));
    }
}

internal static class Polling
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>As clients wait for a background response: by asking for it until it is over.</summary>
    public static async Task<System.Text.Json.JsonElement> EndedAsync(this AgentServer server, string id)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var response = await server.RetrieveAsync(id);
            if (response.Text("status") is not ("queued" or "in_progress")) return response;
            patience.Token.ThrowIfCancellationRequested();
        }
    }
}
