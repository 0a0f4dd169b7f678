namespace ActorAgents;

/// <summary>
/// The logs of this node. A finished one is kept as long as its kind says, as one of its agent's last four, and within 256 MiB over all, the oldest finished
/// going first.
/// </summary>
internal sealed class TurnLogs : IDisposable
{
    private static readonly TimeSpan ExpiryPeriod = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LeftOversAreKept = TimeSpan.FromSeconds(10);
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
        _expiry = time.CreateTimer(static logs => ((TurnLogs)logs!).Expire(), this, ExpiryPeriod, ExpiryPeriod);
    }

    public TurnLog? Find(AgentId agent, TurnId turn)
    {
        lock (_lock) return _logs.GetValueOrDefault(agent)?.Find(log => log.TurnId == turn);
    }

    /// <summary>The log of that turn, which is the given one unless there was one before.</summary>
    public TurnLog GetOrAdd(TurnLog log)
    {
        lock (_lock)
        {
            var ofAgent = _logs.GetValueOrDefault(log.AgentId) ?? new(1);
            if (ofAgent.Find(other => other.TurnId == log.TurnId) is { } former)
            {
                if (!former.IsLeftOver) return former;
                Drop(former);
            }
            ofAgent.Add(log);
            _logs[log.AgentId] = ofAgent;
            return log;
        }
    }

    public void Finished(TurnLog log) => Finished(log, TimeSpan.Zero);

    /// <summary>Keeps the log of a turn that ended in another process, unless it is here.</summary>
    /// <param name="ago">Since when it is over.</param>
    public void AddFinished(TurnLog log, TimeSpan ago = default)
    {
        if (ReferenceEquals(GetOrAdd(log), log)) Finished(log, ago);
    }

    private void Finished(TurnLog log, TimeSpan ago)
    {
        lock (_lock)
        {
            if (_logs.GetValueOrDefault(log.AgentId) is not { } ofAgent || !ofAgent.Contains(log)) return; // Forgotten while it ran.
            log.Kept = _finished.AddLast(log);
            log.FinishedAt = _time.GetTimestamp() - (long)(ago.TotalSeconds * _time.TimestampFrequency);
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

    /// <summary>Drops what is kept of an agent, but what its removal left over.</summary>
    public void Forget(AgentId agent)
    {
        lock (_lock)
            foreach (var log in OfAgent(agent)) if (!log.IsLeftOver) Drop(log);
    }

    /// <summary>Drops what is kept of an agent that is removed. What this ends is left over for some seconds: its readers have yet to see the end.</summary>
    public void ForgetRemoved(AgentId agent)
    {
        lock (_lock)
            foreach (var log in OfAgent(agent))
                if (log.Kept is not null) Drop(log); else (log.IsLeftOver, log.KeepFor) = (true, LeftOversAreKept);
    }

    /// <summary>Adds the lag of every reader of every log.</summary>
    public void Measure(ref ReaderLag lag)
    {
        TurnLog[] logs;
        lock (_lock) logs = [.. _logs.Values.SelectMany(ofAgent => ofAgent)];
        foreach (var log in logs) log.Measure(ref lag); // Outside: a log that takes its end in holds its own lock first.
    }

    public void Dispose() => _expiry.Dispose();

    private TurnLog[] OfAgent(AgentId agent) => _logs.GetValueOrDefault(agent) is { } logs ? [.. logs] : [];

    private void Expire()
    {
        lock (_lock)
            foreach (var log in _finished.Where(log => _time.GetElapsedTime(log.FinishedAt) >= log.KeepFor).ToArray()) Drop(log);
    }

    private void Drop(TurnLog log)
    {
        if (_logs.GetValueOrDefault(log.AgentId) is { } ofAgent && ofAgent.Remove(log) && ofAgent.Count == 0) _logs.Remove(log.AgentId);
        if (log.Kept is null) return;
        _finished.Remove(log.Kept);
        log.Kept = null;
        _finishedBytes -= log.Bytes;
    }
}
