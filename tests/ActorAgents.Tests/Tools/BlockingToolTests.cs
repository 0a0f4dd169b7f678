using ActorAgents.Testing;

namespace ActorAgents.Tests.Tools;

public sealed class BlockingToolTests
{
    /// <summary>Threads that tools have; more than the cores of most machines.</summary>
    private const int Threads = 16;

    private readonly ManualResetEventSlim _held = new();
    private readonly ScriptedTool _block;
    private readonly ScriptedProvider _provider = new(request => request switch
    {
        { Prompt: "block", Messages: [.., { Role.Value: "user" }] } => Enumerable.Range(0, Threads / 2).Aggregate(Script.Empty, (script, _) => script.Call("block")),
        { Prompt: "call", Messages: [.., { Role.Value: "user" }] } => Script.Call("block", callId: "c1"),
        { Prompt: "talk" } => Script.Text(Enumerable.Repeat("a ", 200)).YieldBetween(),
        _ => "Done.",
    });

    public BlockingToolTests() => _block = new ScriptedTool("block").Does(_ => _held.Wait());

    [Theory, EveryWayOut, Trait("Behaviour", "T66")]
    public async Task Other_agents_stream_while_tools_block_every_thread_they_have(WayOut way)
    {
        await using var one = await OneAgent.StartAsync(way, _provider, _block);
        var blocked = BlockAllThreads(one, way);
        await _block.StartedAsync(Threads);

        var others = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => one.Runtime.ReadAllAsync(way, one.Runtime.Agents["writer", $"talker-{i}"], "talk")));

        Assert.All(others, events => Assert.Equal(200, events.OfType<TextDelta>().Count()));
        Assert.Equal(Threads, _block.Running);
        _held.Set();
        Assert.All(await Task.WhenAll(blocked), events => Assert.Equal("Done.", events.End<TurnCompleted>().Text));
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T66"), Trait("Behaviour", "T65")]
    public async Task A_call_that_finds_no_thread_times_out_and_is_never_made(WayOut way)
    {
        var time = new VirtualTime();
        await using var one = await OneAgent.StartAsync(way, _provider,
            agent => agent.WithTool(_block).WithLimits(l => l with { ToolTimeout = TimeSpan.FromMinutes(1) }), time);
        var blocked = BlockAllThreads(one, way, one.Agent.Definition.Limits with { ToolTimeout = Timeout.InfiniteTimeSpan });
        await _block.StartedAsync(Threads);

        await using var probe = one.Probe("call");
        await probe.UntilAsync<StepFinished>();
        time.Advance(TimeSpan.FromMinutes(1.1));
        var events = await probe.ReadAllAsync();
        _held.Set();
        await Task.WhenAll(blocked);

        Assert.Equal(ToolOutcome.TimedOut, events.Finished("c1").Outcome);
        Assert.Equal(Threads, _block.Started);
    }

    private static Task<List<TurnEvent>>[] BlockAllThreads(OneAgent one, WayOut way, AgentLimits? limits = null) =>
        [.. Enumerable.Range(0, 2).Select(i => one.Runtime.ReadAllAsync(way, one.Runtime.Agents["writer", $"blocker-{i}"], "block", new TurnOptions { Limits = limits }))];
}
