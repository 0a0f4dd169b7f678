using ActorAgents.Testing;

namespace ActorAgents.Tests.Stops;

public sealed class TextLimitTests
{
    [Theory, EveryWayOut, Trait("Behaviour", "T56")]
    public async Task An_answer_past_the_limit_ends_with_the_piece_that_passed_it(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Text("123", "456", "789", "never"));
        await using var runtime = await WaysOut.StartAsync(provider, a => a.WithLimits(l => l with { MaxTextChars = 8 }));
        var agent = runtime.Agents["writer", "1"];
        await using var probe = runtime.Read(way, agent, "go").Probe();

        await probe.ReadInterruptedAsync(InterruptReason.TextLimit, "123456789");

        await provider.ReleasedAsync();
        Assert.Equal(["user: go (interrupted)", "assistant: 123456789 (interrupted)"], await agent.HistoryAsync());
    }

    [Theory, EveryWayOut]
    public async Task An_answer_of_exactly_the_limit_completes(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Text("123", "456"));
        await using var runtime = await WaysOut.StartAsync(provider, a => a.WithLimits(l => l with { MaxTextChars = 6 }));
        await using var probe = runtime.Read(way, runtime.Agents["writer", "1"], "go").Probe();

        Assert.Equal("123456", (await probe.ReadEndAsync<TurnCompleted>()).Text);
    }
}
