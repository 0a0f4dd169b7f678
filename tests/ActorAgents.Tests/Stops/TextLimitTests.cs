using ActorAgents.Testing;
using ActorAgents.Tests.Halts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

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

    [Fact]
    public async Task A_log_that_throws_keeps_no_waiting_reader_from_the_end()
    {
        var provider = new ScriptedProvider(Script.Text("123", "never").YieldBetween());
        await using var runtime = await AgentRuntime.StartAsync(
            agents => agents.AddProvider("default", provider).AddAgent("writer", a => a.WithLimits(l => l with { MaxTextChars = 2 })),
            services => services.AddLogging(logging => logging.AddProvider(new BrokenLogs())));
        await using var probe = runtime.Read(WayOut.AwaitForeach, runtime.Agents["writer", "1"], "go").Probe();

        await probe.ReadInterruptedAsync(InterruptReason.TextLimit, "123");
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
