using System.Net;
using ActorAgents.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore.Tests.Native;

public sealed class TurnTests
{
    private static readonly object Hello = new { input = "hello" };

    [Fact]
    public async Task An_attached_turn_streams_its_events_with_their_places()
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(Script.Text("Once ", "upon\na time").Usage(3, 4)));

        await using var stream = await server.StreamAsync("/agents/assistant/1/turns", new { input = "hello", turnId = "t1" });
        var frames = await stream.RestAsync();

        Assert.Equal(["started", "text", "text", "step", "completed"], frames.Select(frame => frame.Event));
        Assert.Equal(["t1:1:1", "t1:1:2", "t1:1:3", "t1:1:4", "t1:1:5"], frames.Select(frame => frame.Id));
        Assert.Equal("upon\na time", frames[2].Text("text"));
        Assert.Equal("Once upon\na time", frames[4].Text("text"));
        Assert.Equal("stop", frames[4].Text("finishReason"));
        Assert.Equal(7, frames[4].Json.GetProperty("usage").GetProperty("totalTokens").GetInt32());
        Assert.Equal("no-cache", stream.Response.Headers.CacheControl?.ToString());
        Assert.Equal("t1", Assert.Single(stream.Response.Headers.GetValues("X-Turn-Id")));
    }

    [Fact]
    public async Task Without_asking_for_events_an_attached_turn_is_answered_as_a_whole()
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(Script.Text("Once ", "upon")));

        var answer = await AgentServer.JsonAsync(server.PostAsync("/agents/assistant/1/turns", new { input = "hello", turnId = "t1" }));

        Assert.Equal(("t1", "Once upon"), (answer.GetProperty("turn").GetString(), answer.GetProperty("text").GetString()));
    }

    [Fact]
    public async Task A_client_that_leaves_an_attached_turn_interrupts_it_and_its_provider()
    {
        var provider = new ScriptedProvider(Script.Text("Once ").Stall(out var gate));
        await using var server = await AgentServer.StartAsync(provider);
        var stream = await server.StreamAsync("/agents/assistant/1/turns", Hello);
        await stream.NextAsync("text");
        await gate.ReachedAsync();

        await stream.DisposeAsync();

        await provider.ReleasedAsync();
        var kept = (await server.Agents["assistant", "1"].GetMessagesAsync()).Last();
        Assert.Equal(("Once ", "interrupted"), (kept.Text, kept.AdditionalProperties!["actoragents.state"]));
    }

    [Fact]
    public async Task A_detached_turn_goes_on_without_readers_and_each_reader_resumes_where_it_was()
    {
        var provider = new ScriptedProvider(Script.Text("Once ", "upon ").Stall(out var gate).Text("a time"));
        await using var server = await AgentServer.StartAsync(provider);
        var started = await AgentServer.JsonAsync(server.PostAsync("/agents/assistant/1/turns", new { input = "hello", mode = "detached" }), HttpStatusCode.Accepted);
        var path = started.GetProperty("events").GetString()!;

        Frame seen;
        await using (var first = await server.FollowAsync(path))
        {
            Assert.Equal("Once ", (await first.NextAsync("text")).Text("text"));
            seen = await first.NextAsync("text");
        }
        gate.Release();
        await using var second = await server.FollowAsync(path, ("Last-Event-ID", seen.Id!));
        var rest = await second.RestAsync();

        Assert.Equal(["text", "step", "completed"], rest.Select(frame => frame.Event));
        Assert.Equal("Once upon a time", rest[^1].Text("text"));
        using var over = await server.SendAsync(HttpMethod.Get, path, null, ("Last-Event-ID", rest[^1].Id!));
        Assert.Equal(HttpStatusCode.NoContent, over.StatusCode);
    }

    [Fact]
    public async Task Who_follows_a_turn_that_ended_badly_is_told_how_by_an_event()
    {
        var provider = new ScriptedProvider(Script.Text("Once ").Stall());
        await using var server = await AgentServer.StartAsync(provider);
        var started = await AgentServer.JsonAsync(server.PostAsync("/agents/assistant/1/turns", new { input = "hello", mode = "detached", turnId = "t1" }), HttpStatusCode.Accepted);
        var path = started.GetProperty("events").GetString()!;
        Frame seen;
        await using (var first = await server.FollowAsync(path)) seen = await first.NextAsync("text");
        await AgentServer.JsonAsync(server.SendAsync(HttpMethod.Delete, "/agents/assistant/1/turns/t1"));

        await using var again = await server.FollowAsync(path, ("Last-Event-ID", seen.Id!));

        Assert.Equal("Once ", (await again.NextAsync("interrupted")).Text("partial"));
    }

    [Fact]
    public async Task Who_follows_a_silent_turn_as_the_server_stops_may_come_again()
    {
        var stopped = await AgentRuntime.StartAsync(agents => agents.AddProvider("default", new ScriptedProvider()).AddAgent("assistant"));
        await stopped.DisposeAsync();
        await using var server = await AgentServer.StartAsync(
            agents => agents.AddProvider("default", new ScriptedProvider()).AddAgent("assistant"), map: app => app.Map("/silent", http => EventStream.RespondAsync(http, NoneAsync(), new NativeFormat(isFollowed: true))));

        using var answer = await server.SendAsync(HttpMethod.Get, "/silent");

        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Equal(": stopping\n\n", await answer.Content.ReadAsStringAsync());

        async IAsyncEnumerable<TurnEvent> NoneAsync()
        {
            await stopped.Agents["assistant", "1"].GetMessagesAsync();
            yield break;
        }
    }

    [Fact]
    public async Task Interrupting_by_id_answers_the_partial_and_ends_the_readers_stream()
    {
        var provider = new ScriptedProvider(Script.Text("Once ").Stall(out var gate));
        await using var server = await AgentServer.StartAsync(provider);
        await using var stream = await server.StreamAsync("/agents/assistant/1/turns", new { input = "hello", turnId = "t1" });
        await stream.NextAsync("text");
        await gate.ReachedAsync();

        var answer = await AgentServer.JsonAsync(server.SendAsync(HttpMethod.Delete, "/agents/assistant/1/turns/t1"));

        Assert.True(answer.GetProperty("interrupted").GetBoolean());
        Assert.Equal(("Once ", "interrupted"), (answer.GetProperty("partial").GetString(), answer.GetProperty("state").GetString()));
        var end = await stream.NextAsync("interrupted");
        Assert.Equal(("Once ", "user"), (end.Text("partial"), end.Text("reason")));
    }

    [Fact]
    public async Task A_call_that_waits_for_approval_is_answered_once()
    {
        var sent = new ScriptedTool("send", _ => "sent");
        await using var server = await AgentServer.StartAsync(agents => agents
            .AddProvider("default", new ScriptedProvider(Script.Call("send"), Script.Text("Done.")))
            .AddTool("send", new ApprovalRequiredAIFunction(sent))
            .AddAgent("assistant", a => a.WithTool("send")));
        await using var stream = await server.StreamAsync("/agents/assistant/1/turns", new { input = "hello", turnId = "t1" });
        var request = (await stream.NextAsync("approval")).Text("requestId");
        var answer = new { requestId = request, approved = true };

        await AgentServer.JsonAsync(server.PostAsync("/agents/assistant/1/turns/t1/approvals", new { requestId = "other", approved = true }), HttpStatusCode.NotFound);
        await AgentServer.JsonAsync(server.PostAsync("/agents/assistant/1/turns/t1/approvals", answer), HttpStatusCode.NoContent);

        var rest = await stream.RestAsync();
        Assert.Contains("tool-finished", rest.Select(frame => frame.Event));
        Assert.Equal("Done.", rest[^1].Text("text"));
        Assert.Single(sent.Calls);
    }

    [Fact]
    public async Task A_files_address_goes_out_as_it_came_escaped_in_events_and_messages()
    {
        const string url = "https://example.com/a%20b%2Fc?d=%26e";
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(Script.Content(new UriContent(new Uri(url), "image/png"))));

        await using var stream = await server.StreamAsync("/agents/assistant/ann/turns", new { input = "hello" });
        var frame = await stream.NextAsync("content");
        await stream.RestAsync();
        using var messages = await server.SendAsync(HttpMethod.Get, "/agents/assistant/ann/messages");

        Assert.Equal(url, frame.Text("uri"));
        Assert.Contains($"\"uri\":\"{url}\"", await messages.Content.ReadAsStringAsync());
    }
}
