using ActorAgents.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static ActorAgents.Tests.TurnProbes;

namespace ActorAgents.Tests.Stops;

public sealed class LeavingReaderTests
{
    [Theory, AttachedWaysOut, Trait("Behaviour", "T49"), Trait("Behaviour", "P01")]
    public async Task Leaving_early_releases_the_provider_and_keeps_what_was_read(WayOut way)
    {
        var provider = new ScriptedProvider(Script.Text("A", "B", "C"), Script.Text("next"));
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];

        await foreach (var next in runtime.Read(way, agent, "go"))
            if (next is TextDelta { Text: "B" }) break;

        await provider.ReleasedAsync();
        Assert.Equal("next", (await agent.RunAsync("and?")).Content);
        Assert.Equal(["user: go (interrupted)", "assistant: AB (interrupted)", "user: and?", "assistant: next"], await agent.HistoryAsync());
        Assert.Equal(0, runtime.Agents.Status.LiveTurns);
        Assert.Empty(provider.Violations);
    }

    [Fact, Trait("Behaviour", "T49")]
    public async Task A_stream_of_chunks_that_is_left_is_interrupted_too()
    {
        var provider = new ScriptedProvider(Script.Text("A", "B"));
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];

        await foreach (var _ in agent.StreamAsync("go")) break;

        Assert.Equal(["user: go (interrupted)", "assistant: A (interrupted)"], await agent.HistoryAsync());
        await provider.ReleasedAsync();
    }

    [Fact, Trait("Behaviour", "T49")]
    public async Task Leaving_and_interrupting_are_not_logged_as_failures()
    {
        var log = new Recorded();
        var provider = ScriptedProvider.Always(Script.Text("A", "B"));
        await using (var runtime = await AgentRuntime.StartAsync(
            agents => agents.AddProvider("default", provider).AddAgent("writer"),
            services => services.AddLogging(logging => logging.AddProvider(log))))
        {
            await foreach (var _ in runtime.Agents["writer", "1"].StreamAsync("go")) break;
            await using var probe = runtime.Agents["writer", "2"].EventsAsync("go", Called("t1")).Probe();
            await probe.ReadTextAsync("A");
            await runtime.Agents["writer", "2"].InterruptAsync(new TurnId("t1"));
            await probe.ReadInterruptedAsync(InterruptReason.User, "A");
            await provider.ReleasedAsync();
        }
        Assert.Empty(log.Complaints);
    }

    [Fact, Trait("Behaviour", "T23")]
    public async Task A_stream_that_nobody_reads_has_not_happened()
    {
        var provider = new ScriptedProvider();
        await using var runtime = await WaysOut.StartAsync(provider);
        var agent = runtime.Agents["writer", "1"];

        await using (agent.EventsAsync("go").GetAsyncEnumerator()) { }
        _ = agent.StreamAsync("go");

        Assert.Equal(0, provider.CallsStarted);
        Assert.Equal(0, runtime.Agents.Status.Agents);
        Assert.Empty(await agent.HistoryAsync());
    }

    private sealed class Recorded : ILoggerProvider, ILogger
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> _complaints = new();

        public IReadOnlyCollection<string> Complaints => _complaints;
        public ILogger CreateLogger(string categoryName) => this;
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => true;
        public void Dispose() { }

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Warning || exception is not null) _complaints.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");
        }
    }
}
