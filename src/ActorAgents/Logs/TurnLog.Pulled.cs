using Akka.Actor;

namespace ActorAgents;

// Readers elsewhere: they ask for what comes after a place.
internal sealed partial class TurnLog
{
    /// <summary>An attached turn that is read from elsewhere ends when nobody has asked for its events for so long.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    /// <summary>How long a reader elsewhere waits for an answer when there is nothing to tell.</summary>
    public static readonly TimeSpan PullWait = TimeSpan.FromSeconds(2);

    /// <summary>A batch holds at most so many events, and one more than make so many bytes as they are counted here: the frames of a cluster have room for more.</summary>
    public const int MaxBatchEvents = 1024;
    private const int MaxBatchBytes = 128 << 10;

    private List<(int Epoch, long From)>? _resets;
    private bool _isPulled;
    private bool _endIsTold;
    private long _pulledAt;

    /// <summary>Who asked for it; see <see cref="AgentProtocol.StartTurn"/>.</summary>
    public Guid Request { get; init; }

    /// <summary>It ends when nobody asks for its events any more; set before it starts.</summary>
    public bool HasLease { get; init; }

    /// <summary>Answers at once, or later when there is nothing yet.</summary>
    /// <param name="now">The node's clock.</param>
    public void Answer(AgentProtocol.Pull pull, IActorRef reader, long now)
    {
        var (place, max) = (PlaceAfter(pull.After), Math.Clamp(pull.Max, 1, MaxBatchEvents));
        (_pulledAt, _isPulled) = (now, true);
        Reached(place);
        if (pull.Now || _turn is { IsLeft: true } || !TryWait(new Waiting(this, place, max, reader, now), place)) Tell(place, max, reader);
    }

    /// <summary>Whether anybody has begun to read it.</summary>
    public bool HasReaders => HasLease || _isPulled || _readers is { Count: > 0 };

    /// <summary>Of a turn that is over: whether somebody elsewhere may have yet to see the end.</summary>
    public bool IsRead(TimeProvider time) => (HasLease ? !_endIsTold : _isPulled) && time.GetElapsedTime(Math.Max(_pulledAt, FinishedAt)) < Lease;

    /// <summary>How many events a reader has that has seen this place: less than it says where some of them are withdrawn.</summary>
    public int PlaceAfter(TurnCursor after)
    {
        var seq = Math.Max(0, after.Seq);
        lock (_lock)
        {
            foreach (var (epoch, from) in _resets ?? [])
                if (epoch > after.Epoch) seq = Math.Min(seq, from);
        }
        return (int)Math.Min(seq, Count);
    }

    /// <summary>Those after a place that may be seen now.</summary>
    public IReadOnlyList<TurnEvent> Events(TurnCursor after)
    {
        var place = PlaceAfter(after);
        List<TurnEvent> events;
        lock (_lock) events = Events(place, _count, int.MaxValue);
        Reached(place + events.Count);
        return events;
    }

    /// <summary>From the sweep: answers those who waited long enough, and ends the turn that lost its reader.</summary>
    public void Sweep(long now, TimeProvider time)
    {
        if (!_isPulled && !HasLease) return;
        List<ILogWaiter>? late = null;
        var isRead = false;
        lock (_lock)
        {
            if (_pulledAt == 0 || _storing is { TurnIsStored: false }) _pulledAt = now; // Nobody can read it yet.
            foreach (var waiter in _waiting ?? [])
            {
                if (waiter is not Waiting waiting) continue;
                isRead = true;
                if (time.GetElapsedTime(waiting.Since, now) >= PullWait) (late ??= []).Add(waiting);
            }
            if (late is not null) _waiting!.RemoveAll(late.Contains);
        }
        Wake(late);
        if (HasLease && !isRead && time.GetElapsedTime(_pulledAt, now) >= Lease) _turn!.Stop(InterruptReason.ReaderGone);
    }

    /// <summary>Whoever waits is to ask again: the turn goes on elsewhere.</summary>
    private void LetPullsGo()
    {
        List<ILogWaiter>? waiting;
        lock (_lock)
        {
            waiting = _waiting?.FindAll(static waiter => waiter is Waiting);
            _waiting?.RemoveAll(static waiter => waiter is Waiting);
        }
        Wake(waiting);
    }

    private void Tell(int place, int max, IActorRef reader)
    {
        List<TurnEvent> events;
        bool isOver;
        lock (_lock)
        {
            events = Events(place, Math.Min(_count, place + max), MaxBatchBytes);
            isOver = _isOver && place + events.Count == _count;
            _endIsTold |= isOver;
        }
        reader.Tell(events.Count == 0 && !isOver ? AgentProtocol.Batch.Empty : new AgentProtocol.Batch(events, isOver), ActorRefs.NoSender);
    }

    private sealed class Waiting(TurnLog log, int place, int max, IActorRef reader, long since) : ILogWaiter
    {
        public long Since => since;

        public void Wake() => log.Tell(place, max, reader);
    }
}
