using ActorAgents.Testing;
using Akka.Actor;
using static ActorAgents.Tests.TurnProbes;

namespace ActorAgents.Tests.Queues;

public sealed class RemovalTests
{
    [Theory, EveryWayOut]
    public async Task The_running_and_the_waiting_turns_end_and_the_next_use_starts_fresh(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Text("old"), Script.Text("A").Stall(out var silent), Script.Text("new"));
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        await agent.RunAsync("before");
        await using var running = runtime.Read(way, agent, "running").Probe();
        await running.ReadTextAsync("A");
        running.Pull();
        await silent.ReachedAsync();
        var waiting = agent.RunAsync("waiting");
        await agent.GetMessagesAsync(); // By then it has arrived.

        Assert.True(await runtime.Agents.RemoveAsync(agent.Id));

        await running.ReadInterruptedAsync(InterruptReason.User, "A");
        Assert.Equal(InterruptReason.User, (await Assert.ThrowsAsync<StreamInterruptedException>(() => waiting)).Reason);
        Assert.Equal("new", (await agent.RunAsync("after")).Content);
        Assert.Equal(["user: after", "assistant: new"], await agent.HistoryAsync());
        Assert.Equal(["user: after"], provider.Requests[2].Lines());
        await provider.ReleasedAsync();
    }

    [Fact]
    public async Task Removing_what_does_not_exist_is_false_and_starts_nothing()
    {
        await using var runtime = await WaysOut.StartAsync(new ScriptedProvider());

        Assert.False(await runtime.Agents.RemoveAsync(new AgentId("writer", "1")));
        Assert.Equal(0, runtime.Agents.Status.Agents);
    }

    [Fact]
    public async Task Its_logs_are_forgotten_with_it()
    {
        var provider = ScriptedProvider.Always(Script.Text("A"));
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        await runtime.ReadAllAsync(WayOut.TurnLog, agent, "go", Called("t1"));

        await runtime.Agents.RemoveAsync(agent.Id);

        await using var late = agent.Turn(new TurnId("t1")).ReadAsync().Probe();
        await late.ExpectFailureAsync<TurnGoneException>();
        Assert.Equal("A", (await agent.RunAsync("go", Called("t1"))).Content);
    }

    [Fact]
    public async Task Tools_and_provider_given_to_it_are_forgotten_too()
    {
        var provider = ScriptedProvider.Always(Script.Text("A"));
        await using var runtime = await WaysOut.StartAsync(provider, more: more => more.AddProvider("other", ScriptedProvider.Always(Script.Text("B"))));
        var agent = runtime.Agents["writer", "1"];
        await agent.UseProviderAsync("other");
        await agent.AddToolAsync(new ScriptedTool("look"));
        Assert.Equal("B", (await agent.RunAsync("go")).Content);

        await runtime.Agents.RemoveAsync(agent.Id);

        Assert.Equal("A", (await agent.RunAsync("go")).Content);
        Assert.Empty(provider.Requests[0].Tools);
    }

    [Fact]
    public async Task The_actor_is_gone_afterwards()
    {
        var provider = ScriptedProvider.Always(Script.Text("A"));
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        await agent.RunAsync("go");
        var actor = await runtime.System.ActorSelection("/user/agents/*/default:writer:1").ResolveOne(TimeSpan.FromSeconds(30));

        await runtime.Agents.RemoveAsync(agent.Id);

        Assert.True(await actor.WatchAsync());
        Assert.Empty(await agent.HistoryAsync());
        Assert.Equal(0, runtime.Agents.Status.Agents);
    }

    [Fact]
    public async Task Inputs_racing_with_removals_are_neither_lost_nor_reordered()
    {
        var provider = new ScriptedProvider(request => Script.Text("re ", request.Prompt));
        await using var runtime = await WaysOut.StartAsync(provider, a => a.WithLimits(l => l with { MaxQueuedInputs = 1000 }));
        var agent = runtime.Agents["writer", "1"];
        var ends = new List<Task<AgentResponse>>();
        var removing = Task.Run(async () => { for (var i = 0; i < 200; i++) await runtime.Agents.RemoveAsync(agent.Id); });
        for (var i = 0; !removing.IsCompleted || i < 200; i++)
        {
            ends.Add(agent.RunAsync($"q{i:D6}"));
            if (i % 8 == 7) await ends[^1].ContinueWith(_ => { }, TaskScheduler.Default);
        }
        await removing;

        var answered = new List<string>();
        foreach (var end in ends)
        {
            try { answered.Add((await end.WaitAsync(TimeSpan.FromSeconds(30))).Content); }
            catch (StreamInterruptedException stopped) when (stopped.Reason == InterruptReason.User) { }
        }
        var prompts = provider.Requests.Select(request => request.Prompt).ToArray();
        Assert.Equal(prompts.Order(StringComparer.Ordinal), prompts);
        Assert.Empty(answered.Except(prompts.Select(prompt => $"re {prompt}")));
        Assert.NotEmpty(answered);
        Assert.Equal("re last", (await agent.RunAsync("last")).Content);
    }
}
