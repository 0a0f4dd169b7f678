using ActorAgents.Testing;
using static ActorAgents.Tests.TurnProbes;

namespace ActorAgents.Tests.Stops;

/// <summary>Providers that hold the thread that reads them.</summary>
public sealed class BlockingProviderTests
{
    [Theory, EveryWayOut, Trait("Behaviour", "T43")]
    public async Task On_the_thread_pool_it_keeps_nobody_waiting(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Text("A").BlockSynchronously(out var blocked).Text("late"));
        await using var runtime = await StartAsync(provider, p => p.OnThreadPool());
        var agent = runtime.Agents["writer", "1"];
        await using var probe = runtime.Read(way, agent, "go", Called("t1")).Probe();
        await probe.ReadUpToAsync("A", blocked);

        Assert.True(await agent.InterruptAsync(new TurnId("t1")));

        await probe.ReadInterruptedAsync(InterruptReason.User, "A");
        Assert.Equal(1, runtime.Agents.Status.AbandonedCalls);
        blocked.Open();
        await provider.ReleasedAsync();
        Assert.Empty(provider.Violations);
    }

    [Theory, EveryWayOut]
    public async Task Otherwise_it_stalls_its_own_reader_only_and_the_stop_holds_when_it_comes_back(WayOut way)
    {
        var provider = new ScriptedProvider(request => request.Prompt == "block"
            ? Script.Text("A").BlockSynchronously(_blocked).Text("B", "C")
            : Script.Text("D"));
        await using var runtime = await StartAsync(provider, _ => { });
        var agent = runtime.Agents["writer", "1"];
        await using var probe = runtime.Read(way, agent, "block", Called("t1")).Probe();
        var read = Task.Factory.StartNew(() => probe.ReadEndAsync<TurnInterrupted>(), TaskCreationOptions.LongRunning).Unwrap();
        await _blocked.ReachedAsync();

        Assert.True(await agent.InterruptAsync(new TurnId("t1")));
        Assert.Equal("D", (await runtime.Agents["writer", "2"].RunAsync("go")).Content);

        Assert.False(read.IsCompleted);
        _blocked.Open();
        Assert.Equal("AB", (await read).Partial); // What the blocked pull brought is delivered, nothing is pulled after it.
        await provider.ReleasedAsync();
        Assert.Equal(["user: block (interrupted)", "assistant: AB (interrupted)"], await agent.HistoryAsync());
        Assert.Empty(provider.Violations);
    }

    [Fact]
    public async Task Who_starts_a_detached_turn_does_not_wait_for_it()
    {
        var provider = new ScriptedProvider(Script.BlockSynchronously(out var blocked).Text("A"));
        await using var runtime = await StartAsync(provider, _ => { });
        var agent = runtime.Agents["writer", "1"];
        await agent.ClearAsync();
        var starting = Task.Factory.StartNew(() => agent.StartAsync("block"), TaskCreationOptions.LongRunning).Unwrap();
        await blocked.ReachedAsync();

        var turn = await starting.WaitAsync(TimeSpan.FromSeconds(30));

        blocked.Open();
        Assert.Equal("A", (await turn.ReadAsync().ToListAsync()).Text());
    }

    private readonly Gate _blocked = new();

    private static Task<AgentRuntime> StartAsync(ScriptedProvider provider, Action<ProviderBuilder> configure) =>
        AgentRuntime.StartAsync(agents => agents.AddProvider("default", provider, configure).AddAgent("writer"));
}
