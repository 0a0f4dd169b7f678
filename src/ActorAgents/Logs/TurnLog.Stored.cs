using Akka.Actor;
using Microsoft.Extensions.AI;

namespace ActorAgents;

// What of a durable agent's turn is stored, and what readers see only then.
internal sealed partial class TurnLog
{
    private Storing? _storing;

    /// <summary>The turn is in its agent's journal.</summary>
    public bool IsKept => Volatile.Read(ref _storing) is { HasStopped: false };

    /// <summary>By the agent, as it takes the input: from now on what must be stored goes to it. False when the turn is over already.</summary>
    /// <param name="messages">How many of the turn's messages are stored.</param>
    public bool TryKeep(Durability durability, int messages = 0)
    {
        lock (_lock)
        {
            if (_appended > 0 && _last.Entries[(_appended - 1) % SegmentSize] is TerminalEvent) return false;
            Volatile.Write(ref _storing, new Storing { Everything = durability == Durability.BeforePublish, Taken = _appended, Wanted = _appended, TakenMessages = messages, WantedMessages = messages });
            return true;
        }
    }

    /// <summary>By the agent: that the turn runs is stored, so that it may be seen.</summary>
    public void TurnStored() => Stored(static storing => storing.TurnIsStored = true);

    /// <summary>By the agent: what it was given last is stored.</summary>
    public void EventsStored() => Stored(static storing =>
    {
        storing.InFlight = false;
        if (storing.Gate <= storing.Taken) (storing.Gate, storing.NextGate) = (storing.NextGate, 0);
    });

    /// <summary>By the agent: runs once the messages that the turn has now are stored, which is asked for.</summary>
    public void AfterMessages(Action stored)
    {
        AgentProtocol.StoreTurn? store = null;
        lock (_lock)
        {
            if (_storing is { HasStopped: false } storing && (storing.TakenMessages < _turn!.Loop.MessagesAdded || storing.InFlight))
            {
                storing.WantedMessages = Math.Max(storing.WantedMessages, _turn.Loop.MessagesAdded);
                (storing.Waiting ??= []).Add((storing.WantedMessages, stored));
                if (!storing.InFlight) store = TakeWanted(storing);
                stored = static () => { };
            }
        }
        Pass(store, null);
        stored();
    }

    /// <summary>Puts the stored events of an earlier process back, before the pump starts.</summary>
    public void TakeBack(IReadOnlyList<TurnEvent> events)
    {
        foreach (var next in events) Put(next, SizeOf(next));
        _count = _appended;
    }

    /// <summary>By the agent, which forgets all that is stored: what comes may be seen as it comes.</summary>
    public void StopStoring()
    {
        List<ILogWaiter>? readers;
        lock (_lock)
        {
            if (_storing is { } storing) storing.HasStopped = true;
            readers = Show();
        }
        Wake(readers);
    }

    private void Stored(Action<Storing> change)
    {
        List<ILogWaiter>? readers;
        List<Action> stored = [];
        AgentProtocol.StoreTurn? store = null;
        lock (_lock)
        {
            var storing = _storing!;
            change(storing);
            if (!storing.InFlight && storing.Waiting is { } waiting)
            {
                stored.AddRange(waiting.Where(wait => wait.Messages <= storing.TakenMessages).Select(wait => wait.Then));
                waiting.RemoveAll(wait => wait.Messages <= storing.TakenMessages);
            }
            if (storing is { InFlight: false, HasStopped: false } && (storing.Gate > 0 || storing.Waiting is { Count: > 0 })) store = TakeWanted(storing);
            readers = Show();
        }
        Pass(store, null);
        foreach (var then in stored) then();
        Wake(readers);
    }

    /// <summary>How much readers may see.</summary>
    private int Visible => _storing switch
    {
        null or { HasStopped: true } => _appended,
        { TurnIsStored: false } => _count,
        { Gate: 0 } => _appended,
        { Gate: var gate } => gate - 1,
    };

    /// <summary>Notes that the event must be stored, if it must; it was just put.</summary>
    private AgentProtocol.StoreTurn? Hold(TurnEvent next)
    {
        if (_storing is not { HasStopped: false } storing || !storing.Everything && !MustBeStored(next)) return null;
        (storing.Wanted, storing.WantedMessages) = (_appended, _turn!.Loop.MessagesAdded);
        if (storing.Gate == 0) storing.Gate = _appended;
        else if (storing.Gate <= storing.Taken && storing.NextGate == 0) storing.NextGate = _appended;
        return storing.InFlight ? null : TakeWanted(storing);
    }

    /// <summary>A tool's effects and a turn's ends are not seen, nor followed by anything, before they are stored.</summary>
    private static bool MustBeStored(TurnEvent next) => next is ToolStarted or ToolFinished or ApprovalRequested or StepFinished or TerminalEvent;

    private AgentProtocol.StoreTurn TakeWanted(Storing storing)
    {
        storing.Wanted = Math.Max(storing.Wanted, storing.Taken);
        var events = Events(storing.Taken, storing.Wanted, int.MaxValue);
        ChatMessage[] messages = _turn!.Loop.MessagesSince(storing.TakenMessages, storing.WantedMessages);
        var steers = _turn.Loop.SteersSince(storing.TakenMessages, storing.WantedMessages);
        (storing.InFlight, storing.Taken, storing.TakenMessages) = (true, storing.Wanted, storing.WantedMessages);
        return new(this, new(TurnId, events, messages, steers));
    }

    private List<TurnEvent> Events(int from, int to, int maxBytes)
    {
        var events = new List<TurnEvent>(Math.Min(to - from, 1024));
        var segment = First;
        for (var skipped = SegmentSize; skipped <= from; skipped += SegmentSize) segment = segment.Next!;
        for (var bytes = 0L; from < to && bytes < maxBytes; from++)
        {
            if (from % SegmentSize == 0 && from > 0 && events.Count > 0) segment = segment.Next!;
            var next = EventAt(segment.Entries[from % SegmentSize], from);
            events.Add(next);
            bytes += SizeOf(next);
        }
        return events;
    }

    /// <summary>Counts of events, all under the log's lock.</summary>
    private sealed class Storing
    {
        /// <summary>Every event is stored before it is seen.</summary>
        public bool Everything { get; init; }

        public bool TurnIsStored { get; set; }
        public bool HasStopped { get; set; }

        /// <summary>A write of what was taken last is under way.</summary>
        public bool InFlight { get; set; }

        /// <summary>What was given to be stored.</summary>
        public int Taken { get; set; }
        public int TakenMessages { get; set; }

        /// <summary>What is to be stored.</summary>
        public int Wanted { get; set; }
        public int WantedMessages { get; set; }

        /// <summary>Who waits until so many messages are stored.</summary>
        public List<(int Messages, Action Then)>? Waiting { get; set; }

        /// <summary>The first event that waits for the write under way, counted from 1; 0 when none does. The next one waits for the write after it.</summary>
        public int Gate { get; set; }
        public int NextGate { get; set; }
    }
}
