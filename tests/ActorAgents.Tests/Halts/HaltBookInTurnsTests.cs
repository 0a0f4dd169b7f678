using ActorAgents.Testing;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using static ActorAgents.Tests.TurnProbes;

namespace ActorAgents.Tests.Halts;

/// <summary>What a turn looks up in the book itself: one that was missed when the turns of its scope were stopped ends all the same.</summary>
public sealed class HaltBookInTurnsTests
{
    [Theory, EveryWayOut]
    public async Task No_step_begins_under_a_halt(WayOut way)
    {
        AgentRuntime? runtime = null;
        var look = new ScriptedTool("look", _ => { Halt(runtime!); return "seen"; });
        var provider = new ScriptedProvider(Script.Text("A").Call("look"), "never asked for");
        runtime = await WaysOut.StartAsync(provider, a => a.WithTool(look));
        await using var _ = runtime;

        var events = await runtime.ReadAllAsync(way, runtime.Agents["writer", "1"], "go");

        Assert.Equal(("A", InterruptReason.Halted), events[^1] is TurnInterrupted end ? (end.Partial, end.Reason) : default);
        Assert.Equal(1, provider.CallsStarted);
        Assert.Equal(ToolOutcome.Succeeded, Assert.Single(events.OfType<ToolFinished>()).Outcome);
    }

    [Theory, EveryWayOut]
    public async Task No_tool_starts_under_a_halt(WayOut way)
    {
        AgentRuntime? runtime = null;
        var first = new ScriptedTool("first", _ => { Halt(runtime!); return "seen"; });
        var second = new ScriptedTool("second", _ => "never called");
        var provider = new ScriptedProvider(Script.Text("A").Call("first").Call("second"), "never asked for");
        runtime = await WaysOut.StartAsync(provider, a => a.WithTool(first).WithTool(second).WithLimits(l => l with { MaxParallelTools = 1 }));
        await using var _ = runtime;

        var events = await runtime.ReadAllAsync(way, runtime.Agents["writer", "1"], "go");

        Assert.Equal(InterruptReason.Halted, Assert.IsType<TurnInterrupted>(events[^1]).Reason);
        Assert.Equal((1, 0), (first.Started, second.Started));
        Assert.Equal(1, provider.CallsStarted);
    }

    [Theory, EveryWayOut]
    public async Task A_runtime_that_does_not_know_what_is_halted_takes_no_input_and_says_so(WayOut way)
    {
        var ledger = new SilentLedger();
        var provider = ScriptedProvider.Always("A");
        await using var runtime = await AgentRuntime.StartAsync(
            agents => agents.AddProvider("default", provider).AddAgent("writer"), akka: (akka, _) => akka
                .AddSetup(new HaltLedgerSetup(ledger)).AddHocon("actoragents.know-halts-within = 20ms", HoconAddMode.Prepend));
        var agent = runtime.Agents["writer", "1"];

        Assert.False(runtime.Agents.Status.IsReady);
        if (way == WayOut.TurnLog) await Assert.ThrowsAsync<RuntimeStartingException>(() => agent.StartAsync("go"));
        else Assert.Equal(TurnErrorKind.Starting, Assert.IsType<TurnFailed>(Assert.Single(await runtime.ReadAllAsync(way, agent, "go"))).Error.Kind);
        Assert.Equal(0, provider.CallsStarted);

        ledger.Node!.Obey([], 0);
        Assert.True(runtime.Agents.Status.IsReady);
        Assert.Equal("A", (await runtime.ReadAllAsync(way, agent, "go")).Text());
    }

    private static void Halt(AgentRuntime runtime) => runtime.Services.GetRequiredService<AgentsHost>().Node.Halts
        .Adopt([new Halt(new HaltId(1), HaltScope.Cluster, "a drill", DateTimeOffset.UnixEpoch)], 1);

    /// <summary>Is started and says nothing, as one whose database is down.</summary>
    private sealed class SilentLedger : IHaltLedger
    {
        public AgentNode? Node { get; private set; }

        public void Start(ActorSystem system, AgentNode node) => Node = node;

        public Task<Halt> HaltAsync(HaltScope scope, string reason, string? by, CancellationToken cancellationToken) => throw new NotSupportedException();
        public Task<bool> ReleaseAsync(HaltId halt, string? tenant, string? by, CancellationToken cancellationToken) => throw new NotSupportedException();
        public Task<IReadOnlyList<HaltRecord>> GetHistoryAsync(string? tenant, int max, long before, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
