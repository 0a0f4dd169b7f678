using System.Diagnostics;
using System.Threading.Channels;

namespace ActorAgents.Tests.Telemetry;

/// <summary>Listens to the runtime's spans. Tests run at once, so each looks only at the spans of its own agent.</summary>
internal sealed class SpanRecorder : IDisposable
{
    private readonly Channel<Activity> _ended = Channel.CreateUnbounded<Activity>();
    private readonly List<Activity> _seen = [];
    private readonly ActivityListener _listener;

    public SpanRecorder()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "ActorAgents",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => _ended.Writer.TryWrite(activity),
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>The ended span of the agent's turn and its ended children, once there are so many of these.</summary>
    public async Task<(Activity Turn, IReadOnlyList<Activity> Children)> OfAsync(AgentId agent, int children)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var turn = _seen.Find(activity => activity.GetTagItem("gen_ai.agent.id") is string id && id == agent.Value);
            var below = turn is null ? [] : _seen.Where(activity => activity != turn && activity.TraceId == turn.TraceId).ToArray();
            if (turn is not null && below.Length >= children) return (turn, below);
            _seen.Add(await _ended.Reader.ReadAsync(patience.Token));
        }
    }

    public void Dispose() => _listener.Dispose();
}
