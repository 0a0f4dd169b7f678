using System.Text;
using System.Text.Json;
using ActorAgents.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ActorAgents.AspNetCore.Tests.Streaming;

public sealed class KeepAliveTests
{
    private const string Turns = "/agents/assistant/1/turns";
    private static readonly (string, string) Events = ("Accept", "text/event-stream");
    private readonly FakeTimeProvider _time = new();

    private Task<AgentServer> StartAsync(ScriptedProvider provider) => AgentServer.StartAsync(provider, services: services => services.AddSingleton<TimeProvider>(_time));

    [Fact]
    public async Task Silence_is_filled_with_comments_again_and_again()
    {
        await using var server = await StartAsync(new ScriptedProvider(Script.Text("Once ").Stall(out var gate).Text("upon")));
        using var lines = await RawLines.ReadAsync(server.PostAsync(Turns, new { input = "hello" }, Events));
        while (await lines.NextAsync() != "event: text") { }
        Assert.Equal(("data: {\"text\":\"Once \"}", ""), (await lines.NextAsync(), await lines.NextAsync()));

        for (var i = 0; i < 3; i++) Assert.Equal((": keep-alive", ""), (await PassUntilAsync(lines.NextAsync()), await lines.NextAsync()));

        gate.Open();
        string? line;
        while ((line = await lines.NextAsync()) is ": keep-alive" or "") { }
        Assert.StartsWith("id: ", line);
    }

    [Fact]
    public async Task A_turn_that_waits_in_the_queue_keeps_its_connection_and_ends_in_the_stream()
    {
        await using var server = await StartAsync(ScriptedProvider.Always(Script.Text("Once ").Stall()));
        await using var running = await server.StreamAsync(Turns, new { input = "hello" });
        await running.NextAsync("text");

        using var lines = await RawLines.ReadAsync(PassUntilAsync(server.PostAsync(Turns, new { input = "hello", turnId = "t2" }, Events)));
        Assert.Equal(": keep-alive", await lines.NextAsync());
        await AgentServer.JsonAsync(server.SendAsync(HttpMethod.Delete, $"{Turns}/t2"));

        string? line;
        while ((line = await lines.NextAsync()) is ": keep-alive" or "" || line!.StartsWith("id: ", StringComparison.Ordinal)) { }
        Assert.Equal("event: interrupted", line);
    }

    [Fact]
    public async Task A_comment_never_comes_inside_a_frame()
    {
        const int Pieces = 5_000;
        var provider = new ScriptedProvider(Script.Text(Enumerable.Range(0, Pieces).Select(i => $"{i}\n")).Stall(out var gate).YieldBetween());
        await using var server = await AgentServer.StartAsync(provider, http => http.KeepAlive = TimeSpan.FromMilliseconds(1));
        using var lines = await RawLines.ReadAsync(server.PostAsync(Turns, new { input = "hello" }, Events));

        var (text, block, comments, ended) = (new StringBuilder(), new List<string>(), 0, false);
        while (!ended)
        {
            var line = await lines.NextAsync();
            if (line is null) break;
            if (line.Length > 0) { block.Add(line); continue; }
            if (block is [": keep-alive"])
            {
                if (comments++ == 0) gate.Open();
            }
            else
            {
                Assert.Collection(block, id => Assert.StartsWith("id: ", id), name => Assert.StartsWith("event: ", name), data => Assert.StartsWith("data: ", data));
                var data = JsonDocument.Parse(block[2]["data: ".Length..]).RootElement;
                if (block[1] == "event: text") text.Append(data.GetProperty("text").GetString());
                ended = block[1] == "event: completed";
            }
            block.Clear();
        }

        Assert.True(ended);
        Assert.Equal(string.Concat(Enumerable.Range(0, Pieces).Select(i => $"{i}\n")), text.ToString());
    }

    /// <summary>Lets the clock of the streams run until this is there.</summary>
    private async Task<T> PassUntilAsync<T>(Task<T> awaited)
    {
        while (!awaited.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(15));
            await Task.WhenAny(awaited, Task.Delay(1));
        }
        return await awaited;
    }
}

/// <summary>An event stream line by line, comments too.</summary>
internal sealed class RawLines(HttpResponseMessage response, StreamReader reader) : IDisposable
{
    public static async Task<RawLines> ReadAsync(Task<HttpResponseMessage> answer)
    {
        var response = await answer;
        return new(response, new StreamReader(await response.Content.ReadAsStreamAsync()));
    }

    /// <summary>Null at the end.</summary>
    public Task<string?> NextAsync() => reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30));

    public void Dispose() => response.Dispose();
}
