using ActorAgents.Testing;
using ActorAgents.Tests.Halts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ActorAgents.Tests.Stops;

public sealed class TimeoutTests
{
    private static readonly TimeSpan Never = Timeout.InfiniteTimeSpan;
    private static readonly AgentLimits Endless = new() { FirstTokenTimeout = Never, IdleTimeout = Never, TotalTimeout = Never };
    private readonly VirtualTime _time = new();

    [Theory, EveryWayOut, Trait("Behaviour", "T51")]
    public async Task Past_the_total_timeout_the_turn_ends_with_what_was_delivered(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Text("A", "B").Stall());
        await using var runtime = await StartAsync(provider, Endless with { TotalTimeout = TimeSpan.FromMinutes(3) });
        await using var probe = runtime.Read(way, runtime.Agents["writer", "1"], "go").Probe();
        await probe.ReadTextAsync("AB");
        await FallsSilentAsync(provider, probe);
        var from = _time.Now;

        await _time.AdvanceUntilItAnswersAsync(probe);

        await probe.ReadInterruptedAsync(InterruptReason.TotalTimeout, "AB");
        Assert.True(_time.Now - from >= TimeSpan.FromMinutes(3));
        await provider.ReleasedAsync();
        Assert.Empty(provider.Violations);
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T51")]
    public async Task A_provider_that_stays_silent_runs_into_the_first_token_timeout(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Stall());
        await using var runtime = await StartAsync(provider, Endless with { FirstTokenTimeout = TimeSpan.FromSeconds(20) });
        await using var probe = runtime.Read(way, runtime.Agents["writer", "1"], "go").Probe();
        await probe.NextAsync<TurnStarted>();
        await FallsSilentAsync(provider, probe);

        await _time.AdvanceUntilItAnswersAsync(probe);

        await probe.ReadInterruptedAsync(InterruptReason.FirstTokenTimeout, "");
        await provider.ReleasedAsync();
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T51")]
    public async Task A_provider_that_falls_silent_runs_into_the_idle_timeout(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Text("A").Stall().IgnoreCancellation());
        await using var runtime = await StartAsync(provider, Endless with { IdleTimeout = TimeSpan.FromSeconds(20) });
        await using var probe = runtime.Read(way, runtime.Agents["writer", "1"], "go").Probe();
        await probe.ReadTextAsync("A");
        await FallsSilentAsync(provider, probe);

        await _time.AdvanceUntilItAnswersAsync(probe);

