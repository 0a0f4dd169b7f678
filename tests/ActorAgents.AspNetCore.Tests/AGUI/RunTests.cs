using System.Net;
using System.Text;
using System.Text.Json;
using ActorAgents.AspNetCore.Tests.Streaming;
using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore.Tests.AGUI;

public sealed class RunTests
{
    private const string Path = "/ag-ui/assistant", Odd = "a\rb\nc\r\nd\n\ne\u2028f\0i\tj\"k\\l<m>&'\u007F\uFEFF zażółć 😀 data: x\n\n";

    [Fact]
    public async Task Text_with_anything_in_it_comes_as_it_is()
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(Script.Text(Odd, Odd).Reason(Odd)));

        await using var stream = await server.StreamAsync(Path, Input("hello"));
        var frames = await stream.RestAsync();

        Assert.Equal(Odd + Odd, Joined(frames, "TEXT_MESSAGE_CONTENT"));
        Assert.Equal(Odd, Joined(frames, "REASONING_MESSAGE_CONTENT"));
    }

    [Fact]
    public async Task What_the_protocol_will_have_one_day_is_passed_over()
    {
        var provider = new ScriptedProvider("Hi.");
        await using var server = await AgentServer.StartAsync(provider);

        await using var stream = await server.StreamAsync(Path, """
            {"threadId":"t","runId":"r","new":[1],"state":null,"tools":null,"context":null,"resume":null,"messages":[
              {"id":"1","role":"oracle","content":7},{"id":"2","role":"reasoning","content":"Hm."},{"id":"3","role":"activity","activityType":"x","content":{}},
              {"id":"4","role":"user","new":1,"content":[{"type":"smell","text":7},{"type":"text","text":"hello","new":1},{"type":"image","source":{"type":"file","value":"f1"}},
                {"type":"image","source":{"type":"url","value":"https://example.com/a.png"}},{"type":"audio","source":{"type":"url","value":"data:audio/wav;base64,AAAA"}}]}]}
            """);
        await stream.RestAsync();

        var message = Assert.Single(Assert.Single(provider.Requests).Messages);
        Assert.Equal((ChatRole.User, "hello"), (message.Role, message.Text));
        Assert.Equal(["image/*", "audio/wav"], message.Contents.Skip(1).Select(part => part is UriContent uri ? uri.MediaType : ((DataContent)part).MediaType));
    }

    [Theory]
    [InlineData("""{"type":"url","value":"https://example.com/a","mimeType":"nonsense"}""", "mimeType")]
    [InlineData("""{"type":"url","value":"file:///etc/passwd"}""", "value")]
    [InlineData("""{"type":"url","value":"data:image/png;base64,%%"}""", "value")]
    [InlineData("""{"type":"data","value":"AAAA"}""", "mimeType")]
    public async Task A_source_that_cannot_be_is_refused_and_its_member_named(string source, string member)
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider());

        var error = await AgentServer.JsonAsync(server.PostAsync(Path, $$"""
            {"threadId":"t","runId":"r","messages":[{"id":"1","role":"user","content":[{"type":"image","source":{{source}}}]}]}
            """), HttpStatusCode.BadRequest);

        Assert.Equal($"messages[0].content[0].source.{member}", error.GetProperty("param").GetString());
    }

    [Fact]
    public async Task A_tool_of_the_clients_that_failed_has_answered()
    {
        var provider = new ScriptedProvider(Script.Call("f", callId: "c1").Call("f", new { a = 1 }, "c2"), Script.Text("Sorry."));
        await using var server = await AgentServer.StartAsync(provider);
        object[] tools = [new { name = "f", description = "d" }];
        object[] said = [new { id = "1", role = "user", content = "hello" }];
        await using (var first = await server.StreamAsync(Path, new { threadId = "t", runId = "r", messages = said, tools })) await first.RestAsync();

        await using var second = await server.StreamAsync(Path, new
        {
            threadId = "t", runId = "r", tools, messages = said.Concat(
            [
                new { id = "2", role = "assistant" }, new { id = "3", role = "tool", toolCallId = "c1", content = "", error = "No." },
                new { id = "4", role = "tool", toolCallId = "c2", content = new object[] { new { type = "text", text = "half" } }, error = "No." },
            ]),
        });
        await second.RestAsync();

        Assert.Equal(["Error: No.", "half\nError: No."], provider.Requests[1].Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Select(result => result.Result?.ToString()));
    }

    [Fact]
    public async Task A_name_that_an_agents_tool_has_is_no_name_for_the_clients()
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(), agent: a => a.WithTool(new ScriptedTool("look")));

        var error = await AgentServer.JsonAsync(
            server.PostAsync(Path, new { threadId = "t", runId = "r", messages = new object[] { new { id = "1", role = "user", content = "hello" } }, tools = new object[] { new { name = "look", description = "d" } } }),
            HttpStatusCode.BadRequest);

        Assert.Contains("'look'", error.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_run_that_a_limit_stopped_is_no_success()
    {
        var provider = new ScriptedProvider(Script.Call("look"), Script.Text("That is all."));
        await using var server = await AgentServer.StartAsync(provider, agent: a => a.WithTool(new ScriptedTool("look")).WithLimits(l => l with { MaxToolRounds = 1 }));

        await using var stream = await server.StreamAsync(Path, Input("hello"));

        Assert.Equal("cancelled", (await stream.RestAsync())[^1].Json.GetProperty("outcome").GetProperty("type").GetString());
    }

    [Fact]
    public async Task Refused_calls_of_several_steps_are_each_their_own_steps()
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(
            Script.Call("nope", callId: "c1"), Script.Call("nope", callId: "c2").Call("nope", callId: "c3"), Script.Text("Hm. ").Call("nope", callId: "c4"), Script.Call("nope", callId: "c4"), "Done."));

        await using var stream = await server.StreamAsync(Path, Input("hello"));
        var frames = await stream.RestAsync();

        Assert.Equal(["1", "2", "2", "3", "4"], frames.Where(frame => frame.Text("type") == "TOOL_CALL_START").Select(frame => frame.Text("parentMessageId")[^1..]));
        Assert.Equal(["step-1", "step-2", "step-3", "step-4", "step-5"], frames.Where(frame => frame.Text("type") == "STEP_STARTED").Select(frame => frame.Text("stepName")));
        var ids = frames.Where(frame => frame.Text("type") == "TOOL_CALL_RESULT").Select(frame => frame.Text("messageId"))
            .Concat(frames.Where(frame => frame.Text("type") == "TOOL_CALL_START").Select(frame => frame.Text("parentMessageId")));
        var kept = await server.Agents["assistant", "t"].GetMessagesAsync();
        Assert.Empty(Lacking(kept, ids.Append(frames.Last(frame => frame.Text("type") == "TEXT_MESSAGE_START").Text("messageId")).Append("1")));

        static string Lacking(IReadOnlyList<ChatMessage> kept, IEnumerable<string> ids)
        {
            if (new AGUIHistory(kept).Missing([.. ids.Select(id => new AGUIMessage(id, null))], JsonDocument.Parse("[]").RootElement) is not { } lacking) return "";
            using var bytes = new MemoryStream();
            using (var json = new Utf8JsonWriter(bytes, new() { SkipValidation = true })) lacking.Write(json, false);
            return Encoding.UTF8.GetString(bytes.ToArray());
        }
    }

    [Fact]
    public async Task A_run_that_waited_behind_another_is_told_what_that_one_said_and_tells_its_calls_apart()
    {
        var provider = new ScriptedProvider(Script.Text("Well. ").Stall(out var gate).Call("look", callId: "c"), "one", Script.Call("look", callId: "c"), "two");
        await using var server = await AgentServer.StartAsync(provider, agent: a => a.WithTool(new ScriptedTool("look")));
        await using var first = await server.StreamAsync(Path, Input("a"));
        while ((await first.NextAsync())!.Text("type") != "TEXT_MESSAGE_CONTENT") { }
        var waiting = server.StreamAsync(Path, new { threadId = "t", runId = "r", messages = new object[] { new { id = "2", role = "user", content = "b" } } });
        await Task.Run(async () => { while (server.Agents.Status.QueuedInputs < 1) await Task.Yield(); }).WaitAsync(TimeSpan.FromSeconds(30));

        gate.Open();
        await first.RestAsync();
        await using var second = await waiting;
        var frames = await second.RestAsync();

        Assert.Equal("c~2", Assert.Single(frames, frame => frame.Text("type") == "TOOL_CALL_START").Text("toolCallId"));
        var messages = frames.Last(frame => frame.Text("type") == "MESSAGES_SNAPSHOT").Json.GetProperty("messages").EnumerateArray().ToList();
        Assert.Equal(["user", "assistant", "tool", "assistant", "user"], messages.Select(message => message.GetProperty("role").GetString()));
        Assert.Equal(("1", "2"), (messages[0].GetProperty("id").GetString(), messages[^1].GetProperty("id").GetString()));
    }

    [Fact]
    public async Task Images_and_files_are_in_a_snapshot_as_they_were_sent()
    {
        const string Content = """
            [{"type":"text","text":"Look: "},{"type":"image","source":{"type":"data","value":"AAAA","mimeType":"image/png"}},{"type":"video","source":{"type":"url","value":"https://example.com/a.mp4","mimeType":"video/mp4"}},{"type":"image","source":{"type":"url","value":"https://example.com/a.png"}},{"type":"document","source":{"type":"data","value":"AAEC","mimeType":"application/pdf"}}]
            """;
        await using var server = await AgentServer.StartAsync(new ScriptedProvider("one", "two"));
        await using (var first = await server.StreamAsync(Path, $$"""{"threadId":"t","runId":"r","messages":[{"id":"1","role":"user","content":{{Content}}}]}""")) await first.RestAsync();

        await using var second = await server.StreamAsync(Path, new { threadId = "t", runId = "r", messages = new object[] { new { id = "2", role = "user", content = "b" } } });

        var snapshot = (await second.RestAsync()).First(frame => frame.Text("type") == "MESSAGES_SNAPSHOT").Json.GetProperty("messages");
        Assert.Equal(Content.Trim(), snapshot[0].GetProperty("content").GetRawText());
    }

    [Fact]
    public async Task A_client_that_does_not_read_stops_the_providers_pulls()
    {
        const int Chunks = 4_000, Size = 16 << 10;
        var provider = ScriptedProvider.Always(Script.Text(Enumerable.Repeat(new string('x', Size), Chunks)));
        await using var server = await AgentServer.StartAsync(provider, agent: a => a.WithLimits(l => l with { MaxTextChars = Chunks * Size }));
        var body = JsonSerializer.Serialize(Input("hello"));
        using var connection = await RawHttp.ConnectAsync(server.Address,
            $"POST {Path} HTTP/1.0\r\nHost: {server.Address.Authority}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}", receiveBuffer: 64 << 10);
        await provider.CallStartedAsync();

        Assert.InRange(await BackpressureTests.StandstillAsync(() => provider.ChunksPulled), 1, Chunks - 1);

        var text = 0L;
        using var reader = new StreamReader(connection.GetStream(), Encoding.UTF8);
        while (await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)) is { } line && !line.Contains("RUN_FINISHED", StringComparison.Ordinal)) 
            text += line.StartsWith("data: {\"type\":\"TEXT_MESSAGE_CONTENT\"", StringComparison.Ordinal) ? line.AsSpan().Count('x') : 0;
        Assert.Equal((long)Chunks * Size, text);
    }

    private static object Input(string prompt) => new { threadId = "t", runId = "r", messages = new object[] { new { id = "1", role = "user", content = prompt } } };

    private static string Joined(IEnumerable<Frame> frames, string type) => string.Concat(frames.Where(frame => frame.Text("type") == type).Select(frame => frame.Text("delta")));
}
