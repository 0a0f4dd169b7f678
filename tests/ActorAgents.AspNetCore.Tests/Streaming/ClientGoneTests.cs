using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore.Tests.Streaming;

public sealed class ClientGoneTests
{
    private const string Turns = "/agents/assistant/1/turns";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static TheoryData<string, bool> Moments
    {
        get
        {
            var moments = new TheoryData<string, bool>();
            foreach (var moment in new[] { "queued", "before the first token", "mid-token", "while a tool runs", "while an approval waits" })
                foreach (var detached in new[] { false, true }) moments.Add(moment, detached);
            return moments;
        }
    }

    [Theory, MemberData(nameof(Moments)), Trait("Behaviour", "T86")]
    public async Task A_client_that_goes_ends_an_attached_turn_and_leaves_a_detached_one_to_go_on(string moment, bool detached)
    {
        var (busy, gate) = (new Gate(), new Gate());
        var look = new ScriptedTool("look", _ => "seen").Holds(gate);
        var provider = new ScriptedProvider(request => request.Messages[^1] switch
        {
            { Role: var role } when role == ChatRole.Tool => Script.Text("Done."),
            { Text: "first" } => Script.Text("Hi.").Stall(busy),
            _ => moment switch
            {
                "before the first token" => Script.Stall(gate).Text("Done."),
                "while a tool runs" => Script.Call("look"),
                "while an approval waits" => Script.Call("send"),
                _ => Script.Text("Once ").Stall(gate).Text("Done."),
            },
        });
        await using var server = await AgentServer.StartAsync(agents => agents.AddProvider("default", provider)
            .AddTool("look", look).AddTool("send", new ApprovalRequiredAIFunction(new ScriptedTool("send"))).AddAgent("assistant", a => a.WithTool("look").WithTool("send")),
            http => http.KeepAlive = TimeSpan.FromMilliseconds(20)); // So that a queued turn's response begins.
        var agent = server.Agents["assistant", "1"];
        await using var first = moment == "queued" ? await server.StreamAsync(Turns, new { input = "first" }) : null;
        if (first is not null) await first.NextAsync("text");
        string? request = null;

        var stream = await server.StreamAsync(Turns, new { input = "hello", turnId = "t1", mode = detached ? "detached" : "attached" });
        switch (moment)
        {
            case "before the first token": await stream.NextAsync("started"); await gate.ReachedAsync(); break;
            case "mid-token": await stream.NextAsync("text"); await gate.ReachedAsync(); break;
            case "while a tool runs": await stream.NextAsync("tool-started"); await gate.ReachedAsync(); break;
            case "while an approval waits": request = (await stream.NextAsync("approval")).Text("requestId"); break;
        }
        await stream.DisposeAsync();

        if (!detached) await agent.WhenEndedAsync(new TurnId("t1")).WaitAsync(Patience);
        busy.Open();
        gate.Open();
        if (request is not null) Assert.Equal(detached ? ApprovalOutcome.Taken : ApprovalOutcome.Unknown, await agent.AnswerAsync(request, approved: true));
        await agent.WhenEndedAsync(new TurnId("t1")).WaitAsync(Patience);
        var records = (await agent.GetMessagesAsync()).Where(m => (string)m.AdditionalProperties!["actoragents.turn"]! == "t1").ToList();
        if (detached) Assert.EndsWith("Done.", records[^1].Text);
        else Assert.All(records, record => Assert.Equal("interrupted", record.AdditionalProperties!["actoragents.state"]));
        if (first is not null) await first.NextAsync("completed");
        await provider.ReleasedAsync();
        Assert.Equal((0, 0), (server.Agents.Status.LiveTurns, server.Agents.Status.WaitingTurns));
    }

    [Fact]
    public async Task A_client_that_goes_while_it_waits_for_a_whole_answer_interrupts_it()
    {
        var provider = new ScriptedProvider(Script.Text("Once ").Stall());
        await using var server = await AgentServer.StartAsync(provider);
        using var leave = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, Turns) { Content = new StringContent("""{"input":"hello","turnId":"t1"}""", null, "application/json") };
        var answer = server.Client.SendAsync(request, leave.Token);
        await provider.StalledAsync();

        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        await server.Agents["assistant", "1"].WhenEndedAsync(new TurnId("t1")).WaitAsync(Patience);
        await provider.ReleasedAsync();
        Assert.Equal(0, server.Agents.Status.LiveTurns);
    }

    [Theory]
    [InlineData("Content-Length: 100\r\n\r\n{\"input\":")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n9\r\n{\"input\":\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nzz\r\n")]
    [InlineData("Content-Length: 100\r\n\r\n")]
    public async Task A_client_that_sends_half_a_body_and_goes_leaves_nothing(string rest)
    {
        var key = ("Authorization", "Bearer s");
        await using var server = await AgentServer.StartAsync(ScriptedProvider.Always(Script.Text("Hi.")), http =>
        {
            http.Keys.Add(new ApiKey("ann", ApiKey.Hash("s"), [ActorAgentsScopes.Chat]));
            http.PerKey = new(0, 1);
        });
        using (var connection = await RawHttp.ConnectAsync(server.Address,
            $"POST {Turns} HTTP/1.1\r\nHost: {server.Address.Authority}\r\nAuthorization: Bearer s\r\nContent-Type: application/json\r\n{rest}"))
            connection.LingerState = new(true, 0); // A reset, as of a process that died.

        while (true) // The place of the one who left is free again.
        {
            using var next = await server.PostAsync(Turns, new { input = "hello" }, key);
            if (next.IsSuccessStatusCode) break;
            Assert.Equal(System.Net.HttpStatusCode.TooManyRequests, next.StatusCode);
        }
        Assert.Equal(2, (await server.Agents["assistant", "1"].GetMessagesAsync()).Count);
        Assert.Equal(0, server.Agents.Status.LiveTurns);
    }
}
