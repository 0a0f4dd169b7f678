using ActorAgents.Testing;
using Akka.Actor;

namespace ActorAgents.Docs.Tests.Packages;

/// <summary>The snippets of the testing package's readme.</summary>
public sealed class TestingSnippets
{
    [Fact]
    public async Task An_interruption_in_the_middle_of_the_answer()
    {
        #region testing-interruption
        var weather = new ScriptedTool("weather", call => $"18 °C in {call.Argument<string>("city")}", "city");
        var provider = new ScriptedProvider(
            Script.Text("Let me look. ").Call("weather", new { city = "Riga" }),
            Script.Text("It is ").Stall(out var gate).Text("18 °C."));

        await using var runtime = await AgentRuntime.StartAsync(agents => agents
            .AddProvider("default", provider)
            .AddTool("weather", weather)
            .AddAgent("writer", a => a.WithTool("weather")));
        var agent = runtime.Agents["writer", "1"];

        await using var probe = agent.StreamAsync("How warm is it?", new TurnOptions { TurnId = new TurnId("t1") }).Probe();
        await probe.NextAsync();                       // "Let me look. "
        await probe.NextAsync();                       // "It is "
        probe.Pull();
        await gate.ReachedAsync();                     // the provider is silent now
        await agent.InterruptAsync(new TurnId("t1"));

        var stopped = await probe.ExpectFailureAsync<StreamInterruptedException>();
        Assert.Equal("Let me look. It is ", stopped.PartialResponse);
        Assert.Equal("Riga", weather.Calls[0].Argument<string>("city"));
        await provider.ReleasedAsync();                // its streams are closed
        Assert.Empty(provider.Violations);             // and were read by the rules
        #endregion
    }

    [Fact]
    public async Task Faults_are_scripts()
    {
        #region testing-faults
        Script.RateLimited(retryAfter: TimeSpan.FromSeconds(2));        // status 429, wait in Data["Retry-After"]
        Script.Text("Hel").Fails(503);                                  // breaks after the first token
        Script.Text("Hel").WithoutFinish();                             // just ends: truncated
        Script.Stall().IgnoreCancellation();                            // silent and deaf
        Script.CallInPieces("add", """{"a":""", pieces: 2);             // JSON that never becomes JSON
        Script.Text("a", "b").DelayBetween(TimeSpan.FromSeconds(1));    // by ScriptedProvider.Time
        #endregion
        var provider = new ScriptedProvider(Script.Text("Hel").WithoutFinish(), Script.RateLimited(TimeSpan.FromTicks(1)), Script.Text("Hel").Fails(503));
        await using var runtime = await AgentRuntime.StartAsync(agents => agents
            .AddProvider("default", provider).AddAgent("writer", a => a.WithLimits(l => l with { Retries = 0 })));
        var agent = runtime.Agents["writer", "1"];

        foreach (var (kind, partial) in new[] { (TurnErrorKind.Truncated, "Hel"), (TurnErrorKind.RateLimited, ""), (TurnErrorKind.Truncated, "Hel") })
        {
            var failed = await Assert.ThrowsAsync<ProviderException>(() => agent.RunAsync("x"));
            Assert.Equal((kind, partial), (failed.Kind, failed.PartialResponse));
        }
    }

    [Fact]
    public async Task Time_is_moved_by_the_test()
    {
        using var system = ActorSystem.Create("timed", VirtualTime.Configuration);
        #region testing-time
        var time = new VirtualTime();
        var provider = new ScriptedProvider(Script.Text("a", "b").DelayBetween(TimeSpan.FromMinutes(1))) { Time = time.Provider };
        time.Attach(system);                           // an actor system made with VirtualTime.Configuration before its own
        time.Advance(TimeSpan.FromMinutes(1));
        #endregion
        await using var reading = provider.GetStreamingResponseAsync([]).Probe();
        await reading.NextAsync();
        Assert.True(reading.TryPending());
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("b", (await reading.NextAsync()).Text);
        await system.Terminate();
    }
}
