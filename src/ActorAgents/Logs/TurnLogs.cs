using Akka.Actor;

namespace ActorAgents;

/// <summary>
/// The logs of this node. A finished one is kept as long as its kind says, as one of its agent's last four or while somebody elsewhere has yet to see its end, and within 256 MiB over all,
/// the oldest finished going first. When its agent is removed, what was being read is left over for some seconds, so that those who read it see the end.
/// </summary>
internal sealed class TurnLogs : IDisposable
{
    private static readonly TimeSpan ExpiryPeriod = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LeftOverFor = TimeSpan.FromSeconds(10);
    private const int KeptPerAgent = 4;
    private const long KeptBytes = 256L << 20;

    private readonly Lock _lock = new(); // A log may hold its own when it takes this; never the other way round.
    private readonly Dictionary<AgentId, List<TurnLog>> _logs = [];
    private readonly LinkedList<TurnLog> _finished = [];
    private readonly Dictionary<(AgentId, TurnId), (TurnLog Log, long Since)> _leftOver = [];
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
        lock (_lock) return Find(_logs.GetValueOrDefault(agent), turn);
    }

    /// <summary>The log of that turn for a reader at this place: of one whose agent was removed a moment ago, for those who had begun to read it.</summary>
    public TurnLog? Find(AgentId agent, TurnId turn, TurnCursor after)
    {
        if (Find(agent, turn) is { } kept) return kept;
        lock (_lock) return after.Seq > 0 && _leftOver.TryGetValue((agent, turn), out var left) && !IsStale(left) ? left.Log : null;
    }

    /// <summary>Has the log answer, at once or later. False when there is none.</summary>
    public bool TryAnswer(AgentProtocol.Pull pull, IActorRef reader)
    {
        if (Find(pull.AgentId, pull.TurnId, pull.After) is not { } log) return false;
        log.Answer(pull, reader, _time.GetTimestamp());
        return true;
    }

    /// <summary>The log of that turn, which is the given one unless there was one before.</summary>
    public TurnLog GetOrAdd(TurnLog log)
    {
        lock (_lock)
        {
            if (!_logs.TryGetValue(log.AgentId, out var ofAgent)) _logs.Add(log.AgentId, ofAgent = new(1));
            if (Find(ofAgent, log.TurnId) is { } former) return former;
            ofAgent.Add(log);
            _leftOver.Remove((log.AgentId, log.TurnId));
            return log;
        }
    }

    public void Finished(TurnLog log) => Finished(log, TimeSpan.Zero);

    /// <summary>Keeps the log of a turn that ended in another process, unless it is here.</summary>
    /// <param name="ago">How long ago it ended.</param>
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
            DropOld(ofAgent);
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

    /// <summary>Drops what is kept of an agent that is removed. Logs of turns that have not come to it stay.</summary>
    /// <param name="ending">Its turns that run or wait.</param>
    public void ForgetRemoved(AgentId agent, IReadOnlyCollection<Turn> ending)
    {
        lock (_lock)
        {
            foreach (var log in _logs.GetValueOrDefault(agent)?.ToArray() ?? [])
            {
                if (log is { Kept: null, Turn: { Loop.HasEnded: false } turn } && !ending.Contains(turn)) continue;
                if (log.Kept is null ? log.HasReaders : log.IsRead(_time)) _leftOver[(agent, log.TurnId)] = (log, _time.GetTimestamp());
                Drop(log);
            }
            DropStale();
        }
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
        {
            foreach (var log in _finished.Where(log => _time.GetElapsedTime(log.FinishedAt) >= log.KeepFor).ToArray()) Drop(log);
            foreach (var ofAgent in _logs.Values.ToArray()) DropOld(ofAgent);
            DropStale();
        }
    }

    private void DropOld(List<TurnLog> ofAgent)
    {
        for (var i = ofAgent.Count - 1; i >= 0; i--)
            if (ofAgent[i] is { Kept: not null } log && !log.IsRead(_time) && FinishedAfter(ofAgent, i) >= KeptPerAgent) Drop(log);
    }

    /// <summary>How many of an agent's logs finished after one of them.</summary>
    private static int FinishedAfter(List<TurnLog> ofAgent, int place)
    {
        var count = 0;
        for (var i = 0; i < ofAgent.Count; i++)
            if (ofAgent[i].Kept is not null && (ofAgent[i].FinishedAt, i).CompareTo((ofAgent[place].FinishedAt, place)) > 0) count++;
        return count;
    }

    private static TurnLog? Find(List<TurnLog>? ofAgent, TurnId turn)
    {
        if (ofAgent is null) return null;
        foreach (var log in ofAgent)
            if (log.TurnId == turn) return log;
        return null;
    }

    private void DropStale()
    {
        foreach (var (turn, left) in _leftOver)
            if (IsStale(left)) _leftOver.Remove(turn);
    }

    private bool IsStale((TurnLog Log, long Since) left) => _time.GetElapsedTime(left.Since) is var age && (age >= LeftOverFor || age >= left.Log.KeepFor);

    private void Drop(TurnLog log)
    {
        if (_logs.GetValueOrDefault(log.AgentId) is { } ofAgent && ofAgent.Remove(log) && ofAgent.Count == 0) _logs.Remove(log.AgentId);
        if (log.Kept is null) return;
        _finished.Remove(log.Kept);
        log.Kept = null;
        _finishedBytes -= log.Bytes;
    }
}
