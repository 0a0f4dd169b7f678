using ActorAgents.Testing;
using Microsoft.Extensions.DependencyInjection;
using static ActorAgents.Tests.TurnProbes;

namespace ActorAgents.Tests.Logs;

/// <summary>How far a detached turn runs ahead of its readers. Counted in events: the first is <see cref="TurnStarted"/>, each other here is a chunk.</summary>
public sealed class PaceTests
{
    private static readonly TurnOptions Window4 = new() { TurnId = new TurnId("t"), Pace = Pace.ByReader(4) };

    [Fact, Trait("Behaviour", "P04"), Trait("Behaviour", "T55")]
    public async Task Without_a_reader_it_runs_to_the_window_and_waits()
    {
        var (provider, runtime) = await StartAsync();
        await using var _ = runtime;
        var turn = await runtime.Agents["writer", "1"].StartAsync("go", Window4);

        await QuietAsync(runtime, turn, provider, 3);

        Assert.Equal(1, runtime.Agents.Status.LiveTurns);
        await using var reader = turn.ReadAsync().Probe();
        await reader.ReadEndAsync<TurnCompleted>();
    }

    [Fact, Trait("Behaviour", "P04"), Trait("Behaviour", "T55")]
    public async Task It_is_never_further_than_the_window_past_its_fastest_reader()
    {
        var (provider, runtime) = await StartAsync();
        await using var _ = runtime;
        var turn = await runtime.Agents["writer", "1"].StartAsync("go", Window4);
        await using StreamProbe<TurnEvent> fast = turn.ReadAsync().Probe(), slow = turn.ReadAsync().Probe();
        for (var read = 1; read <= 40; read++)
        {
            await fast.NextAsync();
            if (read % 4 == 0) await slow.NextAsync();
            await QuietAsync(runtime, turn, provider, read + 3);
        }
        Assert.Equal(10, slow.Seen.Count);
    }

    [Fact]
    public async Task A_reader_that_begins_at_the_window_gets_what_comes_after_it()
    {
        var (provider, runtime) = await StartAsync();
        await using var _ = runtime;
        var turn = await runtime.Agents["writer", "1"].StartAsync("go", Window4);
        await QuietAsync(runtime, turn, provider, 3);

        await using var reader = turn.ReadAsync(new TurnCursor(1, 4)).Probe();

        Assert.Equal(5, (await reader.NextAsync()).Seq);
    }

    [Fact, Trait("Behaviour", "T43")]
    public async Task A_turn_that_waits_for_readers_can_be_interrupted()
    {
        var (provider, runtime) = await StartAsync();
        await using var _ = runtime;
        var agent = runtime.Agents["writer", "1"];
        var turn = await agent.StartAsync("go", Window4);
        await QuietAsync(runtime, turn, provider, 3);

        Assert.True(await turn.InterruptAsync());

        await provider.ReleasedAsync();
        Assert.Equal(["user: go (interrupted)", "assistant: 012 (interrupted)"], await agent.HistoryAsync());
        await using var reader = turn.ReadAsync().Probe();
        await reader.ReadInterruptedAsync(InterruptReason.User, "012");
        Assert.Empty(provider.Violations);
    }

    [Fact, Trait("Behaviour", "T52")]
    public async Task Waiting_for_readers_is_not_idle()
    {
        var time = new VirtualTime();
        var (provider, runtime) = await StartAsync(more => more.WithTimeProvider(time.Provider), l => l with { TotalTimeout = Timeout.InfiniteTimeSpan });
        await using var _ = runtime;
        var turn = await runtime.Agents["writer", "1"].StartAsync("go", Window4);
        await QuietAsync(runtime, turn, provider, 3);

        time.Advance(TimeSpan.FromHours(5), TimeSpan.FromSeconds(10));

        await using var reader = turn.ReadAsync().Probe();
        await reader.ReadEndAsync<TurnCompleted>();
    }

    [Fact, Trait("Behaviour", "P04"), Trait("Behaviour", "T56"), Trait("Behaviour", "T57")]
    public async Task Free_it_stops_pulling_at_four_mebibytes_unread_and_drops_nothing()
    {
        var piece = new string('x', 128 * 1024); // a quarter of a mebibyte in memory
        var provider = new ScriptedProvider(Script.Text(Enumerable.Repeat(piece, 30)));
        await using var runtime = await WaysOut.StartAsync(provider);
        var turn = await runtime.Agents["writer", "1"].StartAsync("go");

        await QuietAsync(runtime, turn, provider, 16);

        await using var reader = turn.ReadAsync().Probe();
        Assert.Equal(30 * piece.Length, (await reader.ReadEndAsync<TurnCompleted>()).Text.Length);
    }

    [Fact]
    public void A_window_has_room_for_an_event()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Pace.ByReader(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Pace.ByReader(-1));
    }

    private static async Task<(ScriptedProvider, AgentRuntime)> StartAsync(Action<ActorAgentsBuilder>? more = null, Func<AgentLimits, AgentLimits>? limits = null)
    {
        var provider = new ScriptedProvider(Script.Text(Enumerable.Range(0, 60).Select(i => $"{i}")).YieldBetween());
        return (provider, await WaysOut.StartAsync(provider, a => a.WithLimits(limits ?? (l => l)), more));
    }

    /// <summary>The turn has so many chunks in its log, and pulls no more while the thread pool runs what it has to run now.</summary>
    private static async Task QuietAsync(AgentRuntime runtime, TurnHandle turn, ScriptedProvider provider, int chunks)
    {
        var log = runtime.Services.GetRequiredService<AgentsHost>().Node.Logs.Find(turn.AgentId, turn.Id)!;
        while (log.Count < chunks + 1) await Task.Yield();
        for (var round = 0; round < 20; round++) await Task.Run(static () => { });
        Assert.Equal((chunks, chunks + 1), (provider.ChunksPulled, log.Count));
    }
}
