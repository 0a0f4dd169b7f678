using ActorAgents.Testing;

namespace ActorAgents.Tests.Agents;

public sealed class LimitsTests
{
    private static readonly Func<AgentLimits, TimeSpan, AgentLimits>[] Waits =
    [
        (l, t) => l with { ToolTimeout = t }, (l, t) => l with { ToolGrace = t }, (l, t) => l with { FirstTokenTimeout = t },
        (l, t) => l with { IdleTimeout = t }, (l, t) => l with { TotalTimeout = t }, (l, t) => l with { ApprovalTimeout = t },
    ];

    private static readonly Func<AgentLimits, int, AgentLimits>[] Counts =
    [
        (l, n) => l with { MaxInputChars = n }, (l, n) => l with { MaxParallelTools = n }, (l, n) => l with { MaxToolResultChars = n },
        (l, n) => l with { MaxTextChars = n }, (l, n) => l with { MaxTurnTokens = n },
    ];

    private static readonly Func<AgentLimits, int, AgentLimits>[] CountsFromZero =
    [
        (l, n) => l with { MaxQueuedInputs = n }, (l, n) => l with { HistoryTurns = n }, (l, n) => l with { MaxToolRounds = n },
        (l, n) => l with { MaxToolCalls = n }, (l, n) => l with { MaxConsecutiveFailingRounds = n }, (l, n) => l with { Retries = n },
    ];

    [Fact, Trait("Behaviour", "T53")]
    public void A_wait_of_nothing_or_less_is_refused_and_infinite_must_be_said() => Assert.All(Waits, set =>
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => set(AgentLimits.Default, TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => set(AgentLimits.Default, TimeSpan.FromMilliseconds(-2)));
        Assert.Throws<ArgumentOutOfRangeException>(() => set(AgentLimits.Default, TimeSpan.MinValue));
        set(AgentLimits.Default, Timeout.InfiniteTimeSpan);
        set(AgentLimits.Default, TimeSpan.FromTicks(1));
    });

    [Fact, Trait("Behaviour", "T53")]
    public void A_count_below_its_least_is_refused_by_name()
    {
        Assert.All(Counts, set => Assert.Throws<ArgumentOutOfRangeException>(() => set(AgentLimits.Default, 0)));
        Assert.All(CountsFromZero, set => Assert.Throws<ArgumentOutOfRangeException>(() => set(AgentLimits.Default, -1)));
        Assert.All(CountsFromZero, set => set(AgentLimits.Default, 0));
        Assert.Equal("MaxTextChars", Assert.Throws<ArgumentOutOfRangeException>(() => new AgentLimits { MaxTextChars = 0 }).ParamName);
    }

    [Fact, Trait("Behaviour", "T53")]
    public async Task A_bad_limit_is_refused_where_it_is_written() => await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
        () => WaysOut.StartAsync(new(), a => a.WithLimits(l => l with { TotalTimeout = TimeSpan.Zero })));

    [Theory, EveryWayOut, Trait("Behaviour", "T53")]
    public async Task Without_a_limit_of_its_own_a_call_has_the_agents(WayOut way)
    {
        var time = new VirtualTime();
        await using var runtime = await StartAsync(time, out var gate);
        await using var probe = runtime.Read(way, runtime.Agents["writer", "1"], "Hi").Probe();
        await SilentAsync(probe, gate);

        time.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal(InterruptReason.TotalTimeout, (await probe.NextAsync<TurnInterrupted>()).Reason);
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T53")]
    public async Task A_limit_of_the_call_goes_before_the_agents(WayOut way)
    {
        var time = new VirtualTime();
        await using var runtime = await StartAsync(time, out var gate);
        var agent = runtime.Agents["writer", "1"];
        var options = new TurnOptions { Limits = agent.Definition.Limits with { TotalTimeout = TimeSpan.FromSeconds(5) } };
        await using var probe = runtime.Read(way, agent, "Hi", options).Probe();
        await SilentAsync(probe, gate);

        time.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal(InterruptReason.TotalTimeout, (await probe.NextAsync<TurnInterrupted>()).Reason);
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T53")]
    public async Task An_infinite_wait_is_without_end(WayOut way)
    {
        var time = new VirtualTime();
        await using var runtime = await StartAsync(time, out var gate);
        var agent = runtime.Agents["writer", "1"];
        var options = new TurnOptions { Limits = agent.Definition.Limits with { TotalTimeout = Timeout.InfiniteTimeSpan } };
        await using var probe = runtime.Read(way, agent, "Hi", options).Probe();
        await SilentAsync(probe, gate);

        time.Advance(TimeSpan.FromHours(10), TimeSpan.FromMinutes(1));
        await probe.ExpectNoEventAsync();
        gate.Open();

        (await probe.ReadAllAsync()).End<TurnCompleted>();
    }

    private static Task<AgentRuntime> StartAsync(VirtualTime time, out Gate gate) => WaysOut.StartAsync(
        new(Script.Text("Hel").Stall(out gate).Text("lo")),
        a => a.WithLimits(l => l with
        {
            TotalTimeout = TimeSpan.FromSeconds(30), IdleTimeout = Timeout.InfiniteTimeSpan, FirstTokenTimeout = Timeout.InfiniteTimeSpan,
        }),
        builder => builder.WithTimeProvider(time.Provider));

    private static async Task SilentAsync(StreamProbe<TurnEvent> probe, Gate gate)
    {
        await probe.NextAsync<TurnStarted>();
        await probe.NextAsync<TextDelta>();
        probe.Pull();
        await gate.ReachedAsync();
    }
}
