using ActorAgents.Testing;

namespace ActorAgents.Tests.Turns;

public sealed class StreamDefinitionTests
{
    [Theory, AttachedWaysOut, Trait("Behaviour", "T23")]
    public async Task A_stream_that_nobody_reads_does_nothing(WayOut way)
    {
        var provider = ScriptedProvider.Always("Hello");
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];

        _ = runtime.Read(way, agent, "Hi");
        _ = agent.StreamAsync("Hi");
        _ = agent.Flow();

        Assert.Empty(await agent.GetMessagesAsync());
        Assert.Equal((0, 0), (provider.CallsStarted, runtime.Agents.Status.Agents));
    }

    [Theory, AttachedWaysOut, Trait("Behaviour", "T24")]
    public async Task Each_reading_is_a_turn_of_its_own(WayOut way)
    {
        var provider = new ScriptedProvider("first", "second");
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];
        var stream = runtime.Read(way, agent, "Hi");

        var first = await stream.ToListAsync();
        var second = await stream.ToListAsync();

        Assert.Equal(("first", "second"), (first.Text(), second.Text()));
        Assert.NotEqual(first[0].Turn, second[0].Turn);
        Assert.Equal(["user: Hi", "assistant: first", "user: Hi", "assistant: second"], (await agent.GetMessagesAsync()).Lines());
    }

    [Theory, AttachedWaysOut, Trait("Behaviour", "T24")]
    public async Task Two_readings_at_once_run_one_after_the_other(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Text("fir").Stall(out var gate).Text("st"), Script.Text("second"));
        await using var runtime = await WaysOut.StartAsync(provider);
        var stream = runtime.Read(way, runtime.Agents["writer", "1"], "Hi");
        await using var first = stream.Probe();
        await using var second = stream.Probe();

        await first.NextAsync<TurnStarted>();
        await first.NextAsync<TextDelta>();
        first.Pull();
        await gate.ReachedAsync();
        await second.ExpectNoEventAsync();
        Assert.Equal(1, provider.CallsStarted);
        gate.Open();

        Assert.Equal("first", (await first.ReadAllAsync()).Text());
        Assert.Equal("second", (await second.ReadAllAsync()).Text());
    }

    [Fact, Trait("Behaviour", "T24")]
    public async Task A_definition_with_a_turn_id_of_its_own_runs_once()
    {
        await using var runtime = await WaysOut.StartAsync(ScriptedProvider.Always("Hello"));
        var stream = runtime.Agents["writer", "1"].StreamAsync("Hi", new TurnOptions { TurnId = new("order-1") });

        Assert.Equal("Hello", await stream.ToStringAsync());
        var failure = await Assert.ThrowsAsync<DuplicateTurnException>(() => stream.ToStringAsync());
        Assert.Contains("order-1", failure.Message);
    }
}
