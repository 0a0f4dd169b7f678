using ActorAgents.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static ActorAgents.Tests.TurnProbes;

namespace ActorAgents.Tests.Halts;

public sealed class HaltTests
{
    private readonly Gate _silent = new();

    [Theory, EveryWayOut, Trait("Behaviour", "P09")]
    public async Task Running_and_waiting_turns_of_the_scope_end_and_others_go_on(WayOut way)
    {
        var (provider, runtime) = await StartAsync();
        await using var _ = runtime;
        var (acme, other) = (runtime.Agents.For("acme")["writer", "1"], runtime.Agents.For("other")["writer", "1"]);
        await using StreamProbe<TurnEvent> running = runtime.Read(way, acme, "go").Probe(), untouched = runtime.Read(way, other, "go").Probe();
        await running.ReadTextAsync("A");
        await untouched.ReadTextAsync("A");
        running.Pull();
        untouched.Pull();
        await _silent.ReachedAsync(2);
        var waiting = acme.RunAsync("waiting");

        await runtime.Agents.HaltAsync(HaltScope.Tenant("acme"), "budget spent");

        await running.ReadInterruptedAsync(InterruptReason.Halted, "A");
        Assert.Equal(InterruptReason.Halted, (await Assert.ThrowsAsync<StreamInterruptedException>(() => waiting)).Reason);
        Assert.Equal(["user: go (interrupted)", "assistant: A (interrupted)"], await acme.HistoryAsync());
        _silent.Open();
        await untouched.ReadEndAsync<TurnCompleted>();
        Assert.Equal(2, provider.CallsStarted);
    }

    [Theory, EveryWayOut, Trait("Behaviour", "P09")]
    public async Task New_inputs_are_refused_by_scope_reason_and_id_until_the_halt_is_released(WayOut way)
    {
        _silent.Open();
        var (provider, runtime) = await StartAsync();
        await using var _ = runtime;
        var agent = runtime.Agents.For("acme")["writer", "1"];
        var halt = await runtime.Agents.HaltAsync(HaltScope.TenantKind("acme", "writer"), "budget spent");

        var refused = await Assert.ThrowsAsync<AgentHaltedException>(() => agent.RunAsync("go"));
        foreach (var named in new[] { "tenant:acme/kind:writer", "budget spent", halt.Id.ToString() }) Assert.Contains(named, refused.Message);
        if (way == WayOut.TurnLog) await Assert.ThrowsAsync<AgentHaltedException>(() => agent.StartAsync("go"));
        else Assert.Equal(TurnErrorKind.Halted, Assert.IsType<TurnFailed>(Assert.Single(await runtime.ReadAllAsync(way, agent, "go"))).Error.Kind);
        Assert.Equal(0, provider.CallsStarted);
        Assert.Empty(await agent.HistoryAsync());

        Assert.True(await runtime.Agents.ReleaseAsync(halt.Id));
        Assert.False(await runtime.Agents.ReleaseAsync(halt.Id));
        Assert.Equal("AB", (await runtime.ReadAllAsync(way, agent, "go")).Text());
    }

    [Fact, Trait("Behaviour", "P09")]
    public async Task Of_two_halts_each_must_be_released()
    {
        _silent.Open();
        var (_, runtime) = await StartAsync();
        await using var __ = runtime;
        var agent = runtime.Agents["writer", "1"];
        var all = await runtime.Agents.HaltAsync(HaltScope.Cluster, "maintenance");
        var one = await runtime.Agents.HaltAsync(HaltScope.Agent(agent.Id), "misbehaves");
        Assert.Equal([all, one], runtime.Agents.Halts);

        await runtime.Agents.ReleaseAsync(all.Id);
        Assert.Contains("misbehaves", (await Assert.ThrowsAsync<AgentHaltedException>(() => agent.RunAsync("go"))).Message);
        await runtime.Agents.ReleaseAsync(one.Id);
        Assert.Equal("AB", (await agent.RunAsync("go")).Content);
        Assert.Empty(runtime.Agents.Halts);
    }

