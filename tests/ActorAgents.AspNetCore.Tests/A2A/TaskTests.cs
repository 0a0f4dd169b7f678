using System.Net;
using System.Text;
using System.Text.Json;
using ActorAgents.AspNetCore.Tests.Security;
using ActorAgents.AspNetCore.Tests.Streaming;
using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore.Tests.A2A;

public sealed class TaskTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static string Id(JsonElement task) => task.GetProperty("id").GetString()!;

    [Fact]
    public async Task A_task_whose_events_are_gone_is_told_from_the_conversation()
    {
        var provider = new ScriptedProvider(request => request.Index == 0
            ? Script.Reason("Hm.").Text("Once ").Content(new DataContent(new byte[] { 1 }, "image/png")).Text("upon") : Script.Text("Hi."));
        await using var server = await AgentServer.StartAsync(provider);
        var before = (await server.ResultAsync("SendMessage", A2AServer.Message("first"))).GetProperty("task");

        for (var i = 0; i < 5; i++) await server.ResultAsync("SendMessage", A2AServer.Message("more"));
        var after = await server.ResultAsync("GetTask", new { id = Id(before) });

        Assert.Throws<TurnGoneException>(() => server.Agents["assistant", "ann"].Turn(new TurnId(Id(before).Split('.')[0])).ReadAsync().GetAsyncEnumerator());
        Assert.Equal(("COMPLETED", "Once upon"), (after.State(), after.Answer()));
        foreach (var member in new[] { "artifacts", "history" }) Assert.Equal(before.GetProperty(member).ToString(), after.GetProperty(member).ToString());
        Assert.Equal("m1", after.GetProperty("history")[0].GetProperty("messageId").GetString());
        Assert.Equal(-32004, (await server.ErrorAsync("SubscribeToTask", new { id = Id(before) })).Code());
        Assert.Equal(-32002, (await server.ErrorAsync("CancelTask", new { id = Id(before) })).Code());
    }

    [Fact]
    public async Task A_task_whose_events_are_gone_is_not_looked_up_again_where_the_conversation_is_at_hand()
    {
        await using var server = await AgentServer.StartAsync(ScriptedProvider.Always("Hi."));
        var agent = server.Agents["assistant", "ann"];
        await server.ResultAsync("SendMessage", A2AServer.Message("hello"));
        var kept = Assert.Single(await KeptTurn.AllAsync(agent, default));

        var task = await A2ATask.FindAsync(server.Agents["assistant", "nobody"], new("ann", kept.Id), A2ATasks.Now, default, kept: kept);

        Assert.Equal(("TASK_STATE_COMPLETED", "Hi."), (task?.State, task?.Answer.ToString()));
    }

    [Fact]
    public async Task Addresses_of_files_go_out_as_they_came_escaped()
    {
        const string url = "https://example.com/a%20b%2Fc?d=%26e";
        var provider = new ScriptedProvider(Script.Text("See").Content(new UriContent(new Uri(url), "image/png"), new UriContent(new Uri("../a%20b", UriKind.Relative), "image/png")));
        await using var server = await AgentServer.StartAsync(provider);

        var sent = new { message = new { role = "ROLE_USER", messageId = "m1", contextId = "ann", parts = new object[] { new { text = "look" }, new { url, mediaType = "image/png" } } } };
        var task = (await server.ResultAsync("SendMessage", sent)).GetProperty("task");

        Assert.Equal(url, task.GetProperty("history")[0].GetProperty("parts")[1].GetProperty("url").GetString());
        Assert.Equal([url, "../a%20b"], task.GetProperty("artifacts").EnumerateArray().Skip(1).Select(file => file.GetProperty("parts")[0].GetProperty("url").GetString()));
    }

    [Fact]
    public async Task Files_come_as_bytes_of_either_alphabet_as_addresses_or_as_data_in_one()
    {
        var provider = new ScriptedProvider(Script.Text("Hi."));
        await using var server = await AgentServer.StartAsync(provider);

        await server.ResultAsync("SendMessage", new
        {
            message = new
            {
                role = "ROLE_USER", messageId = "m1", parts = new object[]
                {
                    new { raw = "+/8=", mediaType = "image/png", filename = "a.png" }, new { raw = "-_8" }, new { url = "https://example.com/a" }, new { url = "data:image/png;base64,+/8=" },
                },
            },
        });

        var given = provider.Requests[0].Messages[0].Contents;
        Assert.Equal(["image/png", "application/octet-stream", "image/png"], given.OfType<DataContent>().Select(data => data.MediaType));
        Assert.All(given.OfType<DataContent>(), data => Assert.Equal([0xFB, 0xFF], data.Data.ToArray()));
        Assert.Equal("a.png", ((DataContent)given[0]).Name);
        Assert.Equal("application/octet-stream", Assert.Single(given.OfType<UriContent>()).MediaType);
    }

    [Fact]
    public async Task A_task_is_found_by_its_own_tenant_and_kind_alone()
    {
        var provider = ScriptedProvider.Always(Script.Text("Once ").Stall(out var gate));
        await using var server = await KeyedServer.StartAsync(provider);
        await using var stream = await server.StreamCallAsync("SendStreamingMessage", A2AServer.Message("hello"), headers: KeyedServer.As("a-chat"));
        var id = Id((await stream.NextAsync())!.Result().Value);
        await gate.ReachedAsync();

        foreach (var other in new[] { "b-chat", "chat" })
        {
            foreach (var method in new[] { "GetTask", "CancelTask", "SubscribeToTask" })
                Assert.Equal(-32001, (await server.ErrorAsync(method, new { id }, headers: KeyedServer.As(other))).Code());
            Assert.Equal(-32001, (await server.ErrorAsync("SendMessage", A2AServer.Message("yes", taskId: id), headers: KeyedServer.As(other))).Code());
            Assert.Equal(0, (await server.ResultAsync("ListTasks", new { contextId = "ann" }, headers: KeyedServer.As(other))).GetProperty("totalSize").GetInt32());
        }
        Assert.Equal("WORKING", (await server.ResultAsync("GetTask", new { id }, "/a2a/assistant", KeyedServer.As("a-more"))).State());
        Assert.Equal("CANCELED", (await server.ResultAsync("CancelTask", new { id }, headers: KeyedServer.As("a-more"))).State());
    }

    [Theory]
    [InlineData("")]
    [InlineData("t1")]
    [InlineData("t1.")]
    [InlineData(".YW5u")]
    [InlineData("t1.YW5u.x")]
    [InlineData("t1.YW5v=")]
    [InlineData("t 1.YW5u")]
    [InlineData("t1.YW5\u0075 ")]
    [InlineData("t1.%%")]
    [InlineData("t1._-8")]
    [InlineData("t1.AQ")]
    public async Task An_id_that_names_nothing_is_an_unknown_task(string id)
    {
        await using var server = await AgentServer.StartAsync(ScriptedProvider.Always(Script.Text("Hi.")));
        await AgentServer.JsonAsync(server.PostAsync("/agents/assistant/ann/turns", new { input = "hello", turnId = "t1" }));

        foreach (var method in new[] { "GetTask", "CancelTask", "SubscribeToTask" })
            Assert.Equal(-32001, (await server.ErrorAsync(method, new { id })).Code());
    }

    [Fact]
    public async Task A_turn_of_another_wire_is_a_task_too()
    {
        var provider = ScriptedProvider.Always(Script.Text("Once ").Stall(out var gate));
        await using var server = await AgentServer.StartAsync(provider);
        await using var attached = await server.StreamAsync("/agents/assistant/ann/turns", new { input = "hello", turnId = "t1" });
        await attached.NextAsync("text");
        await gate.ReachedAsync();

        var running = await server.ResultAsync("GetTask", new { id = "t1.YW5u" });
        var cancelled = await server.ResultAsync("CancelTask", new { id = "t1.YW5u" });

        Assert.Equal(("WORKING", "CANCELED"), (running.State(), cancelled.State()));
        await attached.NextAsync("interrupted");
        await provider.ReleasedAsync();
    }

    [Fact]
    public async Task A_message_to_a_task_must_be_of_its_context_and_the_task_must_have_asked()
    {
        var provider = ScriptedProvider.Always(Script.Text("Once ").Stall(out var gate));
        await using var server = await AgentServer.StartAsync(provider);
        var task = (await server.ResultAsync("SendMessage", new { message = new { role = "ROLE_USER", messageId = "m1", contextId = "ann", parts = new[] { new { text = "hello" } } }, configuration = new { returnImmediately = true } })).GetProperty("task");
        await gate.ReachedAsync();

        Assert.Equal(-32602, (await server.ErrorAsync("SendMessage", A2AServer.Message("yes", "bob", Id(task)), HttpStatusCode.BadRequest)).Code());
        Assert.Equal(-32004, (await server.ErrorAsync("SendMessage", A2AServer.Message("yes", "ann", Id(task)))).Code());
        await server.ResultAsync("CancelTask", new { id = Id(task) });
        await provider.ReleasedAsync();
    }

    [Fact]
    public async Task An_answer_that_says_neither_yes_nor_no_leaves_the_question_open()
    {
        var provider = new ScriptedProvider(Script.Call("send"), Script.Text("Done."));
        await using var server = await AgentServer.StartAsync(provider, agent: a => a.WithTool(new ApprovalRequiredAIFunction(new ScriptedTool("send"))));
        var task = (await server.ResultAsync("SendMessage", A2AServer.Message("hello"))).GetProperty("task");
        Assert.Equal("INPUT_REQUIRED", task.State());

        Assert.Equal(-32602, (await server.ErrorAsync("SendMessage", A2AServer.Message("perhaps", null, Id(task)), HttpStatusCode.BadRequest)).Code());
        var unknown = new { message = new { role = "ROLE_USER", messageId = "m2", taskId = Id(task), parts = new[] { new { data = new { approved = true, requestId = "r9" } } } } };
        Assert.Equal(-32602, (await server.ErrorAsync("SendMessage", unknown, HttpStatusCode.BadRequest)).Code());
        Assert.Equal("INPUT_REQUIRED", (await server.ResultAsync("GetTask", new { id = Id(task) })).State());
        Assert.Equal("COMPLETED", (await server.ResultAsync("SendMessage", A2AServer.Message("yes", null, Id(task)))).GetProperty("task").State());
    }

    private static object Answers(JsonElement task, params string?[] requests) =>
        new { message = new { role = "ROLE_USER", messageId = "m2", taskId = Id(task), parts = requests.Select(requestId => new { data = new { requestId, approved = true } }) } };

    private static string[] Requests(JsonElement task) =>
        [.. task.GetProperty("status").GetProperty("message").GetProperty("parts").EnumerateArray().Skip(1).Select(part => part.GetProperty("data").GetProperty("requestId").GetString()!)];

    [Fact]
    public async Task Two_answers_to_one_question_are_refused_and_none_is_given()
    {
        var send = new ScriptedTool("send");
        var provider = new ScriptedProvider(Script.Call("send").Call("send"), Script.Text("Done."));
        await using var server = await AgentServer.StartAsync(provider, agent: a => a.WithTool(new ApprovalRequiredAIFunction(send)));
        await using (var asking = await server.StreamCallAsync("SendStreamingMessage", A2AServer.Message("hello"))) await asking.RestAsync();
        var task = await AskedAsync(server, 2);
        var requests = Requests(task);

        Assert.Equal(-32602, (await server.ErrorAsync("SendMessage", Answers(task, requests[0], requests[1], requests[0]), HttpStatusCode.BadRequest)).Code());

        Assert.Equal(requests, Requests(await AskedAsync(server, 2)));
        Assert.Equal("COMPLETED", (await server.ResultAsync("SendMessage", Answers(task, requests))).GetProperty("task").State());
        Assert.Equal(2, send.Started);
    }

    [Fact]
    public async Task Of_several_answers_those_that_are_not_too_late_are_taken_and_the_task_goes_on()
    {
        var (send, look) = (new ScriptedTool("send"), new ScriptedTool("look").Holds(out var gate));
        var provider = new ScriptedProvider(Script.Call("look").Call("send").Call("send"), Script.Text("Done."));
        await using var server = await AgentServer.StartAsync(provider, agent: a => a.WithTool(look).WithTool(new ApprovalRequiredAIFunction(send)).WithLimits(l => l with { MaxParallelTools = 1 }));
        await using (var asking = await server.StreamCallAsync("SendStreamingMessage", A2AServer.Message("hello"))) await asking.RestAsync();
        await gate.ReachedAsync(); // What is allowed waits for its place, and seems to be asked still.
        var task = await AskedAsync(server, 2);
        var requests = Requests(task);
        Assert.Equal(ApprovalOutcome.Taken, await server.Agents["assistant", "ann"].AnswerAsync(requests[0], approved: true));

        Assert.Equal(-32004, (await server.ErrorAsync("SendMessage", Answers(task, requests[0]))).Code());
        await using var rest = await server.StreamCallAsync("SendStreamingMessage", Answers(task, requests));
        Assert.Equal("WORKING", (await rest.NextAsync())!.Result().Value.State());
        gate.Open();

        Assert.Equal("COMPLETED", (await rest.RestAsync())[^1].Result().Value.State());
        Assert.Equal(2, send.Started);
    }

    /// <summary>The one task, once it asks so many questions.</summary>
    private static async Task<JsonElement> AskedAsync(AgentServer server, int questions)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var task = Assert.Single((await server.ResultAsync("ListTasks", new { contextId = "ann" })).GetProperty("tasks").EnumerateArray());
            if (task.State() == "INPUT_REQUIRED" && Requests(task).Length == questions) return task;
            await Task.Delay(1, patience.Token);
        }
    }

    [Fact]
    public async Task A_task_that_waits_for_approval_can_be_cancelled()
    {
        var provider = new ScriptedProvider(Script.Call("send"));
        await using var server = await AgentServer.StartAsync(provider, agent: a => a.WithTool(new ApprovalRequiredAIFunction(new ScriptedTool("send"))));
        var task = (await server.ResultAsync("SendMessage", A2AServer.Message("hello"))).GetProperty("task");

        Assert.Equal("CANCELED", (await server.ResultAsync("CancelTask", new { id = Id(task) })).State());
        await provider.ReleasedAsync();
    }

    [Fact]
    public async Task Calls_that_nobody_here_can_run_are_an_artifact_of_data()
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(Script.Text("Ask. ").Call("weather", new { city = "Riga" }), Script.Text("Ask. ").Call("weather", new { city = "Riga" })),
            agent: a => a.WithTool(AIFunctionFactory.CreateDeclaration("weather", null, JsonDocument.Parse("""{"type":"object"}""").RootElement)));

        var task = (await server.ResultAsync("SendMessage", A2AServer.Message("hello"))).GetProperty("task");
        await using var stream = await server.StreamCallAsync("SendStreamingMessage", A2AServer.Message("hello"));
        var last = (await stream.RestAsync())[^2].Result().Value;

        Assert.Equal("COMPLETED", task.State());
        foreach (var artifact in new[] { task.GetProperty("artifacts")[1], last.GetProperty("artifact") })
        {
            Assert.Equal("open-calls", artifact.GetProperty("artifactId").GetString());
            Assert.Equal("Riga", artifact.GetProperty("parts")[0].GetProperty("data").GetProperty("arguments").GetProperty("city").GetString());
        }
    }

    [Fact]
    public async Task What_was_thought_before_a_subscriber_came_is_told_when_the_thought_ends()
    {
        var provider = new ScriptedProvider(Script.Reason("Hm, ").Stall(out var gate).Reason("yes.").Text("Done."));
        await using var server = await AgentServer.StartAsync(provider);
        await using var sender = await server.StreamCallAsync("SendStreamingMessage", A2AServer.Message("hello"));
        var id = Id((await sender.NextAsync())!.Result().Value);
        await gate.ReachedAsync();
        await using var subscriber = await server.StreamCallAsync("SubscribeToTask", new { id });
        Assert.Equal("task", (await subscriber.NextAsync())!.Result().Kind);
        gate.Open();

        foreach (var frames in new[] { await sender.RestAsync(), await subscriber.RestAsync() })
            Assert.Contains(frames, frame => frame.Data.Contains("\"Hm, yes.\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("done", "COMPLETED")]
    [InlineData("stop", "CANCELED")]
    [InlineData("silence", "FAILED")]
    [InlineData("fail", "FAILED")]
    public async Task A_task_stands_as_it_did_when_its_events_are_gone(string how, string state)
    {
        var gate = new Gate();
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(request => request.Prompt switch
        {
            "stop" => Script.Text("A").Stall(gate),
            "silence" => Script.Text("A").Stall(),
            "fail" => Script.Fails(400),
            _ => Script.Text("A"),
        }), agent: a => a.WithLimits(l => l with { IdleTimeout = TimeSpan.FromMilliseconds(how == "silence" ? 10 : 30_000) }));
        var asking = server.ResultAsync("SendMessage", A2AServer.Message(how));
        if (how == "stop")
        {
            await gate.ReachedAsync();
            var agent = server.Agents["assistant", "ann"];
            await agent.InterruptAsync((await agent.GetMessagesAsync())[^1].GetTurn()!.Value);
        }
        var task = (await asking).GetProperty("task");

        for (var i = 0; i < 4; i++) await server.ResultAsync("SendMessage", A2AServer.Message("more"));
        var later = await server.ResultAsync("GetTask", new { id = task.GetProperty("id").GetString() });

        Assert.Equal((state, state), (task.State(), later.State()));
    }

    [Fact]
    public async Task A_list_has_pages_and_a_state_to_ask_for()
    {
        var provider = new ScriptedProvider(request => request.Prompt == "fail" ? Script.Fails(400) : Script.Text(request.Prompt));
        await using var server = await AgentServer.StartAsync(provider);
        foreach (var text in new[] { "1", "fail", "2", "3" }) await server.ResultAsync("SendMessage", A2AServer.Message(text));

        var first = await server.ResultAsync("ListTasks", new { contextId = "ann", pageSize = 2, includeArtifacts = true });
        var second = await server.ResultAsync("ListTasks", new { contextId = "ann", pageSize = 2, pageToken = first.GetProperty("nextPageToken").GetString() });
        var failed = await server.ResultAsync("ListTasks", new { contextId = "ann", status = "TASK_STATE_FAILED", historyLength = 0 });

        Assert.Equal(["3", "2"], first.GetProperty("tasks").EnumerateArray().Select(task => task.Answer()));
        Assert.Equal(["FAILED", "COMPLETED"], second.GetProperty("tasks").EnumerateArray().Select(task => task.State()));
        Assert.Equal(("", 4, 2), (second.GetProperty("nextPageToken").GetString(), second.GetProperty("totalSize").GetInt32(), second.GetProperty("pageSize").GetInt32()));
        Assert.All(second.GetProperty("tasks").EnumerateArray(), task => Assert.False(task.TryGetProperty("artifacts", out _)));
        Assert.False(Assert.Single(failed.GetProperty("tasks").EnumerateArray()).TryGetProperty("history", out _));
        foreach (var wrong in new object[] { new { contextId = "ann", pageSize = 101 }, new { contextId = "ann", status = "TASK_STATE_RUNNING" }, new { contextId = "ann", pageToken = "gone" } })
            Assert.Equal(-32602, (await server.ErrorAsync("ListTasks", wrong, HttpStatusCode.BadRequest)).Code());
    }

    [Fact]
    public async Task Text_with_anything_in_it_comes_as_it_is()
    {
        await using var server = await AgentServer.StartAsync(ScriptedProvider.Always(Script.Text(FrameTests.Odd, FrameTests.Odd)));

        await using var stream = await server.StreamCallAsync("SendStreamingMessage", A2AServer.Message(FrameTests.Odd));
        var frames = await stream.RestAsync();
        var task = await server.ResultAsync("GetTask", new { id = Id(frames[0].Result().Value) });

        var pieces = frames.Select(frame => frame.Result()).Where(result => result.Kind == "artifactUpdate").Select(result => result.Value.GetProperty("artifact").GetProperty("parts")[0].GetProperty("text").GetString());
        Assert.Equal([FrameTests.Odd, FrameTests.Odd, ""], pieces);
        Assert.Equal(FrameTests.Odd + FrameTests.Odd, task.Answer());
        Assert.Equal(FrameTests.Odd, task.GetProperty("history")[0].GetProperty("parts")[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task A_client_that_leaves_a_call_that_waits_leaves_the_task_to_go_on()
    {
        var provider = new ScriptedProvider(Script.Text("Once ").Stall(out var gate).Text("upon"));
        await using var server = await AgentServer.StartAsync(provider);
        using var leaving = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/a2a?A2A-Version=1.0")
        {
            Content = new StringContent(JsonSerializer.Serialize(A2AServer.Call("SendMessage", A2AServer.Message("hello"))), Encoding.UTF8, "application/json"),
        };
        var answer = server.Client.SendAsync(request, leaving.Token);
        await gate.ReachedAsync();

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        gate.Open();

        await provider.ReleasedAsync();
        var list = await server.ResultAsync("ListTasks", new { contextId = "ann" });
        var turn = new TurnId(Id(list.GetProperty("tasks")[0]).Split('.')[0]);
        await server.Agents["assistant", "ann"].WhenEndedAsync(turn).WaitAsync(Patience);
        Assert.Equal("Once upon", (await server.Agents["assistant", "ann"].GetMessagesAsync())[^1].Text);
    }

    [Fact]
    public async Task A_client_that_does_not_read_stops_the_provider_at_the_logs_bound_and_gets_everything_when_it_does()
    {
        const int chunks = 4_000, size = 16 << 10;
        var provider = ScriptedProvider.Always(Script.Text(Enumerable.Repeat(new string('x', size), chunks)));
        await using var server = await AgentServer.StartAsync(provider, agent: a => a.WithLimits(l => l with { MaxTextChars = chunks * size }));
        var body = JsonSerializer.Serialize(A2AServer.Call("SendStreamingMessage", A2AServer.Message("hello")));
        using var connection = await RawHttp.ConnectAsync(server.Address,
            $"POST /a2a HTTP/1.0\r\nHost: {server.Address.Authority}\r\nA2A-Version: 1.0\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}", receiveBuffer: 64 << 10);
        await provider.CallStartedAsync();

        var unread = await BackpressureTests.StandstillAsync(() => provider.ChunksPulled);
        Assert.InRange(unread, (4 << 20) / (2 * size) - 2, chunks - 1);

        var text = 0L;
        using var reader = new StreamReader(connection.GetStream(), Encoding.UTF8);
        while (await reader.ReadLineAsync().WaitAsync(Patience) is { } line && !line.Contains("TASK_STATE_COMPLETED", StringComparison.Ordinal))
            text += line.Contains("artifactUpdate", StringComparison.Ordinal) ? line.AsSpan(line.IndexOf("\"parts\"", StringComparison.Ordinal)).Count('x') - "text".Count(c => c == 'x') : 0;
        Assert.Equal((long)chunks * size, text);
    }
}
