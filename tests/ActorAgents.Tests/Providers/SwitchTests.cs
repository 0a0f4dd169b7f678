using ActorAgents.Testing;

namespace ActorAgents.Tests.Providers;

public sealed class SwitchTests
{
    [Theory, EveryWayOut, Trait("Behaviour", "T76")]
    public async Task A_running_stream_keeps_its_provider_and_the_next_turn_has_the_new_one(WayOut way)
    {
        var old = new ScriptedProvider(Script.Text("ol").Stall(out var gate).Text("d"));
        var other = ScriptedProvider.Always("new");
        await using var runtime = await StartAsync(old, other);
        var agent = runtime.Agents["writer", "1"];
        await using var probe = runtime.Read(way, agent, "Hi").Probe();
        await probe.NextAsync<TurnStarted>();
        await probe.NextAsync<TextDelta>();
        probe.Pull();
        await gate.ReachedAsync();

        await agent.UseProviderAsync("other");
        gate.Open();

        Assert.Equal("old", (await probe.ReadAllAsync()).End<TurnCompleted>().Text);
        Assert.Equal("new", (await runtime.ReadAllAsync(way, agent, "Hi")).End<TurnCompleted>().Text);
        Assert.Equal(["user: Hi", "assistant: old", "user: Hi"], other.Requests[0].Messages.Lines());
    }

    [Fact, Trait("Behaviour", "T76")]
    public async Task A_turn_that_runs_on_the_old_provider_goes_on_there_after_its_tools()
    {
        var old = new ScriptedProvider(Script.Call("look"), Script.Text("old"));
        var other = ScriptedProvider.Always("new");
        var look = new ScriptedTool("look").Holds(out var gate);
        await using var runtime = await StartAsync(old, other, a => a.WithTool(look));
        var agent = runtime.Agents["writer", "1"];
        var running = agent.RunAsync("Hi");
        await gate.ReachedAsync();

        await agent.UseProviderAsync("other");
        gate.Open();

        Assert.Equal("old", (await running).Content);
        Assert.Equal(0, other.CallsStarted);
    }

    [Fact, Trait("Behaviour", "T76")]
    public async Task A_switch_that_fails_leaves_provider_and_settings_as_they_were()
    {
        var old = ScriptedProvider.Always("old");
        await using var runtime = await StartAsync(old, ScriptedProvider.Always("new"), a => a.WithModel("large").WithChatOptions(o => o.Temperature = 0.2f));
        var agent = runtime.Agents["writer", "1"];
        await agent.RunAsync("Hi");
        var before = await agent.GetProviderInfoAsync();

        var failure = await Assert.ThrowsAsync<ArgumentException>(() => agent.UseProviderAsync("nowhere"));

        Assert.Contains("'nowhere'. Providers: default, other.", failure.Message);
        Assert.Equal(before, await agent.GetProviderInfoAsync());
        Assert.Equal("old", (await agent.RunAsync("Hi")).Content);
        Assert.Equal((0.2f, "large"), (old.Requests[1].Options!.Temperature, old.Requests[1].Options!.ModelId));
    }

    [Fact, Trait("Behaviour", "T76")]
    public async Task A_switch_concerns_one_agent_only()
    {
        await using var runtime = await StartAsync(ScriptedProvider.Always("old"), ScriptedProvider.Always("new"));

        await runtime.Agents["writer", "1"].UseProviderAsync("other");

        Assert.Equal("new", (await runtime.Agents["writer", "1"].RunAsync("Hi")).Content);
        Assert.Equal("old", (await runtime.Agents["writer", "2"].RunAsync("Hi")).Content);
        Assert.Equal("other", (await runtime.Agents["writer", "1"].GetProviderInfoAsync()).Name);
    }

    private static Task<AgentRuntime> StartAsync(ScriptedProvider old, ScriptedProvider other, Action<AgentBuilder>? agent = null) =>
        WaysOut.StartAsync(old, agent, builder => builder.AddProvider("other", other));
}
