namespace ActorAgents;

/// <summary>
/// The logs of this node. A finished one is kept for five minutes, as one of its agent's last four, and within 256 MiB over all, the oldest finished
/// going first.
/// </summary>
internal sealed class TurnLogs : IDisposable
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(5);
    private const int KeptPerAgent = 4;
    private const long KeptBytes = 256L << 20;

    private readonly Lock _lock = new();
    private readonly Dictionary<AgentId, List<TurnLog>> _logs = [];
    private readonly LinkedList<TurnLog> _finished = [];
    private readonly TimeProvider _time;
    private readonly ITimer _expiry;
    private long _finishedBytes;

    public TurnLogs(TimeProvider time)
    {
        _time = time;
        _expiry = time.CreateTimer(static logs => ((TurnLogs)logs!).Expire(), this, KeptFor / 10, KeptFor / 10);
    }

    public TurnLog? Find(AgentId agent, TurnId turn)
    {
        lock (_lock) return _logs.GetValueOrDefault(agent)?.Find(log => log.Turn.Id == turn);
    }

    /// <summary>The log of that turn, which is the given one unless there was one before.</summary>
    public TurnLog GetOrAdd(TurnLog log)
    {
        lock (_lock)
        {
            if (!_logs.TryGetValue(log.Turn.AgentId, out var ofAgent)) _logs.Add(log.Turn.AgentId, ofAgent = new(1));
            if (ofAgent.Find(other => other.Turn.Id == log.Turn.Id) is { } former) return former;
            ofAgent.Add(log);
            return log;
        }
    }

    public void Finished(TurnLog log)
    {
        lock (_lock)
        {
            if (_logs.GetValueOrDefault(log.Turn.AgentId) is not { } ofAgent || !ofAgent.Contains(log)) return; // Forgotten while it ran.
            log.Kept = _finished.AddLast(log);
            log.FinishedAt = _time.GetTimestamp();
            _finishedBytes += log.Bytes;
            var finished = ofAgent.FindAll(other => other.Kept is not null);
            if (finished.Count > KeptPerAgent) Drop(finished.MinBy(other => other.FinishedAt)!);
            while (_finishedBytes > KeptBytes && _finished.First is { } oldest) Drop(oldest.Value);
        }
    }

    public void Remove(TurnLog log)
    {
        lock (_lock) Drop(log);
    }

    /// <summary>Drops what is kept of an agent.</summary>
    public void Forget(AgentId agent)
    {
        lock (_lock)
            while (_logs.GetValueOrDefault(agent) is [.., var log]) Drop(log);
    }

    /// <summary>Adds the lag of every reader of every log.</summary>
    public void Measure(ref ReaderLag lag)
    {
        TurnLog[] logs;
        lock (_lock) logs = [.. _logs.Values.SelectMany(ofAgent => ofAgent)];
        foreach (var log in logs) log.Measure(ref lag); // Outside: a log that takes its end in holds its own lock first.
    }

    public void Dispose() => _expiry.Dispose();

    private void Expire()
    {
        lock (_lock)
            while (_finished.First is { } oldest && _time.GetElapsedTime(oldest.Value.FinishedAt) >= KeptFor) Drop(oldest.Value);
    }

    private void Drop(TurnLog log)
    {
        if (_logs.GetValueOrDefault(log.Turn.AgentId) is { } ofAgent && ofAgent.Remove(log) && ofAgent.Count == 0) _logs.Remove(log.Turn.AgentId);
        if (log.Kept is null) return;
        _finished.Remove(log.Kept);
        log.Kept = null;
        _finishedBytes -= log.Bytes;
    }
}
