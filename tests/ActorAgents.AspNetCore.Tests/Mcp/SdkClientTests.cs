using System.Text.Json;
using ActorAgents.AspNetCore.Tests.Interop;
using ActorAgents.AspNetCore.Tests.Security;
using ActorAgents.Testing;
using Microsoft.Extensions.AI;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace ActorAgents.AspNetCore.Tests.Mcp;

/// <summary>The .NET SDK's client, by a revision with sessions and by the one without.</summary>
public sealed class SdkClientTests
{
    public static TheoryData<string> Revisions => [RawMcp.WithSessions, RawMcp.WithoutSessions];

    [Theory, MemberData(nameof(Revisions))]
    public async Task It_lists_calls_and_shows_progress(string revision)
    {
        var provider = new ScriptedProvider(Script.Text("Hello, ").Stall(out var gate).Text("world!"), Script.Text("Hello again!"));
        await using var server = await AgentServer.StartAsync(provider);
        await using var client = await ConnectAsync(server, revision);
        var progress = new Reports();

        var tool = Assert.Single(await client.ListToolsAsync());
        var call = tool.CallAsync(new Dictionary<string, object?> { ["prompt"] = "hello", ["key"] = "ann" }, progress);
        var first = await progress.FirstAsync(); // The client looks for no more of it once it has the answer.
        gate.Open();
        var result = await call;
        var again = await tool.CallAsync(new Dictionary<string, object?> { ["prompt"] = "hello", ["key"] = "ann" });

        Assert.Equal(revision, client.NegotiatedProtocolVersion);
        Assert.Equal("assistant", tool.Name);
        Assert.Equal("Hello, world!", Text(result));
        Assert.Equal("Hello again!", Text(again));
        Assert.Equal("Started.", first.Message);
        Assert.Equal(["user", "assistant", "user"], provider.Requests[1].Messages.Select(message => message.Role.Value));
    }

