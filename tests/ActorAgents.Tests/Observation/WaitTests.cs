using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.Tests.Observation;

/// <summary>What a snapshot says that a turn waits for.</summary>
public sealed class WaitTests
{
    [Fact]
    public async Task An_input_behind_another_waits_in_the_queue_and_the_other_for_its_silent_provider()
    {
        var provider = new ScriptedProvider(Script.Stall(out _));
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        await agent.StartAsync("first");
        await agent.StartAsync("second");

        await runtime.Agents.UntilItWaitsAsync("Queue 1, Provider 1");
    }

    [Fact]
    public async Task A_turn_beyond_the_bound_waits_for_a_place()
    {
        var provider = new ScriptedProvider(Script.Stall(out _));
        await using var runtime = await WaysOut.StartAsync(provider, more: more => more.WithMaxLiveTurns(1));
        await runtime.Agents["writer", "1"].StartAsync("go");
        await runtime.Agents["writer", "2"].StartAsync("go");

        await runtime.Agents.UntilItWaitsAsync("Place 1, Provider 1");
    }

    [Theory, AttachedWaysOut]
    public async Task A_turn_whose_event_nobody_has_followed_waits_for_its_reader(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Text("A", "B"));
        await using var runtime = await WaysOut.StartAsync(provider);
        await using var probe = runtime.Read(way, runtime.Agents["writer", "1"], "go").Probe();
        await probe.NextAsync<TurnStarted>();
        await probe.NextAsync<TextDelta>();

        Assert.Equal("Reader 1", runtime.Agents.Waits());
    }

    [Fact]
    public async Task A_detached_turn_at_the_end_of_its_window_waits_for_a_reader()
    {
        var provider = new ScriptedProvider(Script.Text("A", "B"));
        await using var runtime = await WaysOut.StartAsync(provider);
        await runtime.Agents["writer", "1"].StartAsync("go", new TurnOptions { Pace = Pace.ByReader(2) });

        await runtime.Agents.UntilItWaitsAsync("Reader 1");
    }

    [Theory, EveryWayOut]
    public async Task A_turn_waits_for_its_tools(WayOut way)
    {
        var look = new ScriptedTool("look").Holds(out var gate);
        await using var runtime = await WaysOut.StartAsync(new(Script.Call("look"), "Done."), a => a.WithTool(look));
        var events = runtime.ReadAllAsync(way, runtime.Agents["writer", "1"], "go");
        await look.StartedAsync();

        await runtime.Agents.UntilItWaitsAsync("Tool 1");
        gate.Open();
        await events;
        Assert.Equal("", runtime.Agents.Waits());
    }

    [Theory, EveryWayOut]
    public async Task A_turn_waits_for_a_person_whatever_else_runs(WayOut way)
    {
        var look = new ScriptedTool("look").Holds(out _);
        var delete = new ApprovalRequiredAIFunction(new ScriptedTool("delete"));
        var provider = new ScriptedProvider(Script.Call("look").Call("delete"), "Done.");
        await using var runtime = await WaysOut.StartAsync(provider, a => a.WithTool(look).WithTool(delete));
        _ = runtime.ReadAllAsync(way, runtime.Agents["writer", "1"], "go");
        await look.StartedAsync();

        await runtime.Agents.UntilItWaitsAsync("Approval 1");
    }

    [Fact]
    public async Task A_turn_waits_before_it_asks_a_provider_again()
    {
        var time = new VirtualTime();
        var provider = new ScriptedProvider(Script.Fails(503), "Hello") { Time = time.Provider };
        await using var runtime = await WaysOut.StartAsync(provider, more: more => more.WithTimeProvider(time.Provider));
        await using var probe = runtime.Agents["writer", "1"].EventsAsync("go").Probe();
        await probe.NextAsync<TurnStarted>();
        await probe.NextAsync<Retrying>();

        probe.Pull();

        await runtime.Agents.UntilItWaitsAsync("Backoff 1");
    }

    [Fact]
    public async Task A_turn_waits_for_its_tool_sources_and_for_nothing_while_one_holds_its_thread()
    {
        IAgents? agents = null;
        var source = new Source(() => agents!.Waits());
        await using var runtime = await WaysOut.StartAsync(
            ScriptedProvider.Always("Done."), a => a.WithToolSource("source"), more => more.AddToolSource("source", source));
        agents = runtime.Agents;
        var run = agents["writer", "1"].RunAsync("go");

        await agents.UntilItWaitsAsync("ToolSources 1");
        source.Known.Open();
        await run;

        Assert.Equal("None 1", source.Seen);
        Assert.Equal("", agents.Waits());
    }

    private sealed class Source(Func<string> look) : IToolSource
    {
        public Gate Known { get; } = new();
        public string? Seen { get; private set; }

        public async ValueTask<IReadOnlyList<AITool>> GetToolsAsync(CancellationToken cancellationToken)
        {
            Seen = look();
            await Known.WaitAsync(cancellationToken);
            return [];
        }
    }
}
