using System.Text;
using ActorAgents.AspNetCore.Tests.Streaming;
using ActorAgents.Providers.Tests.Interop;
using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore.Tests.UIMessages;

public sealed class UIMessageTests
{
    private const string Chat = "/api/chat";

    private static object Says(string text) => new { id = "ann", messages = new[] { new { id = "m1", role = "user", parts = new[] { new { type = "text", text } } } } };

    [Fact]
    public async Task A_turn_with_everything_is_written_as_the_transcript_that_is_kept()
    {
        var look = new ScriptedTool("look_up", _ => new { degrees = 18 }).Reports("half way").Holds(out var gate);
        var provider = new ScriptedProvider(
            Script.Reason("Let me ", "think.").Text("I look \"it\" ", "up.\n").CallInPieces("look_up", """{"city":"Riga"}""", 2, "call_1").Usage(10, 5),
            Script.Text("18 °C 😀").Content(new DataContent(new byte[] { 1, 2, 3 }, "image/png")).Usage(20, 6));
        await using var server = await AgentServer.StartAsync(provider, agent: a => a.WithTool(look));
        var answer = server.PostAsync(Chat, Says("hello"));
        await gate.ReachedAsync();
        using var response = await answer;
        using var body = new StreamReader(await response.Content.ReadAsStreamAsync());
        var transcript = new StringBuilder();
        while (await body.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)) is { } line)
        {
            transcript.Append(line).Append('\n');
            if (line.Contains("half way", StringComparison.Ordinal)) gate.Open();
        }

        var turn = Assert.Single(response.Headers.GetValues("X-Turn-Id"));

        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(Installation.Folder, "..", "ActorAgents.AspNetCore.Tests", "UIMessages", "answer.golden")), transcript.ToString().Replace(turn, "TURN"));
        Assert.Equal("v1", Assert.Single(response.Headers.GetValues("x-vercel-ai-ui-message-stream")));
        Assert.Equal("no-cache", response.Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task A_client_that_does_not_read_stops_the_providers_pulls_and_gets_everything_when_it_does()
    {
        const int chunks = 4_000, size = 16 << 10;
        var provider = ScriptedProvider.Always(Script.Text(Enumerable.Repeat(new string('x', size), chunks)));
        await using var server = await AgentServer.StartAsync(provider, agent: a => a.WithLimits(l => l with { MaxTextChars = chunks * size }));
        var body = """{"id":"ann","messages":[{"id":"m1","role":"user","parts":[{"type":"text","text":"hello"}]}]}""";
        using var connection = await RawHttp.ConnectAsync(server.Address,
            $"POST {Chat} HTTP/1.0\r\nHost: {server.Address.Authority}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}", receiveBuffer: 64 << 10);
        await provider.CallStartedAsync();

        var unread = await BackpressureTests.StandstillAsync(() => provider.ChunksPulled);
        Assert.InRange(unread, 1, chunks - 1);

        var text = 0L;
        using var reader = new StreamReader(connection.GetStream(), Encoding.UTF8);
        while (await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)) is { } line && line != "data: [DONE]")
            text += line.StartsWith("data: {\"type\":\"text-delta\"", StringComparison.Ordinal) ? line.AsSpan(line.IndexOf("\"delta\":\"", StringComparison.Ordinal)).Count('x') : 0;
        Assert.Equal((long)chunks * size, text);
        Assert.True(provider.ChunksPulled > unread);
    }

    [Fact]
    public async Task A_stop_before_the_first_word_is_a_conflict_for_whoever_waits_for_it()
    {
        var provider = new ScriptedProvider(Script.Stall(out var gate).Text("Once"));
        await using var server = await AgentServer.StartAsync(provider);
        var answer = server.PostAsync(Chat, Says("hello"));
        await gate.ReachedAsync();

        using (var stopped = await server.SendAsync(HttpMethod.Post, $"{Chat}/ann/stop")) Assert.Equal(System.Net.HttpStatusCode.NoContent, stopped.StatusCode);

        Assert.Equal("interrupted", (await AgentServer.JsonAsync(answer, System.Net.HttpStatusCode.Conflict)).GetProperty("code").GetString());
        await provider.ReleasedAsync();
    }

    [Fact]
    public async Task A_chats_id_is_any_text_and_its_routes_take_it_escaped()
    {
        var provider = new ScriptedProvider(Script.Text("Once").Stall(out var gate));
        await using var server = await AgentServer.StartAsync(provider);
        await using var stream = await server.StreamAsync(Chat, new { id = "a/b c", message = new { id = "m1", role = "user", parts = new[] { new { type = "text", text = "hello" } } } });
        await gate.ReachedAsync();

        await using var joined = await server.FollowAsync($"{Chat}/a%2Fb%20c/stream");
        using var stopped = await server.SendAsync(HttpMethod.Post, $"{Chat}/a%2Fb%20c/stop");

        Assert.Equal((await stream.RestAsync()).Select(frame => frame.Data), (await joined.RestAsync()).Select(frame => frame.Data));
    }

    [Fact]
    public async Task A_question_that_nobody_answers_for_an_hour_is_answered_no()
    {
        var time = new VirtualTime();
        var provider = new ScriptedProvider(Script.Call("send"), Script.Text("Then not."));
        await using var server = await AgentServer.StartAsync(agents => agents.WithTimeProvider(time.Provider).AddProvider("default", provider)
            .AddTool("send", new ApprovalRequiredAIFunction(new ScriptedTool("send"))).AddAgent("assistant", a => a.WithTool("send")));
        await using (var asking = await server.StreamAsync(Chat, Says("hello")))
        {
            await asking.RestAsync();
            var turn = new TurnId(Assert.Single(asking.Response.Headers.GetValues("X-Turn-Id")));
            time.Advance(TimeSpan.FromMinutes(59));
            Assert.Equal(1, server.Agents.Status.LiveTurns);
            time.Advance(TimeSpan.FromMinutes(2));
            await server.Agents["assistant", "ann"].WhenEndedAsync(turn).WaitAsync(TimeSpan.FromSeconds(30));
        }

        Assert.Equal("Then not.", (await server.Agents["assistant", "ann"].GetMessagesAsync())[^1].Text);
    }

    [Fact]
    public async Task A_files_address_goes_out_as_it_came_escaped()
    {
        const string url = "https://example.com/a%20b%2Fc?d=%26e";
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(Script.Content(new UriContent(new Uri(url), "image/png"))));

        await using var stream = await server.StreamAsync(Chat, Says("hello"));

        Assert.Contains($"\"url\":\"{url}\"", string.Concat((await stream.RestAsync()).Select(frame => frame.Data)));
    }
}
