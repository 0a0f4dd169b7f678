using System.Diagnostics;
using ActorAgents.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ActorAgents.Tests.Telemetry;

public sealed class SensitiveTelemetryTests
{
    [Fact, Trait("Behaviour", "T88")]
    public async Task Spans_carry_what_was_said_only_when_asked_to()
    {
        var silent = await TagsAsync(sensitive: false);
        var open = await TagsAsync(sensitive: true);

        Assert.DoesNotContain(silent, tag => tag.Value is string text && (text.Contains("prompt", StringComparison.Ordinal) || text.Contains("answer", StringComparison.Ordinal) || text.Contains("Riga", StringComparison.Ordinal)));
        Assert.Equal("""[{"role":"user","parts":[{"type":"text","content":"my prompt"}]}]""", open["gen_ai.input.messages"]);
        Assert.Equal("""[{"role":"assistant","parts":[{"type":"text","content":"my answer"}]}]""", open["gen_ai.output.messages"]);
        Assert.Equal("""{"city":"Riga"}""", open["gen_ai.tool.call.arguments"]);
        Assert.Equal("warm in Riga", open["gen_ai.tool.call.result"]);
    }

    [Fact, Trait("Behaviour", "T88")]
    public async Task What_is_logged_of_a_turns_end_names_its_trace()
    {
        using var spans = new SpanRecorder();
        var logs = new TraceOfLogs();
        await using var runtime = await AgentRuntime.StartAsync(
            agents => agents.AddProvider("default", ScriptedProvider.Always("Hello")).AddAgent("tracer"), services => services.AddLogging(l => l.AddProvider(logs)));
        var agent = runtime.Agents["tracer", "logs"];

        await agent.RunAsync("Hi");

        var (turn, _) = await spans.OfAsync(agent.Id, children: 1);
        Assert.Equal(turn.TraceId, Assert.Single(logs.Traces));
    }

    private static async Task<Dictionary<string, object?>> TagsAsync(bool sensitive)
    {
        using var spans = new SpanRecorder();
        await using var runtime = await AgentRuntime.StartAsync(agents =>
        {
            if (sensitive) agents.WithSensitiveTelemetry();
            agents.AddProvider("default", new ScriptedProvider(Script.Call("weather", new { city = "Riga" }), Script.Text("my answer")))
                .AddTool("weather", new ScriptedTool("weather", call => $"warm in {call.Argument<string>("city")}", "city"))
                .AddAgent("teller", a => a.WithTool("weather"));
        });
        var agent = runtime.Agents["teller", $"{sensitive}"];

        await agent.RunAsync("my prompt");

        var (turn, children) = await spans.OfAsync(agent.Id, children: 3);
        return children.Append(turn).SelectMany(span => span.TagObjects).DistinctBy(tag => tag.Key).ToDictionary();
    }

    /// <summary>Keeps the trace that was current when a turn's end was logged.</summary>
    private sealed class TraceOfLogs : ILoggerProvider, ILogger
    {
        public List<ActivityTraceId?> Traces { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => true;
        public void Dispose() { }

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!formatter(state, exception).StartsWith("Turn ", StringComparison.Ordinal)) return;
            lock (Traces) Traces.Add(Activity.Current?.TraceId);
        }
    }
}
