using ActorAgents.Testing;
using static ActorAgents.Tests.TurnProbes;

namespace ActorAgents.Tests.Observation;

public sealed class StatusTests
{
    [Theory, EveryWayOut]
    public async Task Ended_turns_are_counted_by_their_outcome_before_their_end_is_seen(WayOut way)
    {
        var provider = new ScriptedProvider("A", Script.Fails(401), Script.Text("A").Stall(out var silent));
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];

        await runtime.ReadAllAsync(way, agent, "go");
        Assert.Equal((1, 0, 0), Ended(runtime));
        await runtime.ReadAllAsync(way, agent, "go");
        Assert.Equal((1, 0, 1), Ended(runtime));
        await using var probe = runtime.Read(way, agent, "go", Called("t")).Probe();
        await probe.ReadUpToAsync("A", silent);
        await agent.InterruptAsync(new TurnId("t"));
        await probe.ReadEndAsync<TurnInterrupted>();
        Assert.Equal((1, 1, 1), Ended(runtime));
    }

    [Fact]
    public async Task A_refused_input_has_failed()
    {
        await using var runtime = await WaysOut.StartAsync(new ScriptedProvider(), a => a.WithLimits(l => l with { MaxInputChars = 2 }));
        var agent = runtime.Agents["writer", "1"];

        await Assert.ThrowsAsync<InvalidInputException>(() => agent.RunAsync("long"));
        Assert.Equal((0, 0, 1), Ended(runtime));
        await runtime.Agents.HaltAsync(HaltScope.Cluster, "stop");
        await Assert.ThrowsAsync<AgentHaltedException>(() => agent.RunAsync("go"));
        Assert.Equal((0, 0, 2), Ended(runtime));
    }

    [Fact]
    public async Task A_turn_that_was_left_before_its_first_read_is_not_counted()
    {
        await using var runtime = await WaysOut.StartAsync(new ScriptedProvider());

        await using (runtime.Agents["writer", "1"].EventsAsync("go").GetAsyncEnumerator()) { }

        Assert.Equal((0, 0, 0), Ended(runtime));
    }

    [Theory, InlineData("granted"), InlineData("interrupted"), InlineData("halted"), InlineData("removed"), InlineData("left")]
    public async Task Inputs_are_queued_from_their_arrival_until_they_leave_the_queue(string how)
    {
        var provider = new ScriptedProvider(request => request.Index == 0 ? Script.Stall(_silent).Text("A") : Script.Text("B"));
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        await agent.StartAsync("running", Called("t0"));
        await agent.StartAsync("waiting", Called("t1"));
        var reader = agent.EventsAsync("waiting").GetAsyncEnumerator();
        var next = reader.MoveNextAsync().AsTask();
        await Observing.UntilAsync(() => runtime.Agents.Status.QueuedInputs == 2);

        switch (how)
        {
            case "granted": _silent.Open(); break;
            case "halted": await runtime.Agents.HaltAsync(HaltScope.Cluster, "stop"); break;
            case "removed": await runtime.Agents.RemoveAsync(agent.Id); break;
            case "interrupted":
                Assert.True(await agent.InterruptAsync(new TurnId("t1")));
                Assert.Equal(1, runtime.Agents.Status.QueuedInputs);
                _silent.Open();
                break;
            case "left":
                await agent.InterruptAsync(new TurnId("t0"));
                break;
        }

        await next;
        await reader.DisposeAsync();
        await Observing.UntilAsync(() => runtime.Agents.Status is { QueuedInputs: 0, LiveTurns: 0 });
    }

    [Fact]
    public async Task An_input_that_another_turn_takes_in_leaves_the_queue_and_has_completed()
    {
        var look = new ScriptedTool("look").Holds(out var gate);
        await using var runtime = await WaysOut.StartAsync(new(Script.Call("look"), Script.Text("Done.")), a => a.WithTool(look));
        var agent = runtime.Agents["writer", "1"];
        var running = agent.RunAsync("go");
        await look.StartedAsync();
        var steered = agent.RunAsync("and", new TurnOptions { OnBusy = BusyPolicy.Steer });
        await Observing.UntilAsync(() => runtime.Agents.Status.QueuedInputs == 1);

        gate.Open();
        await running;
        await steered;

        await Observing.UntilAsync(() => runtime.Agents.Status.QueuedInputs == 0);
        Assert.Equal((2, 0, 0), Ended(runtime));
    }

    [Fact]
    public async Task Stopped_inputs_that_make_room_in_a_full_queue_leave_it_once()
    {
        await using var runtime = await WaysOut.StartAsync(ScriptedProvider.Always(Script.Stall(_silent)), a => a.WithLimits(l => l with { MaxQueuedInputs = 1 }));
        var agent = runtime.Agents["writer", "1"];
        await agent.StartAsync("running");
        using var stop = new CancellationTokenSource();
        var waiting = agent.RunAsync("waiting", stop.Token);
        await Observing.UntilAsync(() => runtime.Agents.Status.QueuedInputs == 1);
        await stop.CancelAsync();
        await Assert.ThrowsAsync<StreamInterruptedException>(() => waiting);

        await agent.StartAsync("next");

        Assert.Equal(1, runtime.Agents.Status.QueuedInputs);
    }

    private readonly Gate _silent = new();

    private static (long Completed, long Interrupted, long Failed) Ended(AgentRuntime runtime) =>
        (runtime.Agents.Status.Completed, runtime.Agents.Status.Interrupted, runtime.Agents.Status.Failed);
}
