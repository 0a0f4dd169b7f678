using ActorAgents.Testing;
using static ActorAgents.Tests.TurnProbes;

namespace ActorAgents.Tests.Queues;

public sealed class QueueTests
{
    [Theory, EveryWayOut, Trait("Behaviour", "P03"), Trait("Behaviour", "T73")]
    public async Task Inputs_run_first_in_first_out_and_each_sees_the_formers_answer(WayOut way)
    {
        var provider = new ScriptedProvider(request => request.Index == 0 ? Script.Stall(_gate).Text("a0") : Script.Text($"a{request.Index}"));
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        await agent.StartAsync("q0");
        await _gate.ReachedAsync();
        var waiting = Enumerable.Range(1, 8).Select(i => runtime.ReadAllAsync(WayOut.AwaitForeach, agent, $"q{i}")).ToArray(); // Each sent when called.
        var last = runtime.ReadAllAsync(way, agent, "q9");

        _gate.Open();

        await last;
        await Task.WhenAll(waiting);
        Assert.Equal(Enumerable.Range(0, 10).SelectMany(i => new[] { $"user: q{i}", $"assistant: a{i}" }), await agent.HistoryAsync());
        foreach (var request in provider.Requests)
            Assert.Equal((await agent.HistoryAsync())[..(request.Index * 2 + 1)], request.Lines());
    }

    [Theory, EveryWayOut, Trait("Behaviour", "T73")]
    public async Task Prompts_given_at_once_never_interleave(WayOut way)
    {
        var provider = new ScriptedProvider(request => Script.Text("re ", request.Prompt).YieldBetween());
        await using var runtime = await WaysOut.StartAsync(provider, a => a.WithLimits(l => l with { MaxQueuedInputs = 100 }));
        var agent = runtime.Agents["writer", "1"];

        var prompts = way == WayOut.TurnLog ? 4 : 50; // As many logs as an agent keeps.
        await Task.WhenAll(Enumerable.Range(0, prompts).Select(i => Task.Run(() => runtime.ReadAllAsync(way, agent, $"q{i}"))));

        var history = await agent.HistoryAsync();
        Assert.Equal(2 * prompts, history.Length);
        for (var i = 0; i < history.Length; i += 2) Assert.Equal($"assistant: re {history[i]["user: ".Length..]}", history[i + 1]);
        Assert.Empty(provider.Violations);
    }

    [Fact, Trait("Behaviour", "T73")]
    public async Task A_full_queue_refuses_and_names_its_limit()
    {
        var provider = new ScriptedProvider(Script.Stall(out _));
        await using var runtime = await WaysOut.StartAsync(provider, a => a.WithLimits(l => l with { MaxQueuedInputs = 2 }));
        var agent = runtime.Agents["writer", "1"];
        for (var i = 0; i < 3; i++) await agent.StartAsync("go");

        var refused = await Assert.ThrowsAsync<AgentBusyException>(() => agent.StartAsync("one too many"));

        Assert.Contains("maxQueuedInputs", refused.Message);
        Assert.Contains("2 inputs", refused.Message);
        await Assert.ThrowsAsync<AgentBusyException>(() => agent.RunAsync("one too many"));
    }

    [Theory, EveryWayOut]
    public async Task An_input_that_would_not_wait_is_refused_at_once_and_leaves_no_trace(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Stall(out var silent).Text("A"));
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        var running = await agent.StartAsync("go");
        await silent.ReachedAsync();

        if (way == WayOut.TurnLog) await Assert.ThrowsAsync<AgentBusyException>(() => agent.StartAsync("no", new TurnOptions { OnBusy = BusyPolicy.Reject }));
        else
        {
            var events = await runtime.ReadAllAsync(way, agent, "no", new TurnOptions { OnBusy = BusyPolicy.Reject });
            Assert.Equal(TurnErrorKind.Busy, Assert.IsType<TurnFailed>(Assert.Single(events)).Error.Kind);
        }
        silent.Open();
        await using var reader = running.ReadAsync().Probe();
        await reader.ReadEndAsync<TurnCompleted>();
        Assert.Equal(["user: go", "assistant: A"], await agent.HistoryAsync());
    }

    [Fact]
    public async Task The_policy_of_the_definition_holds_unless_the_call_names_one()
    {
        var provider = ScriptedProvider.Always(Script.Stall(out _));
        await using var runtime = await WaysOut.StartAsync(provider, a => a.OnBusy(BusyPolicy.Reject));
        var agent = runtime.Agents["writer", "1"];
        await agent.StartAsync("go");

        await Assert.ThrowsAsync<AgentBusyException>(() => agent.StartAsync("no"));
        await agent.StartAsync("yes", new TurnOptions { OnBusy = BusyPolicy.Queue });
    }

    private readonly Gate _gate = new();
}
