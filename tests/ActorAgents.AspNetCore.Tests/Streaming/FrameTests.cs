using System.Net;
using System.Text.Json;
using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore.Tests.Streaming;

public sealed class FrameTests
{
    private const string Turns = "/agents/assistant/1/turns";
    internal const string Odd = "a\rb\nc\r\nd\n\ne\u0085f\u2028g\u2029h\0i\tj\"k\\l<m>&'\u0001\u007F\uFEFF zażółć 😀 data: x\n\nevent: completed\n";

    private static Task<AgentServer> StartAsync(params ChatScript[] scripts) => AgentServer.StartAsync(new ScriptedProvider(scripts));

    [Fact]
    public async Task Text_with_anything_in_it_comes_as_it_is_by_every_wire()
    {
        await using var server = await StartAsync(Script.Text(Odd, Odd), Script.Text(Odd, Odd), Script.Text(Odd));

        await using var native = await server.StreamAsync(Turns, new { input = "hello" });
        Assert.Equal([Odd, Odd], (await native.RestAsync()).Where(frame => frame.Event == "text").Select(frame => frame.Text("text")));
        await using var completion = await server.StreamAsync("/v1/chat/completions", new { model = "assistant", stream = true, messages = new[] { new { role = "user", content = "hello" } } });
        Assert.Equal(Odd + Odd, string.Concat((await completion.RestAsync())[..^2].Select(frame => frame.Json.GetProperty("choices")[0].GetProperty("delta").GetProperty("content").GetString())));
        await using var plain = await server.FollowAsync("/chat?prompt=hello");
        Assert.Equal(Odd.Replace("\r\n", "\n").Replace('\r', '\n'), string.Concat((await plain.RestAsync())[..^1].Select(frame => frame.Data)));
    }

    [Fact]
    public async Task A_line_break_that_comes_in_two_pieces_is_one_in_plain_chat()
    {
        await using var server = await StartAsync(Script.Text("one\r", "\ntwo\r", "\r", "\n", "three\r", "four"));

        await using var stream = await server.FollowAsync("/chat?prompt=hello");

        Assert.Equal("one\ntwo\n\nthree\nfour", string.Concat((await stream.RestAsync())[..^1].Select(frame => frame.Data)));
    }

    [Fact]
    public async Task Readers_of_one_detached_turn_get_the_same_frames_and_each_place_leads_to_exactly_the_rest()
    {
        await using var server = await AgentServer.StartAsync(agents => agents
            .AddProvider("default", new ScriptedProvider(Script.Reason("Hm.").Text("Let me ", "look. ").Call("look"), Script.Text("Done", ".").YieldBetween()))
            .AddTool("look", new ScriptedTool("look")).AddAgent("assistant", a => a.WithTool("look")));
        await using var first = await server.StreamAsync(Turns, new { input = "hello", turnId = "t1", mode = "detached" });
        await using var second = await server.FollowAsync($"{Turns}/t1/events");

        var frames = await first.RestAsync();

        Assert.Equal("completed", frames[^1].Event);
        Assert.Equal(frames, await second.RestAsync());
        for (var at = 0; at < frames.Count - 1; at++)
        {
            await using var byHeader = await server.FollowAsync($"{Turns}/t1/events", ("Last-Event-ID", frames[at].Id!));
            Assert.Equal(frames[(at + 1)..], await byHeader.RestAsync());
            await using var byQuery = await server.FollowAsync($"{Turns}/t1/events?after={frames[at].Id}");
            Assert.Equal(frames[(at + 1)..], await byQuery.RestAsync());
        }
        using var over = await server.SendAsync(HttpMethod.Get, $"{Turns}/t1/events", null, ("Last-Event-ID", frames[^1].Id!));
        Assert.Equal((HttpStatusCode.NoContent, 0), (over.StatusCode, (await over.Content.ReadAsByteArrayAsync()).Length));
    }

    [Fact]
    public async Task Arguments_with_half_a_surrogate_pair_neither_break_the_stream_nor_the_conversation()
    {
        var arguments = JsonDocument.Parse("""{"city":{"name":"\ud83dRiga \ud83d\ude00","\udE00":1}}""").RootElement.GetProperty("city");
        await using var server = await AgentServer.StartAsync(agents => agents
            .AddProvider("default", new ScriptedProvider(Script.Content(new FunctionCallContent("c1", "look", new Dictionary<string, object?> { ["city"] = arguments })), Script.Text("Done.")))
            .AddTool("look", new ScriptedTool("look")).AddAgent("assistant", a => a.WithTool("look")));

        await using var stream = await server.StreamAsync(Turns, new { input = "hello" });
        var started = await stream.NextAsync("tool-started");
        await stream.NextAsync("completed");
        var messages = await AgentServer.JsonAsync(server.SendAsync(HttpMethod.Get, "/agents/assistant/1/messages"));

        Assert.Equal("\uFFFDRiga 😀", started.Json.GetProperty("arguments").GetProperty("city").GetProperty("name").GetString());
        Assert.Contains("\uFFFDRiga", messages.ToString());
    }

    [Fact]
    public async Task A_stream_that_cannot_go_on_is_cut_and_not_ended()
    {
        var provider = new ScriptedProvider(
            Script.Text("Once ").Stall(out var gate).Content(new FunctionCallContent("c1", "look", new Dictionary<string, object?> { ["x"] = typeof(string) })), Script.Text("Hi."));
        await using var server = await AgentServer.StartAsync(agents => agents.AddProvider("default", provider)
            .AddTool("look", new ScriptedTool("look")).AddAgent("assistant", a => a.WithTool("look")));
        await using var stream = await server.StreamAsync(Turns, new { input = "hello", turnId = "t1" });
        await stream.NextAsync("text");
        gate.Open();

        await Assert.ThrowsAnyAsync<IOException>(() => stream.RestAsync());

        await server.Agents["assistant", "1"].WhenEndedAsync(new TurnId("t1")).WaitAsync(TimeSpan.FromSeconds(30));
        await provider.ReleasedAsync();
        Assert.Equal(0, server.Agents.Status.LiveTurns);
        using var messages = await server.SendAsync(HttpMethod.Get, "/agents/assistant/1/messages");
        Assert.Equal(HttpStatusCode.InternalServerError, messages.StatusCode);
        Assert.Equal("internal_error", JsonDocument.Parse(await messages.Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetString());
        await AgentServer.JsonAsync(server.PostAsync("/agents/assistant/2/turns", new { input = "hello" }));
    }
}
