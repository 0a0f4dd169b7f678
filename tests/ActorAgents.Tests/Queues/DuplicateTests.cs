using ActorAgents.Testing;
using static ActorAgents.Tests.TurnProbes;

namespace ActorAgents.Tests.Queues;

/// <summary>The same turn id again.</summary>
public sealed class DuplicateTests
{
    [Fact]
    public async Task Attached_it_is_refused_while_the_turn_runs_or_waits_and_when_it_has_ended()
    {
        var provider = new ScriptedProvider(Script.Stall(out var silent).Text("A"), Script.Text("B"));
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        await agent.StartAsync("go", Called("running"));
        var waiting = await agent.StartAsync("go", Called("waiting"));

        await Assert.ThrowsAsync<DuplicateTurnException>(() => agent.RunAsync("again", Called("running")));
        await Assert.ThrowsAsync<DuplicateTurnException>(() => agent.RunAsync("again", Called("waiting")));
        silent.Open();
        await using var reader = waiting.ReadAsync().Probe();
        await reader.ReadEndAsync<TurnCompleted>();
        var refused = await Assert.ThrowsAsync<DuplicateTurnException>(() => agent.RunAsync("again", Called("running")));

        Assert.Contains("running", refused.Message);
        Assert.Equal(2, provider.CallsStarted);
        Assert.Equal(4, (await agent.HistoryAsync()).Length);
    }

    [Fact]
    public async Task Detached_it_attaches_to_the_running_turn_and_to_the_kept_log()
    {
        var provider = new ScriptedProvider(Script.Text("A").Stall(out var silent).Text("B"));
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        await agent.StartAsync("go", Called("t"));
        var again = await agent.StartAsync("go", Called("t"));
        silent.Open();
        await using var reader = again.ReadAsync().Probe();
        Assert.Equal("AB", (await reader.ReadEndAsync<TurnCompleted>()).Text);

        await using var late = (await agent.StartAsync("go", Called("t"))).ReadAsync().Probe();
        Assert.Equal("AB", (await late.ReadEndAsync<TurnCompleted>()).Text);
        Assert.Equal(1, provider.CallsStarted);
    }

    [Fact]
    public async Task Detached_it_is_refused_when_the_id_is_that_of_an_attached_turn()
    {
        var provider = new ScriptedProvider(Script.Text("A"));
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        await agent.RunAsync("go", Called("t"));

        await Assert.ThrowsAsync<DuplicateTurnException>(() => agent.StartAsync("go", Called("t")));
    }

    [Fact]
    public async Task Of_many_detached_starts_at_once_one_runs_and_all_read_it()
    {
        var provider = ScriptedProvider.Always(Script.Text("A", "B").YieldBetween());
        await using var runtime = await WaysOut.StartAsync(provider);
        for (var round = 0; round < 20; round++)
        {
            var agent = runtime.Agents["writer", $"{round}"];
            var ends = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => runtime.ReadAllAsync(WayOut.TurnLog, agent, "go", Called("t")))));
            Assert.All(ends, events => Assert.Equal("AB", events.Text()));
        }
        Assert.Equal(20, provider.CallsStarted);
    }

    [Fact]
    public async Task A_start_that_is_refused_is_refused_to_all_that_share_its_id()
    {
        var provider = ScriptedProvider.Always(Script.Stall(out _));
        await using var runtime = await WaysOut.StartAsync(provider, a => a.OnBusy(BusyPolicy.Reject));
        var agent = runtime.Agents["writer", "1"];
        await agent.StartAsync("go");

        var starts = Enumerable.Range(0, 200).Select(i => Task.Run(() => agent.StartAsync("no", Called($"t{i / 4}")))).ToArray();

        foreach (var start in starts) await Assert.ThrowsAsync<AgentBusyException>(() => start);
    }

    [Fact]
    public async Task Two_agents_may_have_turns_of_the_same_id()
    {
        var provider = ScriptedProvider.Always(Script.Text("A"));
        await using var runtime = await WaysOut.StartAsync(provider);
        await runtime.Agents["writer", "1"].RunAsync("go", Called("t"));
        await runtime.Agents["writer", "2"].RunAsync("go", Called("t"));
        Assert.Equal(2, provider.CallsStarted);
    }

    [Fact]
    public async Task The_id_of_a_turn_that_never_ran_may_be_used_again()
    {
        var provider = new ScriptedProvider(Script.Text("A"));
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        await using var stopped = agent.EventsAsync("go", Called("t"), new CancellationToken(canceled: true)).Probe();
        await stopped.ReadInterruptedAsync(InterruptReason.Caller, "");

        Assert.Equal("A", (await agent.RunAsync("go", Called("t"))).Content);
    }
}
