using ActorAgents.Testing;
using Microsoft.Extensions.DependencyInjection;
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
            Script.Fails(401, "bad key secret-key"),
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

    [Fact, Trait("Behaviour", "T88")]
    public async Task What_the_provider_says_of_a_prompt_that_it_refuses_is_not_logged()
    {
        await using var runtime = await StartAsync(new(Script.Fails(400, "secret-prompt is too long"), Script.Fails(401, "bad key secret-key")));

        for (var i = 0; i < 2; i++) await Assert.ThrowsAsync<ProviderException>(() => runtime.Agents["writer", "42"].RunAsync("secret-prompt"));

        Assert.Equal(2, OfTurns().Count);
        Assert.DoesNotContain(_logs.Lines, line => line.ToString().Contains("secret"));
    }

    [Fact]
    public async Task The_exception_behind_a_failure_is_in_its_warning_even_where_the_log_begins_with_warnings()
    {
        var provider = new ScriptedProvider(Script.Throw(new InvalidOperationException("odd")), Script.Call("bad"));
        await using var runtime = await AgentRuntime.StartAsync(
            agents => agents.AddProvider("default", provider).AddAgent("writer", a => a
                .WithTool(new ScriptedTool("bad").Throws(new IOException("disk"))).WithLimits(l => l with { MaxConsecutiveFailingRounds = 0 })),
            services => { _logs.AddTo(services); services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning)); });

        for (var i = 0; i < 2; i++) await Assert.ThrowsAnyAsync<TurnException>(() => runtime.Agents["writer", "42"].RunAsync("Hi"));

        Assert.Collection(OfTurns(),
            line => Assert.Equal((LogLevel.Warning, "Unknown", "odd"), (line.Level, $"{line.Facts["Kind"]}", line.Exception?.Message)),
            line => Assert.Equal((LogLevel.Warning, "ToolsFailed", "disk"), (line.Level, $"{line.Facts["Kind"]}", line.Exception?.Message)));
    }

    [Fact]
    public async Task A_failure_of_an_unknown_kind_without_an_exception_is_logged_in_its_own_words()
    {
        await using var runtime = await AgentRuntime.StartAsync(agents => agents
            .AddProvider("default", ScriptedProvider.Always(Script.Throw(new IOException("reset"))), p => p.Classify(_ => new(TurnErrorKind.Unknown, "The line is odd.")))
            .AddAgent("writer"), _logs.AddTo);

        await Assert.ThrowsAsync<ProviderException>(() => runtime.Agents["writer", "42"].RunAsync("Hi"));

        Assert.Contains("The line is odd.", Assert.Single(OfTurns()).ToString());
    }

    private IReadOnlyList<LogLine> OfTurns() => [.. _logs.Lines.Where(line => line.Facts.ContainsKey("Turn"))];

    private Task<AgentRuntime> StartAsync(ScriptedProvider provider, Action<AgentBuilder>? agent = null) => AgentRuntime.StartAsync(
        builder => builder.AddProvider("default", provider).AddAgent("writer", a => agent?.Invoke(a)), _logs.AddTo);
}
