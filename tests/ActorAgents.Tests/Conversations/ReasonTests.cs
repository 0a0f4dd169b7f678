using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.Tests.Conversations;

/// <summary>What the messages of a conversation say of how their turn ended, and why.</summary>
public sealed class ReasonTests
{
    public static TheoryData<string, ChatScript, string, string?> Ends => new()
    {
        { "stop", Script.Text("A"), "completed", null },
        { "length", Script.Text("A").Finish(ChatFinishReason.Length), "completed", "length" },
        { "filter", Script.Text("A").Finish(ChatFinishReason.ContentFilter), "completed", "content_filter" },
        { "rounds", Script.Call("look_up"), "completed", nameof(TurnLimit.ToolRounds) },
        { "failed", Script.Text("A").Fails(503), "failed", nameof(TurnErrorKind.Truncated) },
        { "text", Script.Text("A long text."), "interrupted", nameof(InterruptReason.TextLimit) },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task A_conversation_keeps_why_a_turn_ended(string name, ChatScript script, string state, string? reason)
    {
        _ = name;
        await using var runtime = await WaysOut.StartAsync(ScriptedProvider.Always(script), agent: a => a.WithTool(new ScriptedTool("look_up", _ => "42"))
            .WithLimits(l => l with { MaxTextChars = 8, MaxToolRounds = 1, Retries = 0 }));
        var agent = runtime.Agents["writer", "1"];
        await foreach (var _ in agent.EventsAsync("go")) { }

        Assert.All(await agent.GetMessagesAsync(), message => Assert.Equal((state, reason), (message.GetTurnState(), message.GetTurnReason())));
    }

    [Fact]
    public async Task A_turn_that_runs_has_no_reason_and_one_that_was_stopped_says_by_whom()
    {
        await using var runtime = await WaysOut.StartAsync(new ScriptedProvider(Script.Text("A").Stall(out var gate)));
        var agent = runtime.Agents["writer", "1"];
        var turn = await agent.StartAsync("go");
        await gate.ReachedAsync();

        Assert.All(await agent.GetMessagesAsync(), message => Assert.Equal(("running", null), (message.GetTurnState(), message.GetTurnReason())));
        await turn.InterruptAsync();
        await agent.WhenEndedAsync(turn.Id);
        Assert.All(await agent.GetMessagesAsync(), message => Assert.Equal(("interrupted", "User"), (message.GetTurnState(), message.GetTurnReason())));
    }
}