    [Theory, MemberData(nameof(Revisions))]
    public async Task A_failure_is_a_result_and_an_unknown_tool_an_error_of_the_protocol(string revision)
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(Script.Fails(500)), agent: a => a.WithLimits(l => l with { Retries = 0 }));
        await using var client = await ConnectAsync(server, revision);

        var failed = await client.CallToolAsync("assistant", new Dictionary<string, object?> { ["prompt"] = "hello" });
        var missing = await client.CallToolAsync("assistant", new Dictionary<string, object?> { ["key"] = "ann" });
        var unknown = await Assert.ThrowsAsync<McpProtocolException>(() => client.CallToolAsync("nobody", new Dictionary<string, object?> { ["prompt"] = "hello" }).AsTask());

        Assert.True(failed.IsError);
        Assert.True(missing.IsError);
        Assert.Equal("'prompt' is missing: give a string.", Text(missing));
        Assert.Equal(McpErrorCode.InvalidParams, unknown.ErrorCode);
    }

    [Theory, MemberData(nameof(Revisions))]
    public async Task A_cancelled_call_is_interrupted(string revision)
    {
        var provider = ScriptedProvider.Always(Script.Text("Once upon a time").Stall(out var gate));
        await using var server = await AgentServer.StartAsync(provider, Probe.Serve);
        await using var client = await ConnectAsync(server, revision);
        using var cancel = new CancellationTokenSource();
        var call = client.CallToolAsync("assistant", new Dictionary<string, object?> { ["prompt"] = "hello" }, cancellationToken: cancel.Token).AsTask();
        await gate.ReachedAsync();

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await Probe.OneAborted.ComesAsync(server, provider);
    }

    [Theory, MemberData(nameof(Revisions))]
    public async Task A_client_that_is_disposed_interrupts_its_call(string revision)
    {
        var provider = ScriptedProvider.Always(Script.Text("Once upon a time").Stall(out var gate));
        await using var server = await AgentServer.StartAsync(provider, Probe.Serve);
        var client = await ConnectAsync(server, revision);
        var call = client.CallToolAsync("assistant", new Dictionary<string, object?> { ["prompt"] = "hello" }).AsTask();
        await gate.ReachedAsync();

        await client.DisposeAsync();

        await Probe.OneAborted.ComesAsync(server, provider);
        await Assert.ThrowsAnyAsync<Exception>(() => call);
    }

    [Theory]
    [InlineData(RawMcp.WithSessions, "ann", true)]
    [InlineData(RawMcp.WithSessions, "ann", false)]
    [InlineData(RawMcp.WithSessions, null, true)]
    [InlineData(RawMcp.WithoutSessions, "ann", true)]
    [InlineData(RawMcp.WithoutSessions, "ann", false)]
    public async Task A_client_that_takes_questions_is_asked_for_each_approval_while_the_turn_waits(string revision, string? key, bool approve)
    {
        var send = new ScriptedTool("send", call => "sent", "to");
        var provider = new ScriptedProvider(Script.Text("I will. ").Call("send", new { to = "Ann" }).Call("send", new { to = "Bob" }), Script.Text("Done."));
        await using var server = await ApprovingAsync(provider, send);
        var questions = new List<string>();
        await using var client = await ConnectAsync(server, revision, (question, _) =>
        {
            lock (questions) questions.Add(question!.Message);
            return new(new ElicitResult { Action = "accept", Content = new Dictionary<string, JsonElement> { ["approve"] = JsonSerializer.SerializeToElement(approve) } });
        });

        var result = await client.CallToolAsync("assistant", new Dictionary<string, object?> { ["prompt"] = "hello", ["key"] = key });

        Assert.Equal("I will. Done.", Text(result));
        Assert.Equal(["""The agent 'assistant' wants to run 'send' with {"to":"Ann"}. May it?""", """The agent 'assistant' wants to run 'send' with {"to":"Bob"}. May it?"""], questions.Order());
        Assert.Equal(approve ? 2 : 0, send.Calls.Count);
        await Probe.OneCompleted.ComesAsync(server);
    }

    [Theory]
    [InlineData(RawMcp.WithSessions)]
    [InlineData(RawMcp.WithoutSessions)]
    public async Task A_client_that_cannot_ask_has_the_call_refused(string revision)
    {
        var send = new ScriptedTool("send", call => "sent", "to");
        await using var server = await ApprovingAsync(new ScriptedProvider(Script.Call("send", new { to = "Ann" }), Script.Text("Done.")), send);
        await using var client = await ConnectAsync(server, revision);

        Assert.Equal("Done.", Text(await client.CallToolAsync("assistant", new Dictionary<string, object?> { ["prompt"] = "hello", ["key"] = "ann" })));
        Assert.Empty(send.Calls);
    }

    [Fact]
    public async Task A_client_that_leaves_while_it_is_asked_interrupts_its_turn()
    {
        var send = new ScriptedTool("send", call => "sent", "to");
        var provider = new ScriptedProvider(Script.Call("send", new { to = "Ann" }), Script.Text("Done."));
        await using var server = await ApprovingAsync(provider, send);
        var asked = new TaskCompletionSource();
        var client = await ConnectAsync(server, RawMcp.WithSessions, async (_, token) =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, token);
            return new();
        });
        var call = client.CallToolAsync("assistant", new Dictionary<string, object?> { ["prompt"] = "hello" }).AsTask();
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30));

        await client.DisposeAsync();

        await Probe.OneAborted.ComesAsync(server, provider);
        await Assert.ThrowsAnyAsync<Exception>(() => call);
    }

    [Theory, MemberData(nameof(Revisions))]
    public async Task Each_caller_reaches_the_agents_of_its_tenant(string revision)
    {
        await using var server = await KeyedServer.StartAsync(ScriptedProvider.Always(Script.Text("Hi.")));
        foreach (var tenant in new[] { "a", "b" })
        {
            await using var client = await ConnectAsync(server, revision, secret: $"secret-{tenant}-chat");
            await client.CallToolAsync("assistant", new Dictionary<string, object?> { ["prompt"] = $"I am {tenant}", ["key"] = "ann" });
        }

        foreach (var tenant in new[] { "a", "b" })
            Assert.Equal([$"I am {tenant}", "Hi."], (await server.Agents.For(tenant)["assistant", "ann"].GetMessagesAsync()).Select(message => message.Text));
        Assert.Empty(await server.Agents["assistant", "ann"].GetMessagesAsync());
    }

    private static Task<AgentServer> ApprovingAsync(IChatClient provider, ScriptedTool send) => AgentServer.StartAsync(
        agents => agents.AddProvider("default", provider).AddTool("send", new ApprovalRequiredAIFunction(send)).AddAgent("assistant", a => a.WithTool("send")), Probe.Serve);

    private static Task<McpClient> ConnectAsync(
        AgentServer server, string revision, Func<ElicitRequestParams?, CancellationToken, ValueTask<ElicitResult>>? answer = null, string? secret = null)
    {
        var transport = new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = new Uri(server.Address, "mcp"),
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = secret is null ? null : new Dictionary<string, string> { ["Authorization"] = $"Bearer {secret}" },
        });
        return McpClient.CreateAsync(transport, new McpClientOptions { ProtocolVersion = revision, Handlers = new() { ElicitationHandler = answer } });
    }

    private static string Text(CallToolResult result) => Assert.IsType<TextContentBlock>(result.Content[0]).Text;

    private sealed class Reports : IProgress<ProgressNotificationValue>
    {
        private readonly TaskCompletionSource<ProgressNotificationValue> _first = new();

        public void Report(ProgressNotificationValue value) => _first.TrySetResult(value);

        public Task<ProgressNotificationValue> FirstAsync() => _first.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }
}
