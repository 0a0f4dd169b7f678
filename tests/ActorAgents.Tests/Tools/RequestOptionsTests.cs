using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.Tests.Tools;

public sealed class RequestOptionsTests
{
    private readonly ScriptedTool _tool = new("tool");

    public static TheoryData<WayOut, ChatToolMode> Demands()
    {
        var demands = new TheoryData<WayOut, ChatToolMode>();
        foreach (var way in Enum.GetValues<WayOut>())
        {
            demands.Add(way, ChatToolMode.RequireAny);
            demands.Add(way, ChatToolMode.RequireSpecific("tool"));
        }
        return demands;
    }

    [Theory, MemberData(nameof(Demands), DisableDiscoveryEnumeration = true), Trait("Behaviour", "M07")]
    public async Task A_demand_for_a_tool_holds_for_the_first_round_of_each_turn(WayOut way, ChatToolMode mode)
    {
        var provider = new ScriptedProvider(request => request.Messages[^1].Role == ChatRole.Tool ? "Done." : Script.Call("tool"));
        await using var one = await OneAgent.StartAsync(way, provider, agent => agent.WithTool(_tool).WithChatOptions(o => o.ToolMode = mode));

        await one.ReadAllAsync("go");
        await one.ReadAllAsync("again");

        Assert.Equal([mode, null, mode, null], provider.Requests.Select(r => r.Options!.ToolMode));
    }

    [Theory, EveryWayOut, Trait("Behaviour", "M07")]
    public async Task A_provider_that_keeps_the_conversation_is_sent_only_what_is_new(WayOut way)
    {
        var provider = new ScriptedProvider(
            Script.Text("a").Call("tool", callId: "c1").Update(Conversation("v1")), Script.Call("tool", callId: "c2").Update(Conversation("v2")),
            Script.Text("b").Update(Conversation("v3")));
        await using var one = await OneAgent.StartAsync(way, provider, _tool);

        await one.ReadAllAsync("go");

        Assert.Equal([null, "v1", "v2"], provider.Requests.Select(r => r.Options!.ConversationId));
        Assert.Equal(["c1"], Assert.Single(provider.Requests[1].Messages).Contents.Cast<FunctionResultContent>().Select(r => r.CallId));
        Assert.Equal(["c2"], Assert.Single(provider.Requests[2].Messages).Contents.Cast<FunctionResultContent>().Select(r => r.CallId));
    }

    [Theory, EveryWayOut, Trait("Behaviour", "M07")]
    public async Task A_response_without_a_conversation_has_the_whole_history_sent_again(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Call("tool", callId: "c1").Update(Conversation("v1")), Script.Call("tool", callId: "c2"), "Done.");
        await using var one = await OneAgent.StartAsync(way, provider, agent => agent.WithInstructions("Be brief.").WithTool(_tool));

        await one.ReadAllAsync("go");

        Assert.Null(provider.Requests[2].Options!.ConversationId);
        Assert.Equal(["system", "user", "assistant", "tool", "assistant", "tool"], provider.Requests[2].Messages.Roles());
        Pairing.AssertValid(provider.Requests[2].Messages);
    }

    [Theory, EveryWayOut, Trait("Behaviour", "M07")]
    public async Task A_conversation_that_the_caller_names_stands_for_the_history(WayOut way)
    {
        var provider = new ScriptedProvider("Hello.", Script.Text("Yes.").Update(Conversation("v1")));
        await using var one = await OneAgent.StartAsync(way, provider, _tool);
        await one.ReadAllAsync("Hi.");

        await one.ReadAllAsync("Still there?", new TurnOptions { Chat = new ChatOptions { ConversationId = "v1" } });

        Assert.Equal("v1", provider.Requests[1].Options!.ConversationId);
        Assert.Equal(["user"], provider.Requests[1].Messages.Roles());
    }

    [Theory, EveryWayOut, Trait("Behaviour", "M08")]
    public async Task Usage_is_summed_over_the_rounds(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Call("tool").Usage(10, 1), Script.Call("tool").Usage(20, 2), Script.Text("Done.").Usage(30, 3));
        await using var one = await OneAgent.StartAsync(way, provider, _tool);

        Assert.Equal(new TokenUsage(60, 6, 66), (await one.ReadAllAsync("go")).End<TurnCompleted>().Usage);
    }

    [Theory, EveryWayOut, Trait("Behaviour", "M08")]
    public async Task Usage_that_was_told_is_in_the_terminal_event_of_an_interrupted_turn(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Call("tool").Usage(10, 1), Script.Text("a").Usage(20, 2).Stall(out var silent));
        await using var one = await OneAgent.StartAsync(way, provider, _tool);

        await using var probe = one.Probe("go");
        await probe.UntilAsync<TextDelta>();
        probe.Pull();
        await silent.ReachedAsync();
        await one.InterruptAsync();

        Assert.Equal(new TokenUsage(30, 3, 33), (await probe.EndAsync<TurnInterrupted>()).Usage);
    }

    private static ChatResponseUpdate Conversation(string id) => new() { ConversationId = id };
}
