using ActorAgents.Testing;
using static ActorAgents.Tests.TurnProbes;

namespace ActorAgents.Tests.Queues;

public sealed class ManyAgentsTests
{
    [Theory, EveryWayOut, Trait("Behaviour", "T74")]
    public async Task A_thousand_agents_at_once_each_give_their_own_text_in_order(WayOut way)
    {
        var gate = new Gate();
        var provider = new ScriptedProvider(request => Script.Stall(gate).Text(Enumerable.Range(0, 20).Select(i => $"{request.Prompt}.{i} ")).YieldBetween());
        await using var runtime = await WaysOut.StartAsync(provider);
        var reads = Enumerable.Range(0, 1000).Select(i => runtime.ReadAllAsync(way, runtime.Agents["writer", $"{i}"], $"q{i}")).ToArray();
        await gate.ReachedAsync(1000); // All are live now.
        Assert.Equal(1000, runtime.Agents.Status.LiveTurns);

        gate.Open();

        for (var i = 0; i < reads.Length; i++)
        {
            var events = await reads[i];
            Assert.Equal(string.Concat(Enumerable.Range(0, 20).Select(chunk => $"q{i}.{chunk} ")), events.Text());
            Assert.Equal(Enumerable.Range(1, events.Count).Select(seq => (long)seq), events.Select(next => next.Seq));
        }
        Assert.Equal(0, runtime.Agents.Status.LiveTurns);
        Assert.Empty(provider.Violations);
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T75")]
    public async Task Asked_during_a_stream_the_conversation_is_there_at_once_and_whole(WayOut way)
    {
        var tool = new ScriptedTool("look");
        var provider = new ScriptedProvider(Script.Text("A"), Script.Text("Wait. ").Call("look"), Script.Text("B").Stall(out var silent));
        await using var runtime = await WaysOut.StartAsync(provider, a => a.WithTool(tool));
        var agent = runtime.Agents["writer", "1"];
        await agent.RunAsync("first");
        await using var probe = runtime.Read(way, agent, "second", Called("t2")).Probe();
        await probe.ReadUpToAsync("Wait. B", silent);

        var history = await agent.HistoryAsync();

        Assert.Equal(["user: first", "assistant: A", "user: second (running)", "assistant: Wait.  (running)", "tool:  (running)"], history);
        await agent.InterruptAsync(new TurnId("t2"));
    }

    [Fact, Trait("Behaviour", "T75")]
    public async Task What_was_given_out_does_not_change_with_the_turn_and_changing_it_changes_nothing()
    {
        var provider = ScriptedProvider.Always(Script.Text("A"));
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        await agent.RunAsync("first");
        var before = await agent.GetMessagesAsync();
        before[0].Contents.Clear();
        before[0].AdditionalProperties!.Clear();

        await agent.RunAsync("second");

        Assert.Equal(2, before.Count);
        Assert.Equal(["user: first", "assistant: A", "user: second", "assistant: A"], await agent.HistoryAsync());
    }
}
