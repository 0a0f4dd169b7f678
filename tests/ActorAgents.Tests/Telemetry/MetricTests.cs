using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.Tests.Telemetry;

public sealed class MetricTests
{
    private static int _kinds;
    private readonly string _name = $"metrics-{Interlocked.Increment(ref _kinds)}";
    private readonly ConcurrentQueue<(string Instrument, double Value, Dictionary<string, object?> Tags)> _measured = new();

    [Fact, Trait("Behaviour", "T87")]
    public async Task A_turn_measures_its_duration_chunks_tokens_first_chunk_and_outcome()
    {
        var time = new VirtualTime();
        using var listener = Listen();
        var provider = new ScriptedProvider(Script.Delay(TimeSpan.FromSeconds(2)).Text("Hello ", "world!").Usage(5, 2)) { Time = time.Provider };
        await using var runtime = await StartAsync(provider, time);
        var run = runtime.Agents[_name, "1"].RunAsync("Hi");
        await provider.CallStartedAsync();

        while (!run.IsCompleted) { time.Advance(TimeSpan.FromSeconds(1)); await Task.Yield(); }
        await run;

        Assert.Equal((2, "completed"), Of("actoragents.turn.chunks"));
        Assert.Equal("completed", Of("actoragents.turn.duration").Outcome);
        Assert.True(Of("actoragents.turn.duration").Value >= 2);
        Assert.InRange(Single("gen_ai.client.operation.time_to_first_chunk").Value, 2, Single("gen_ai.client.operation.duration").Value);
        Assert.Equal([("input", 5), ("output", 2)], Mine("gen_ai.client.token.usage").Select(m => ((string)m.Tags["gen_ai.token.type"]!, m.Value)));
    }

    [Fact, Trait("Behaviour", "T87")]
    public async Task An_interrupted_turn_is_measured_with_its_reason()
    {
        using var listener = Listen();
        await using var runtime = await StartAsync(new(Script.Text("Hel").Stall(out var gate)));
        using var stop = new CancellationTokenSource();
        var run = runtime.Agents[_name, "1"].RunAsync("Hi", stop.Token);
        await gate.ReachedAsync();

        await stop.CancelAsync();
        await Assert.ThrowsAsync<StreamInterruptedException>(() => run);

        Assert.Equal((1, "interrupted"), Of("actoragents.turn.chunks"));
        Assert.Equal("Caller", Single("actoragents.turn.duration").Tags["error.type"]);
        Assert.Single(Mine("gen_ai.client.operation.duration"));
        Assert.Equal((1, "Caller"), (Single("actoragents.turn.interruptions").Value, Single("actoragents.turn.interruptions").Tags["actoragents.interrupt.reason"]));
    }

    [Fact, Trait("Behaviour", "T87")]
    public async Task A_failed_turn_is_measured_with_its_kind_of_failure()
    {
        using var listener = Listen();
        await using var runtime = await StartAsync(new(Script.Fails(401)));

        await Assert.ThrowsAsync<ProviderException>(() => runtime.Agents[_name, "1"].RunAsync("Hi"));

        Assert.Equal((0, "failed"), Of("actoragents.turn.chunks"));
        Assert.Equal("Authentication", Single("actoragents.turn.duration").Tags["error.type"]);
        Assert.Equal("Authentication", Single("gen_ai.client.operation.duration").Tags["error.type"]);
        Assert.Empty(Mine("gen_ai.client.operation.time_to_first_chunk"));
    }

    [Fact, Trait("Behaviour", "T87")]
    public async Task A_turn_measures_how_long_its_input_waited()
    {
        var time = new VirtualTime();
        using var listener = Listen();
        await using var runtime = await StartAsync(new(Script.Stall(out var gate).Text("A"), Script.Text("B")), time);
        var agent = runtime.Agents[_name, "1"];
        var first = agent.RunAsync("Hi");
        await gate.ReachedAsync();
        var second = agent.RunAsync("Hi");
        time.Advance(TimeSpan.FromSeconds(3));

        gate.Open();
        await Task.WhenAll(first, second);

        Assert.Equal([0, 3], Mine("actoragents.turn.wait_time").Select(wait => wait.Value));
    }

    [Fact, Trait("Behaviour", "T87")]
    public async Task A_turn_that_was_left_before_its_first_read_measures_nothing()
    {
        using var listener = Listen();
        await using var runtime = await StartAsync(new());

        await using (runtime.Agents[_name, "1"].EventsAsync("Hi").GetAsyncEnumerator()) { }

        Assert.DoesNotContain(_measured, measured => measured.Tags.ContainsValue(_name));
    }

    private Task<AgentRuntime> StartAsync(ScriptedProvider provider, VirtualTime? time = null) => AgentRuntime.StartAsync(agents => agents
        .AddProvider("default", new Renamed(provider, _name)).AddAgent(_name).WithTimeProvider(time?.Provider ?? TimeProvider.System));

    private MeterListener Listen()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) => { if (instrument.Meter.Name == "ActorAgents") listener.EnableMeasurementEvents(instrument); },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.Start();
        return listener;
    }

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _measured.Enqueue((instrument.Name, value, tags.ToArray().ToDictionary()));

    private IEnumerable<(string Instrument, double Value, Dictionary<string, object?> Tags)> Mine(string instrument) =>
        _measured.Where(m => m.Instrument == instrument && m.Tags.ContainsValue(_name));

    private (string Instrument, double Value, Dictionary<string, object?> Tags) Single(string instrument) => Assert.Single(Mine(instrument));

    private (double Value, object? Outcome) Of(string instrument) => (Single(instrument).Value, Single(instrument).Tags["actoragents.outcome"]);

    /// <summary>Other tests measure at the same time; a provider name of its own tells them apart.</summary>
    private sealed class Renamed(IChatClient inner, string name) : DelegatingChatClient(inner)
    {
        public override object? GetService(Type serviceType, object? serviceKey = null) =>
            serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata(name) : base.GetService(serviceType, serviceKey);
    }
}
