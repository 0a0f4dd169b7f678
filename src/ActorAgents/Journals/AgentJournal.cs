using Akka.Actor;

namespace ActorAgents;

/// <summary>
/// A durable agent's side of its journal: what is not confirmed yet, and what has to wait for that. When the keeper stops, because it cannot read or write,
/// another is started later and gets what the one before did not store. The agent's alone, on its thread.
/// </summary>
internal sealed class AgentJournal(IActorContext context, AgentNode node, AgentId id, TimeSpan keepLogsFor)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private const int MaxHeld = 1000;

    private readonly Guid _writer = Guid.NewGuid();
    private readonly Queue<Unconfirmed> _unconfirmed = new();
    private readonly Queue<(object Message, IActorRef Sender)> _held = new();
    private IActorRef _keeper = ActorRefs.Nobody;
    private bool _isOpen;
    private long _last, _confirmed;
    private TimeSpan _pause = FirstPause;
    private Action? _erased;

    /// <summary>The agent is as it was stored.</summary>
    public bool IsRecovered { get; private set; }

    /// <summary>Everything that was stored is being forgotten; what is written now is not stored.</summary>
    public bool IsErasing => _erased is not null;

    public bool IsErased { get; private set; }

    public bool IsIdle => _unconfirmed.Count == 0;

    /// <summary>Nothing was written since the beginning, or since all was forgotten.</summary>
    public bool IsBlank { get; private set; }

    /// <summary>Nothing was ever written.</summary>
    public bool IsNew => _last == 0;

    /// <summary>Its bucket starts the agent whenever it starts.</summary>
    public bool IsAwake { get; set; }
    public bool AskedToStayAwake { get; set; }

    /// <summary>How long the agent that waits for its use was last said to; null for good.</summary>
    public TimeSpan? ForgetAfter { get; set; }

    /// <summary>Calls that wait until it is stored that they start.</summary>
    public List<AgentProtocol.StartTool> Tools { get; } = [];

    /// <summary>Inputs whose senders wait until the bucket has stored that the agent is awake.</summary>
    public List<Action> UntilAwake { get; } = [];

    public void Open()
    {
        _keeper = context.Watch(context.ActorOf(node.Journals!.Agent(id, keepLogsFor)));
    }

    /// <summary>Stored after all that was written before.</summary>
    public void Write(Action written, params IReadOnlyList<JournalEntry> entries)
    {
        if (IsErasing) { written(); return; }
        IsBlank = false;
        var next = new Unconfirmed(new(++_last, new(_writer, entries)), written);
        _unconfirmed.Enqueue(next);
        if (_isOpen) _keeper.Tell(next.Write, context.Self);
    }

    /// <summary>Keeps a message until the agent is recovered. One too many is dropped: whoever asks asks again, or is told that nobody answers.</summary>
    public void Hold(object message, IActorRef sender)
    {
        if (_held.Count < MaxHeld) _held.Enqueue((message, sender));
    }

    public bool TryTakeHeld(out (object Message, IActorRef Sender) held) => _held.TryDequeue(out held);

    /// <summary>Forgets everything. What is not confirmed counts as if it were.</summary>
    public void Erase(Action erased)
    {
        _erased += erased;
        while (_unconfirmed.TryDequeue(out var first)) first.Written();
        if (_isOpen) _keeper.Tell(new JournalProtocol.Erase(), context.Self);
    }

    /// <returns>What is stored, the first time. Null afterwards.</returns>
    /// <exception cref="StaleJournalException">Another incarnation of the agent has written.</exception>
    public AgentState? Recovered(JournalProtocol.Recovered recovered)
    {
        _isOpen = true;
        if (IsErasing)
        {
            if (recovered.LastWriter != _writer && recovered.LastWriter != default && recovered.LastNumber > _confirmed) throw new StaleJournalException(); // It is that one's to forget.
            _keeper.Tell(new JournalProtocol.Erase(), context.Self);
            return null;
        }
        if (!IsRecovered)
        {
            IsRecovered = true;
            _confirmed = _last = recovered.LastNumber;
            IsBlank = recovered.LastWriter == default;
            return recovered.State;
        }
        if (recovered.LastNumber > _last || recovered.LastWriter != _writer && recovered.LastNumber > _confirmed) throw new StaleJournalException();
        Confirm(recovered.LastNumber);
        foreach (var next in _unconfirmed) _keeper.Tell(next.Write, context.Self);
        return null;
    }

    public void Written(long number)
    {
        _pause = FirstPause;
        Confirm(number);
    }

    public void Erased()
    {
        (_isOpen, IsErased) = (false, true);
        _erased!();
    }

    /// <summary>The keeper stopped: another is started after a while.</summary>
    public void Closed(IActorRef keeper)
    {
        if (!keeper.Equals(_keeper)) return;
        _isOpen = false;
        if (IsErased) return;
        context.System.Scheduler.ScheduleTellOnce(_pause, context.Self, OpenAgain.Instance, ActorRefs.NoSender);
        _pause = TimeSpan.FromTicks(Math.Min(_pause.Ticks * 2, LongestPause.Ticks));
    }

    private void Confirm(long number)
    {
        while (_unconfirmed.TryPeek(out var first) && first.Write.Number <= number)
        {
            _unconfirmed.Dequeue();
            _confirmed = first.Write.Number;
            first.Written();
        }
    }

    private readonly record struct Unconfirmed(JournalProtocol.Write Write, Action Written);

    /// <summary>To the agent itself.</summary>
    public sealed class OpenAgain : INoSerializationVerificationNeeded, INotInfluenceReceiveTimeout
    {
        public static readonly OpenAgain Instance = new();
    }
}

/// <summary>Another incarnation of the agent writes its journal: this one is not the agent any more.</summary>
internal sealed class StaleJournalException() : Exception("The agent's journal is written elsewhere.");
