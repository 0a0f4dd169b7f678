using System.Text.Json;
using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore.Tests.A2A;

/// <summary>What a context is kept for, and what its tasks wait for.</summary>
public sealed class ContextTests
{
    private static AIFunction Asks(string tool) => new ApprovalRequiredAIFunction(new ScriptedTool(tool));

    [Fact]
    public async Task A_context_that_nobody_named_is_forgotten_after_its_last_task_and_a_named_one_is_not()
    {
        await using var server = await AgentServer.StartAsync(ScriptedProvider.Always("Hi."), http => http.KeepContexts = TimeSpan.FromMilliseconds(50));
        await server.ResultAsync("SendMessage", A2AServer.Message("go"));
        var made = (await server.ResultAsync("SendMessage", A2AServer.Message("go", null))).GetProperty("task").GetProperty("contextId").GetString()!;
        await server.ResultAsync("SendMessage", A2AServer.Message("go on", made));

        await server.AgentsLeftAsync(1);

        Assert.Equal(2, (await server.Agents["assistant", "ann"].GetMessagesAsync()).Count);
        Assert.Equal(0, (await server.ResultAsync("ListTasks", new { contextId = made })).GetProperty("totalSize").GetInt32());
    }

    [Fact]
    public async Task A_kind_that_says_how_long_it_is_kept_is_kept_so_long()
    {
        await using var server = await AgentServer.StartAsync(agents => agents.AddProvider("default", ScriptedProvider.Always("Hi."))
            .AddAgent("assistant").AddAgent("keeper", a => a.ForgetAfter(TimeSpan.FromHours(1))), http => http.KeepContexts = TimeSpan.FromMilliseconds(50));
        var kept = (await server.ResultAsync("SendMessage", A2AServer.Message("go", null), "/a2a/keeper")).GetProperty("task").GetProperty("contextId").GetString()!;
        await server.ResultAsync("SendMessage", A2AServer.Message("go", null));

        await server.AgentsLeftAsync(1);

        Assert.Equal(2, (await server.Agents["keeper", kept].GetMessagesAsync()).Count);
    }

    [Theory]
    [InlineData("ctx-0123456789abcdef0123456789abcdef", true)]
    [InlineData("ctx-0123456789abcdef0123456789abcde", false)]
    [InlineData("ctx-team", false)]
    [InlineData("0123456789abcdef0123456789abcdef", false)]
    public void A_made_key_is_known_by_its_whole_form(string key, bool made) => Assert.Equal(made, A2AContext.IsMade(key));

    [Fact]
    public async Task A_question_that_nobody_answers_for_an_hour_is_answered_no()
    {
        var time = new VirtualTime();
        var provider = new ScriptedProvider(Script.Call("send"), Script.Text("Then not."));
        await using var server = await AgentServer.StartAsync(agents => agents.WithTimeProvider(time.Provider).AddProvider("default", provider).AddTool("send", Asks("send")).AddAgent("assistant", a => a.WithTool("send")));
        await using var sender = await server.StreamCallAsync("SendStreamingMessage", A2AServer.Message("hello"));
        var frames = await sender.RestAsync();
        Assert.Equal("INPUT_REQUIRED", frames[^1].Result().Value.State());
        await using var subscriber = await server.StreamCallAsync("SubscribeToTask", new { id = frames[0].Result().Value.GetProperty("id").GetString() });

        time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(1, server.Agents.Status.LiveTurns);
        time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal("COMPLETED", (await subscriber.RestAsync())[^1].Result().Value.State());
    }

    [Fact]
    public async Task A_message_is_a_task_of_its_own_though_its_kind_lets_inputs_steer()
    {
        var provider = new ScriptedProvider(Script.Call("look"), Script.Text("first"), Script.Text("second"));
        var look = new ScriptedTool("look").Holds(out var gate);
        await using var server = await AgentServer.StartAsync(provider, agent: a => a.WithTool(look).OnBusy(BusyPolicy.Steer));
        await using var first = await server.StreamCallAsync("SendStreamingMessage", A2AServer.Message("1"));
        await gate.ReachedAsync();
        await using var second = await server.StreamCallAsync("SendStreamingMessage", A2AServer.Message("2"));
        await second.NextAsync();
        gate.Open();

        Assert.Contains("first", string.Concat((await first.RestAsync()).Select(frame => frame.Data)));
        Assert.Contains("second", string.Concat((await second.RestAsync()).Select(frame => frame.Data)));
    }
}
