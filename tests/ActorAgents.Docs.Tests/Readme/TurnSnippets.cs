using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.Docs.Tests.Readme;

public sealed class TurnSnippets : SnippetTest
{
    [Fact]
    public async Task A_turn_is_interrupted_by_its_id()
    {
        var provider = new ScriptedProvider(Script.Text("Once ", "upon").Stall(out var gate));
        var runtime = await RuntimeAsync(agents => agents.AddProvider("default", provider).AddAgent("writer"));
        var agents = runtime.Agents;
        var turnId = new TurnId("t1");
        await using var reading = agents["writer", "ann"].EventsAsync("Tell me a story", new TurnOptions { TurnId = turnId }).Probe();
        await reading.NextAsync(3);
        reading.Pull();
        await gate.ReachedAsync();
        #region readme-interrupt
        bool stopped = await agents["writer", "ann"].InterruptAsync(turnId);
        #endregion
        Assert.True(stopped);
        var end = await reading.NextAsync<TurnInterrupted>();
        Assert.Equal(("Once upon", InterruptReason.User), (end.Partial, end.Reason));
        await provider.ReleasedAsync();
    }

    [Fact]
    public async Task A_call_waits_for_a_person()
    {
        var sent = new List<string>();
        var provider = new ScriptedProvider(Script.Call("send", new { text = "hello" }), "Sent.");
        #region readme-approval
        AIFunction send = AIFunctionFactory.Create((string text) => sent.Add(text), "send");
        await using var runtime = await AgentRuntime.StartAsync(agents => agents
            .AddProvider("default", provider)
            .AddTool("send", new ApprovalRequiredAIFunction(send))
            .AddAgent("courier", a => a.WithTool("send")));
        Agent agent = runtime.Agents["courier", "1"];

        await foreach (var next in agent.EventsAsync("Say hello to the team"))
        {
            if (next is ApprovalRequested request) await agent.AnswerAsync(request.RequestId, approved: request.Tool == "send");
            if (next is TurnCompleted completed) Console.WriteLine(completed.Text);
        }
        #endregion
        Assert.Equal(["hello"], sent);
        Assert.Equal("Sent." + Environment.NewLine, Printed);
    }

    [Fact]
    public async Task A_detached_turn_is_read_again_from_a_place()
    {
        var agent = await AgentAsync(Script.Text("Once ", "upon ", "a time."));
        #region readme-detached
        TurnHandle turn = await agent.StartAsync("Tell me a story"); // runs whether anybody reads or not
        TurnCursor place = default;
        await foreach (var next in turn.ReadAsync())
        {
            place = next.Cursor;
            if (next is TextDelta) break; // leaving does not stop it
        }

        await foreach (var next in agent.Turn(turn.Id).ReadAsync(after: place)) // later, from wherever the id is known
            if (next is TextDelta text) Console.Write(text.Text);
        #endregion
        Assert.Equal("upon a time.", Printed);
    }

    [Fact]
    public async Task A_halt_stops_a_tenant_until_it_is_released()
    {
        var provider = new ScriptedProvider(Script.Text("Once").Stall(), "Again.", "Hello.");
        var runtime = await RuntimeAsync(agents => agents.AddProvider("default", provider).AddAgent("writer"));
        var agents = runtime.Agents;
        await using var reading = agents.For("acme")["writer", "1"].StreamAsync("Tell me a story").Probe();
        await reading.NextAsync();
        reading.Pull();
        await provider.StalledAsync();
        #region readme-halt
        Halt halt = await agents.HaltAsync(HaltScope.Tenant("acme"), "over budget");
        #endregion
        var stopped = await reading.ExpectFailureAsync<StreamInterruptedException>();
        Assert.Equal((InterruptReason.Halted, "Once"), (stopped.Reason, stopped.PartialResponse));
        var refused = await Assert.ThrowsAsync<AgentHaltedException>(() => agents.For("acme")["writer", "2"].RunAsync("x"));
        Assert.Contains("over budget", refused.Message);
        Assert.Equal("Again.", (await agents["writer", "1"].RunAsync("x")).Content);
        #region readme-halt
        await agents.ReleaseAsync(halt.Id);
        #endregion
        Assert.Equal("Hello.", (await agents.For("acme")["writer", "1"].RunAsync("x")).Content);
    }
}
