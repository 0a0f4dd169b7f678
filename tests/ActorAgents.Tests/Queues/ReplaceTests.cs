using ActorAgents.Testing;
using static ActorAgents.Tests.TurnProbes;

namespace ActorAgents.Tests.Queues;

/// <summary><see cref="BusyPolicy.Interrupt"/>.</summary>
public sealed class ReplaceTests
{
    private static readonly TurnOptions Replace = new() { OnBusy = BusyPolicy.Interrupt };

    [Theory, EveryWayOut]
    public async Task The_running_turn_ends_as_replaced_and_the_input_runs_before_those_that_wait(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Text("A").Stall(out var silent), Script.Text("B"), Script.Text("C"));
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        await using var replaced = runtime.Read(way, agent, "first").Probe();
        await replaced.ReadTextAsync("A");
        replaced.Pull();
        await silent.ReachedAsync();
        var waiting = await agent.StartAsync("waiting");

        var events = await runtime.ReadAllAsync(way, agent, "urgent", Replace);

        Assert.Equal("B", Assert.IsType<TurnCompleted>(events[^1]).Text);
        await replaced.ReadInterruptedAsync(InterruptReason.Replaced, "A");
        await using var reader = waiting.ReadAsync().Probe();
        await reader.ReadEndAsync<TurnCompleted>();
        Assert.Equal(["user: first (interrupted)", "assistant: A (interrupted)", "user: urgent", "assistant: B", "user: waiting", "assistant: C"], await agent.HistoryAsync());
        await provider.ReleasedAsync();
        Assert.Empty(provider.Violations);
    }

    [Fact]
    public async Task An_idle_agent_just_runs_it()
    {
        var provider = new ScriptedProvider(Script.Text("A"));
        await using var runtime = await WaysOut.StartAsync(provider);

        Assert.Equal("A", (await runtime.Agents["writer", "1"].RunAsync("go", Replace)).Content);
    }

    [Fact]
    public async Task Of_many_that_replace_each_other_at_once_every_one_ends()
    {
        var provider = new ScriptedProvider(request => Script.Text("re ", request.Prompt).YieldBetween());
        await using var runtime = await WaysOut.StartAsync(provider, a => a.WithLimits(l => l with { MaxQueuedInputs = 100 }));
        var agent = runtime.Agents["writer", "1"];

        var ends = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(async () => (await runtime.ReadAllAsync(WayOut.AwaitForeach, agent, $"q{i}", Replace))[^1])));

        Assert.All(ends, end => Assert.True(end is TurnCompleted or TurnInterrupted { Reason: InterruptReason.Replaced }, end.ToString()));
        Assert.Contains(ends, end => end is TurnCompleted);
        await provider.ReleasedAsync();
        Assert.Empty(provider.Violations);
    }
}
