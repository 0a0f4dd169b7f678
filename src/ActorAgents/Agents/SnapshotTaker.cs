namespace ActorAgents;

/// <summary>Sums up the live turns of a node, or those of one tenant. Used for one pass.</summary>
internal sealed class SnapshotTaker
{
    private const int Listed = 20;

    private readonly AgentNode _node;
    private readonly string? _tenant;
    private readonly Tally[] _kinds; // By number.
    private readonly PriorityQueue<(Turn Turn, TurnWait Wait, int Chunks), long> _longest = new(Listed); // The youngest of them comes out first.
    private long _chunks;

    public SnapshotTaker(AgentNode node, string? tenant)
    {
        (_node, _tenant) = (node, tenant);
        _kinds = [.. node.Kinds.Values.OrderBy(kind => kind.Number).Select(kind => new Tally(kind))];
    }

    public RuntimeSnapshot Take()
    {
        var ended = _node.Live.Look(Count);
        var now = _node.Time.GetTimestamp();
        var longest = new TurnSnapshot[_longest.Count];
        for (var i = longest.Length - 1; i >= 0; i--)
        {
            var (turn, wait, chunks) = _longest.Dequeue();
            longest[i] = new TurnSnapshot(turn.AgentId, turn.Id, wait, _node.Time.GetElapsedTime(turn.Loop.ArrivedAt, now), chunks);
        }
        return new RuntimeSnapshot(_node.Time.GetUtcNow(),
            [.. _kinds.Select(kind => kind.Sum()).OrderBy(kind => kind.Kind, StringComparer.Ordinal)], longest,
            _tenant is null ? ended.Chunks + _chunks : null);
    }

    private void Count(Turn turn)
    {
        if (_tenant is not null && turn.AgentId.Tenant != _tenant) return;
        var (wait, chunks, arrived) = (turn.WaitsFor, turn.Chunks, turn.Loop.ArrivedAt);
        _chunks += chunks;
        _kinds[turn.Loop.Kind.Number].Add(wait, chunks);
        if (_longest.Count < Listed) _longest.Enqueue((turn, wait, chunks), -arrived);
        else if (_longest.TryPeek(out _, out var youngest) && -arrived > youngest) _longest.EnqueueDequeue((turn, wait, chunks), -arrived);
    }

    private sealed class Tally(AgentKind kind)
    {
        private readonly int[] _waits = new int[Enum.GetValues<TurnWait>().Length];
        private int _turns;
        private long _chunks;

        public void Add(TurnWait wait, int chunks)
        {
            _turns++;
            _chunks += chunks;
            _waits[(int)wait]++;
        }

        public KindSnapshot Sum()
        {
            var waits = new Dictionary<TurnWait, int>();
            for (var i = 0; i < _waits.Length; i++) if (_waits[i] > 0) waits.Add((TurnWait)i, _waits[i]);
            return new KindSnapshot(kind.Definition.Kind, _turns, _chunks, waits.AsReadOnly());
        }
    }
}
