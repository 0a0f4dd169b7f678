using ActorAgents.Testing;
using Microsoft.Extensions.Logging;

namespace ActorAgents.Tests.Telemetry;

public sealed class LogTests
{
    private readonly CapturedLogs _logs = new();

    [Theory, EveryWayOut, Trait("Behaviour", "T88")]
    public async Task The_end_of_a_turn_is_logged_with_agent_and_turn(WayOut way)
    {
        await using var runtime = await StartAsync(new(Script.Text("Hello").Usage(5, 2)));
        var agent = runtime.Agents["writer", "42"];

        var events = await runtime.ReadAllAsync(way, agent, "Hi");

        var line = Assert.Single(OfTurns());
        Assert.Equal(LogLevel.Information, line.Level);
        Assert.Equal((agent.Id.Value, events[0].Turn.Value), ($"{line.Facts["Agent"]}", $"{line.Facts["Turn"]}"));
        Assert.Equal($"Turn {events[0].Turn} of agent default/writer/42 completed: stop, 7 tokens.", line.Message);
    }

    [Fact, Trait("Behaviour", "T88")]
    public async Task A_failure_is_a_warning_and_an_interruption_is_none()
    {
        await using var runtime = await StartAsync(new(Script.Fails(401), Script.Text("Hel").Stall(out var gate)));
        var agent = runtime.Agents["writer", "42"];
        using var stop = new CancellationTokenSource();

        await Assert.ThrowsAsync<ProviderException>(() => agent.RunAsync("Hi"));
        var run = agent.RunAsync("Hi", stop.Token);
        await gate.ReachedAsync();
        await stop.CancelAsync();
        await Assert.ThrowsAsync<StreamInterruptedException>(() => run);

        Assert.Collection(OfTurns(),
            line => Assert.Equal((LogLevel.Warning, "Authentication", "401"), (line.Level, $"{line.Facts["Kind"]}", $"{line.Facts["Status"]}")),
            line => Assert.Equal((LogLevel.Information, "Caller", "3"), (line.Level, $"{line.Facts["Reason"]}", $"{line.Facts["Chars"]}")));
        Assert.All(OfTurns(), line => Assert.Equal(agent.Id.Value, $"{line.Facts["Agent"]}"));
    }

    [Fact, Trait("Behaviour", "T88")]
    public async Task No_prompt_answer_argument_result_or_key_is_logged()
    {
        var provider = new ScriptedProvider(
            Script.Text("secret-answer").Call("look", new { where = "secret-argument" }),
            Script.Call("fail", new { where = "secret-argument" }),
            Script.MalformedCall("look", """{"where":"secret-broken"""),
            Script.Text("Done."),
            Script.Throw(new InvalidOperationException("bad key secret-key")),
            Script.Text("secret-answer").Stall(out var gate).Throw(new InvalidOperationException("secret-late")).IgnoreCancellation());
        await using var runtime = await StartAsync(provider, a => a
            .WithInstructions("secret-instructions").WithTool(new ScriptedTool("look", _ => "secret-result"))
            .WithTool(new ScriptedTool("fail").Throws(new InvalidOperationException("secret-exception"))));
        var agent = runtime.Agents["writer", "42"];
        using var stop = new CancellationTokenSource();

        await agent.RunAsync("secret-prompt", new TurnOptions { Context = [new("a", "secret-context")] });
        await Assert.ThrowsAsync<ProviderException>(() => agent.RunAsync("secret-prompt"));
        var run = agent.RunAsync("secret-prompt", stop.Token);
        await gate.ReachedAsync();
        await stop.CancelAsync();
        await Assert.ThrowsAsync<StreamInterruptedException>(() => run);
        gate.Open();
        await provider.ReleasedAsync();
        await runtime.DisposeAsync();

        Assert.Equal(3, OfTurns().Count);
        Assert.DoesNotContain(_logs.Lines, line => line.ToString().Contains("secret"));
    }

    private IReadOnlyList<LogLine> OfTurns() => [.. _logs.Lines.Where(line => line.Facts.ContainsKey("Turn"))];

    private Task<AgentRuntime> StartAsync(ScriptedProvider provider, Action<AgentBuilder>? agent = null) => AgentRuntime.StartAsync(
        builder => builder.AddProvider("default", provider).AddAgent("writer", a => agent?.Invoke(a)), _logs.AddTo);
}
