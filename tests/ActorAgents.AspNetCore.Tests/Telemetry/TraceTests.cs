using System.Collections.Concurrent;
using System.Diagnostics;
using ActorAgents.Testing;

namespace ActorAgents.AspNetCore.Tests.Telemetry;

public sealed class TraceTests
{
    [Theory, Trait("Behaviour", "T87")]
    [InlineData("attached")]
    [InlineData("detached")]
    public async Task A_clients_trace_goes_through_the_request_and_the_mailboxes_to_provider_calls_and_tools(string mode)
    {
        var trace = ActivityTraceId.CreateRandom();
        using var spans = new Spans(trace);
        var tool = new ScriptedTool("look", _ => Activity.Current?.TraceId.ToHexString() ?? "");
        await using var server = await AgentServer.StartAsync(agents => agents
            .AddProvider("default", new ScriptedProvider(Script.Call("look"), Script.Text("Done.")))
            .AddTool("look", tool)
            .AddAgent("assistant", a => a.WithTool("look")));

        await using var stream = await server.StreamAsync("/agents/assistant/1/turns", new { input = "hello", mode }, ("traceparent", $"00-{trace}-00f067aa0ba902b7-01"));
        var frames = await stream.RestAsync();

        var ended = await spans.EndedAsync("POST /agents/{kind}/{key}/turns", "invoke_agent assistant", "chat scripted-model", "chat scripted-model", "execute_tool look");
        var (request, turn) = (ended[0], ended[1]);
        Assert.Equal("00f067aa0ba902b7", request.ParentSpanId.ToHexString());
        Assert.Equal(request.SpanId, turn.ParentSpanId);
        Assert.All(ended[2..4], call => Assert.Equal(turn.SpanId, call.ParentSpanId));
        Assert.Contains(ended[4].ParentSpanId, ended[2..4].Select(call => call.SpanId));
        Assert.Equal(trace.ToHexString(), frames.Single(frame => frame.Event == "tool-finished").Text("result")); // What the tool itself does is under it.
    }

    /// <summary>Collects the spans of one trace as they end.</summary>
    private sealed class Spans : IDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

        private readonly ConcurrentQueue<Activity> _ended = new();
        private readonly SemaphoreSlim _more = new(0);
        private readonly ActivityListener _listener;

        public Spans(ActivityTraceId trace)
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name is "ActorAgents" or "Microsoft.AspNetCore",
                Sample = (ref ActivityCreationOptions<ActivityContext> options) => options.TraceId == trace ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
                ActivityStopped = activity =>
                {
                    _ended.Enqueue(activity);
                    _more.Release();
                },
            };
            ActivitySource.AddActivityListener(_listener);
        }

        /// <summary>One span per name, in the order of the names; those of one name in the order in which they began.</summary>
        public async Task<Activity[]> EndedAsync(params string[] names)
        {
            for (var i = 0; i < names.Length; i++) Assert.True(await _more.WaitAsync(Patience), $"Ended are only: {string.Join(", ", _ended.Select(span => span.DisplayName))}");
            return [.. _ended.OrderBy(span => span.StartTimeUtc).OrderBy(span => Array.IndexOf(names, span.DisplayName))];
        }

        public void Dispose() => _listener.Dispose();
    }
}
