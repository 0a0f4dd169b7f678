namespace ActorAgents.Pages;

/// <summary>All that is measured from when somebody began to look until nobody does. One thread at a time.</summary>
internal sealed class DashboardGauges : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(0.95); // A timer may be a little early.

    private readonly IAgents _agents;
    private readonly TimeProvider _time;
    private readonly string? _tenant;
    private readonly DateTimeOffset _looked;
    private readonly long _start;
    private readonly NodeGauges? _node;
    private readonly NodesGauge? _nodes;
    private readonly Series _live = new(), _waiting = new();
    private TimeSpan _ended;
    private Spark _liveSpark = Spark.Empty, _waitingSpark = Spark.Empty;

    /// <param name="tenant">Whose agents these are, when they are confined to one tenant's.</param>
    /// <param name="cluster">Where the process is a node of one.</param>
    public DashboardGauges(IAgents agents, TimeProvider time, string? tenant, IClusterView? cluster)
    {
        (_agents, _time, _tenant, _looked, _start) = (agents, time, tenant, time.GetUtcNow(), time.GetTimestamp());
        if (tenant is not null) return;
        _node = new NodeGauges(agents.Status, agents.TakeSnapshot().DeliveredChunks ?? 0);
        if (cluster is not null) _nodes = new NodesGauge(cluster, time);
    }

    public DashboardSnapshot Take()
    {
        var (turns, status, halts) = (_agents.TakeSnapshot(), _agents.Status, _agents.Halts);
        var now = _time.GetElapsedTime(_start);
        var (all, queued, unplaced) = (turns.Kinds.Sum(k => k.Turns), Count(turns, TurnWait.Queue), Count(turns, TurnWait.Place));
        _node?.MoveTo(now);
        if (now - _ended is var took && took >= Second)
        {
            var seconds = Math.Clamp((int)Math.Round(took.TotalSeconds), 1, Series.Length);
            for (var i = 0; i < seconds; i++) _live.Push(all - queued - unplaced);
            for (var i = 0; i < seconds; i++) _waiting.Push(queued + unplaced);
            (_liveSpark, _waitingSpark) = (Spark.Of(_live), Spark.Of(_waiting));
            _node?.EndSeconds(seconds, took, status, turns.DeliveredChunks ?? 0);
            _ended = now;
        }
        var reading = new TurnsReading(all - queued - unplaced, queued, unplaced, _liveSpark, _waitingSpark);
        return new DashboardSnapshot(turns.At, _looked, reading, KindReadings.Of(turns.Kinds, halts, _tenant), turns.Longest, halts, _node?.Read(status), _nodes?.Read());
    }

    public void Dispose()
    {
        _node?.Dispose();
        _nodes?.Dispose();
    }

    private static int Count(RuntimeSnapshot turns, TurnWait wait) => turns.Kinds.Sum(k => k.Waits.GetValueOrDefault(wait));
}