        await probe.ReadInterruptedAsync(InterruptReason.IdleTimeout, "A");
        Assert.Equal(1, runtime.Agents.Status.AbandonedCalls);
    }

    [Fact, Trait("Behaviour", "T51")]
    public async Task Timeouts_fire_no_earlier_than_they_say_and_at_most_a_sweep_later()
    {
        var provider = new ScriptedProvider(Script.Text("A").Stall());
        await using var runtime = await StartAsync(provider, Endless with { IdleTimeout = TimeSpan.FromSeconds(20) });
        await using var probe = runtime.Agents["writer", "1"].EventsAsync("go").Probe();
        await probe.ReadTextAsync("A");
        probe.Pull(); // Asked on this thread, so the turn waits now.

        _time.Advance(TimeSpan.FromSeconds(19.9));
        await probe.ExpectNoEventAsync();
        _time.Advance(TimeSpan.FromSeconds(0.1) + LiveTurns.SweepPeriod);

        await probe.ReadInterruptedAsync(InterruptReason.IdleTimeout, "A");
    }

    [Fact, Trait("Behaviour", "T51")]
    public async Task Each_chunk_begins_the_idle_time_anew()
    {
        var provider = new ScriptedProvider(Script.Text("A", "B", "C").DelayBetween(TimeSpan.FromSeconds(15))) { Time = _time.Provider };
        await using var runtime = await StartAsync(provider, Endless with { IdleTimeout = TimeSpan.FromSeconds(20) });
        await using var probe = runtime.Agents["writer", "1"].EventsAsync("go").Probe();
        await probe.ReadTextAsync("A");
        foreach (var text in new[] { "AB", "ABC" })
        {
            probe.Pull();
            _time.Advance(TimeSpan.FromSeconds(15));
            await probe.ReadTextAsync(text);
        }
        probe.Pull();
        _time.Advance(TimeSpan.FromSeconds(15));
        await probe.ReadEndAsync<TurnCompleted>();
    }

    [Theory, AttachedWaysOut, Trait("Behaviour", "T52")]
    public async Task A_slow_reader_is_no_idle_provider(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Text("A", "B").YieldBetween());
        await using var runtime = await StartAsync(provider, Endless with { IdleTimeout = TimeSpan.FromSeconds(20), FirstTokenTimeout = TimeSpan.FromSeconds(20) });
        await using var probe = runtime.Read(way, runtime.Agents["writer", "1"], "go").Probe();
        do
        {
            await probe.NextAsync();
            _time.Advance(TimeSpan.FromHours(1), TimeSpan.FromSeconds(1));
        }
        while (probe.Seen[^1] is not TerminalEvent);

        Assert.Equal("AB", Assert.IsType<TurnCompleted>(probe.Seen[^1]).Text);
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T53")]
    public async Task Without_timeouts_a_turn_waits_for_days(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Text("A").Stall(out var silent).Text("B"));
        await using var runtime = await StartAsync(provider, Endless);
        await using var probe = runtime.Read(way, runtime.Agents["writer", "1"], "go").Probe();
        await probe.ReadTextAsync("A");
        await FallsSilentAsync(provider, probe);

        _time.Advance(TimeSpan.FromDays(3), TimeSpan.FromMinutes(5));

        silent.Open();
        Assert.Equal("AB", (await probe.ReadEndAsync<TurnCompleted>()).Text);
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T53")]
    public async Task Unless_the_call_says_otherwise_the_agents_timeout_holds(WayOut way)
    {
        var provider = ScriptedProvider.Always(Script.Text("A").Stall());
        await using var runtime = await StartAsync(provider, Endless with { TotalTimeout = TimeSpan.FromHours(2) });
        var agent = runtime.Agents["writer", "1"];
        var hasty = new TurnOptions { Limits = agent.Definition.Limits with { IdleTimeout = TimeSpan.FromSeconds(5) } };
        foreach (var (options, reason) in new[] { (hasty, InterruptReason.IdleTimeout), (new TurnOptions(), InterruptReason.TotalTimeout) })
        {
            await using var probe = runtime.Read(way, agent, "go", options).Probe();
            await probe.ReadTextAsync("A");
            await _time.AdvanceUntilItAnswersAsync(probe);
            await probe.ReadInterruptedAsync(reason, "A");
        }
    }

    [Fact, Trait("Behaviour", "T53")]
    public void Zero_and_negative_timeouts_are_refused()
    {
        foreach (var wrong in new[] { TimeSpan.Zero, TimeSpan.FromSeconds(-1) })
        {
            Assert.Contains("Infinite", Assert.Throws<ArgumentOutOfRangeException>(() => new AgentLimits { TotalTimeout = wrong }).Message);
            Assert.Throws<ArgumentOutOfRangeException>(() => new AgentLimits { IdleTimeout = wrong });
            Assert.Throws<ArgumentOutOfRangeException>(() => new AgentLimits { FirstTokenTimeout = wrong });
        }
    }

    [Fact]
    public async Task A_log_that_throws_keeps_no_other_turn_from_its_timeout()
    {
        var provider = ScriptedProvider.Always(Script.Text("A").Stall());
        await using var runtime = await AgentRuntime.StartAsync(
            agents => agents.AddProvider("default", provider).AddAgent("writer", a => a.WithLimits(_ => Endless with { TotalTimeout = TimeSpan.FromMinutes(3) })).WithTimeProvider(_time.Provider),
            services => services.AddLogging(logging => logging.AddProvider(new BrokenLogs())));
        var probes = Enumerable.Range(0, 20).Select(i => runtime.Read(WayOut.AwaitForeach, runtime.Agents["writer", $"{i}"], "go").Probe()).ToArray();
        foreach (var probe in probes) await probe.ReadTextAsync("A"); // Nobody waits: the turns end in the sweep.

        _time.Advance(TimeSpan.FromMinutes(4));

        Assert.Equal(0, runtime.Agents.Status.LiveTurns);
        foreach (var probe in probes)
        {
            await probe.ReadInterruptedAsync(InterruptReason.TotalTimeout, "A");
            await probe.DisposeAsync();
        }
    }

    private Task<AgentRuntime> StartAsync(ScriptedProvider provider, AgentLimits limits) =>
        WaysOut.StartAsync(provider, a => a.WithLimits(_ => limits), more => more.WithTimeProvider(_time.Provider));

    private static async Task FallsSilentAsync(ScriptedProvider provider, StreamProbe<TurnEvent> probe)
    {
        probe.Pull();
        await provider.StalledAsync();
    }
}
