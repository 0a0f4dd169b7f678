using ActorAgents.Testing;
using Akka.Actor;

namespace ActorAgents.Tests.Agents;

/// <summary>An idle agent runs on the thread that sends to it: neither of them must notice.</summary>
public sealed class SenderThreadTests
{
    [Fact]
    public async Task An_actor_that_pulls_a_turn_keeps_its_own_context_and_sender()
    {
        await using var runtime = await WaysOut.StartAsync(ScriptedProvider.Always("Hello."));
        var caller = runtime.System.ActorOf(Props.Create(() => new Caller(runtime.Agents["writer", "1"])), "caller");

        var seen = await caller.Ask<string>("go", TimeSpan.FromSeconds(20));

        Assert.Equal("Hello. caller child caller", seen);
    }

    [Fact]
    public async Task A_turn_that_finds_its_agent_idle_never_leaves_its_readers_thread()
    {
        await using var runtime = await WaysOut.StartAsync(ScriptedProvider.Always("Hello."));
        var agent = runtime.Agents["writer", "1"];
        await agent.RunAsync("The agent is there.");
        var threads = await Task.Run(() =>
        {
            List<(int, bool)> threads = [];
            var events = agent.EventsAsync("again").GetAsyncEnumerator();
            for (var next = events.MoveNextAsync(); next.IsCompleted && next.GetAwaiter().GetResult(); next = events.MoveNextAsync())
                threads.Add((Environment.CurrentManagedThreadId, events.Current is TerminalEvent));
            return threads;
        });

        Assert.True(threads[^1].Item2, "a pull had to wait");
        Assert.Single(threads.Select(seen => seen.Item1).Distinct());
    }

    [Fact]
    public async Task A_thread_that_is_not_the_pools_is_not_made_to_run_agents()
    {
        await using var runtime = await WaysOut.StartAsync(ScriptedProvider.Always("Hello."));
        var agent = runtime.Agents["writer", "1"];
        await agent.RunAsync("The agent is there.");

        var first = await Task.Factory.StartNew(() =>
        {
            var events = agent.EventsAsync("again").GetAsyncEnumerator();
            return (events, Granted: events.MoveNextAsync());
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        Assert.True(await first.Granted.AsTask().WaitAsync(TimeSpan.FromSeconds(20)));
        await first.events.DisposeAsync();
    }

    [Fact]
    public async Task Messages_from_many_threads_are_all_taken_one_at_a_time()
    {
        await using var runtime = await WaysOut.StartAsync(ScriptedProvider.Always("Hello."), agent => agent.WithLimits(l => l with { MaxQueuedInputs = 1000 }));
        var agent = runtime.Agents["writer", "1"];

        await Parallel.ForEachAsync(Enumerable.Range(0, 500), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (number, _) =>
        {
            await agent.RunAsync($"{number}", CancellationToken.None);
            await agent.GetMessagesAsync(CancellationToken.None);
        });

        Assert.Equal(1000, (await agent.GetMessagesAsync()).Count);
    }

    private sealed class Caller(Agent agent) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            var answer = "";
            var events = agent.EventsAsync("hi").GetAsyncEnumerator();
            for (var next = events.MoveNextAsync(); next.IsCompleted && next.GetAwaiter().GetResult(); next = events.MoveNextAsync())
                if (events.Current is TerminalEvent terminal) answer = terminal.TextSoFar;
            var child = Context.ActorOf(Props.Create(() => new Child()), "child");
            Sender.Tell($"{answer} {Self.Path.Name} {child.Path.Name} {child.Path.Parent.Name}");
        }
    }

    private sealed class Child : UntypedActor
    {
        protected override void OnReceive(object message) { }
    }
}
