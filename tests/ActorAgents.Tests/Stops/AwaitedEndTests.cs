using ActorAgents.Testing;
using Akka.Actor;
using static ActorAgents.Tests.TurnProbes;

namespace ActorAgents.Tests.Stops;

public sealed class AwaitedEndTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task After_an_interrupt_the_awaited_end_finds_the_record_every_time()
    {
        await using var runtime = await WaysOut.StartAsync(ScriptedProvider.Always(Script.Text("Once ", "upon").Stall().YieldBetween(), keepRequests: false));
        for (var i = 0; i < 200; i++)
        {
            var agent = runtime.Agents["writer", $"{i}"];
            var turn = await agent.StartAsync("go");
            await agent.InterruptAsync(turn.Id);

            await agent.WhenEndedAsync(turn.Id).WaitAsync(Patience);

            Assert.All((await agent.GetMessagesAsync()).Skip(1), message => Assert.Equal("interrupted", message.AdditionalProperties!["actoragents.state"]));
        }
    }

    [Fact]
    public async Task The_end_of_a_running_and_of_a_waiting_turn_is_awaited_by_any_number()
    {
        var provider = new ScriptedProvider(Script.Text("a").Stall(out var first), Script.Text("b").Stall(out var second));
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        await agent.StartAsync("go", Called("t1"));
        await agent.StartAsync("go", Called("t2"));
        Task[] ends = [agent.WhenEndedAsync(new("t1")), agent.WhenEndedAsync(new("t1")), agent.WhenEndedAsync(new("t2"))];
        await agent.GetMessagesAsync(); // Answered after the questions above have arrived.
        Assert.All(ends, end => Assert.False(end.IsCompleted));

        first.Open();
        await Task.WhenAll(ends[..2]).WaitAsync(Patience);
        await second.ReachedAsync();
        Assert.False(ends[2].IsCompleted);
        second.Open();
        await ends[2].WaitAsync(Patience);

        Assert.Equal(["user: go", "assistant: a", "user: go", "assistant: b"], await agent.HistoryAsync());
    }

    [Fact]
    public async Task Who_waits_for_the_end_of_a_stuck_turn_leaves_no_question_open_and_may_give_up()
    {
        var provider = new ScriptedProvider(Script.Text("a").BlockSynchronously(out var blocked));
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        var turn = await agent.StartAsync("go");
        await blocked.ReachedAsync();
        using var impatient = new CancellationTokenSource();
        var temporary = ((ExtendedActorSystem)runtime.System).Provider.TempContainer;

        var impatiently = Enumerable.Range(0, 100).Select(_ => agent.WhenEndedAsync(turn.Id, impatient.Token)).ToArray();
        var kept = agent.WhenEndedAsync(turn.Id);

        await Task.Run(async () => { while (IsAsked()) await Task.Yield(); }).WaitAsync(Patience); // A question's actor goes just after its answer.
        await impatient.CancelAsync();
        foreach (var wait in impatiently) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait.WaitAsync(Patience));
        Assert.False(kept.IsCompleted);
        blocked.Open();
        await kept.WaitAsync(Patience);

        bool IsAsked() => (bool)temporary.GetType().GetProperty("HasChildren")!.GetValue(temporary)!;
    }

    [Fact]
    public async Task The_end_of_an_unknown_turn_is_there_at_once_and_starts_no_agent()
    {
        await using var runtime = await WaysOut.StartAsync(new ScriptedProvider());

        await runtime.Agents["writer", "1"].WhenEndedAsync(new("never")).WaitAsync(Patience);

        Assert.Equal(0, runtime.Agents.Status.Agents);
    }
}