    [Fact, Trait("Behaviour", "P09")]
    public async Task Inputs_that_race_with_a_halt_are_stopped_or_refused_and_none_runs_on()
    {
        var (provider, runtime) = await StartAsync();
        await using var _ = runtime;
        var turns = Enumerable.Range(0, 400).Select(i => Task.Run(() => runtime.ReadAllAsync(WayOut.AwaitForeach, runtime.Agents["writer", $"{i % 100}"], "go"))).ToArray();

        await _silent.ReachedAsync(10);
        await runtime.Agents.HaltAsync(HaltScope.Kind("writer"), "race");

        foreach (var turn in turns)
        {
            var end = (await turn.WaitAsync(TimeSpan.FromSeconds(30)))[^1];
            Assert.True(end is TurnInterrupted { Reason: InterruptReason.Halted } or TurnFailed { Error.Kind: TurnErrorKind.Halted }, end.ToString());
        }
        await provider.ReleasedAsync();
        Assert.Equal(0, runtime.Agents.Status.LiveTurns);
    }

    [Fact]
    public async Task A_halt_says_why()
    {
        var (_, runtime) = await StartAsync();
        await using var __ = runtime;
        await Assert.ThrowsAsync<ArgumentException>(() => runtime.Agents.HaltAsync(HaltScope.Cluster, " "));
        await Assert.ThrowsAsync<ArgumentException>(() => runtime.Agents.HaltAsync(HaltScope.Cluster, new string('x', Halt.MaxReasonChars + 1)));
    }

    [Fact]
    public async Task A_halt_says_who_asked_where_it_is_obeyed_and_how_many_turns_it_stopped_and_the_history_keeps_it()
    {
        var (_, runtime) = await StartAsync();
        await using var __ = runtime;
        var turn = runtime.Agents.For("acme")["writer", "1"].RunAsync("go");
        await _silent.ReachedAsync();

        var halt = await runtime.Agents.As("ann").For("acme").HaltAsync(HaltScope.Tenant("acme"), "over budget");
        await Assert.ThrowsAsync<StreamInterruptedException>(() => turn);
        Assert.Equal(("ann", 1), (halt.By, Assert.Single(halt.Nodes).Stopped));
        Assert.False(await runtime.Agents.For("other").ReleaseAsync(halt.Id));
        Assert.True(await runtime.Agents.For("acme").As("bob").ReleaseAsync(halt.Id));

        var history = await runtime.Agents.GetHaltHistoryAsync();
        Assert.Equal([(2, HaltAction.Released, "bob"), (1, HaltAction.Stood, "ann")], history.Select(entry => (entry.Epoch, entry.Action, entry.By)));
        Assert.All(history, entry => Assert.Equal(halt, entry.Halt));
        Assert.Equal([1], (await runtime.Agents.GetHaltHistoryAsync(1, before: 2)).Select(entry => entry.Epoch));
        Assert.Empty(await runtime.Agents.For("other").GetHaltHistoryAsync());
    }

    [Fact]
    public async Task A_logger_that_throws_keeps_no_turn_from_being_stopped()
    {
        var provider = ScriptedProvider.Always(Script.Text("A").Stall(_silent).Text("B"));
        await using var runtime = await AgentRuntime.StartAsync(agents => agents.AddProvider("default", provider).AddAgent("writer"),
            services => services.AddLogging(logging => logging.AddProvider(new BrokenLogs())));
        var probes = Enumerable.Range(0, 3).Select(i => runtime.Read(WayOut.AwaitForeach, runtime.Agents["writer", $"{i}"], "go").Probe()).ToArray();
        foreach (var probe in probes) await probe.ReadTextAsync("A"); // Nobody waits: the turns end in the call of the halt.

        await Assert.ThrowsAsync<AggregateException>(() => runtime.Agents.HaltAsync(HaltScope.Cluster, "a drill"));

        Assert.Equal(0, runtime.Agents.Status.LiveTurns);
        foreach (var probe in probes)
        {
            await probe.ReadInterruptedAsync(InterruptReason.Halted, "A");
            await probe.DisposeAsync();
        }
        Assert.Equal("a drill", Assert.Single(runtime.Agents.Halts).Reason);
    }

    private async Task<(ScriptedProvider, AgentRuntime)> StartAsync()
    {
        var provider = ScriptedProvider.Always(Script.Text("A").Stall(_silent).Text("B"));
        return (provider, await WaysOut.StartAsync(provider));
    }
}
