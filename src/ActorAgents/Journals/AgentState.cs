using System.Collections.Immutable;
using Microsoft.Extensions.AI;

namespace ActorAgents;

/// <summary>What a journal's entries add up to. Immutable, so that it may be stored, sent and looked at while the agent goes on.</summary>
/// <param name="Turns">The ended turns, oldest first.</param>
/// <param name="Provider">The one chosen in place of the definition's.</param>
/// <param name="Tools">What was changed about the definition's tools, in order: a name that was added, or one that was removed.</param>
/// <param name="Live">The turns that were taken and have not ended, in the order in which they run.</param>
/// <param name="Finished">The logs of ended turns that are kept, oldest first.</param>
/// <param name="ForgetAfter">How long the agent stays idle before it is removed, as the newest turn that said so wants it.</param>
/// <param name="LastUsed">When a turn was taken or ended, or something changed, last; default where that is not known.</param>
internal sealed record AgentState(
    ImmutableList<TurnRecord> Turns, string? Provider, ImmutableList<ToolChange> Tools, ImmutableList<StoredTurn> Live, ImmutableList<FinishedTurn> Finished,
    TimeSpan? ForgetAfter, DateTimeOffset LastUsed = default)
{
    /// <summary>As many logs of an agent are kept at most.</summary>
    public const int KeptLogs = 4;

    public static readonly AgentState Empty = new([], null, [], [], [], null);

    /// <summary>Nothing is there that would be missed.</summary>
    public bool IsEmpty => Turns.IsEmpty && Provider is null && Tools.IsEmpty && Live.IsEmpty;

    public AgentState Apply(JournalBatch batch) => batch.Entries.Aggregate(this, static (state, entry) => state.Apply(entry));

    public AgentState Apply(JournalEntry entry) => entry switch
    {
        JournalEntry.InputAccepted accepted => this with { Live = Enqueue(new StoredTurn(accepted)), ForgetAfter = accepted.Options.ForgetAfter ?? ForgetAfter, LastUsed = accepted.At },
        JournalEntry.TurnProgressed progressed => Progress(progressed),
        JournalEntry.TurnResumed resumed => Change(resumed.Turn, turn => turn.Resume(resumed, isFirst: turn.Id == Live[0].Id)),
        JournalEntry.TurnHandedOn handedOn => Change(handedOn.Turn, turn => turn with { IsHandedOn = true }),
        JournalEntry.StopAsked asked => Change(asked.Turn, turn => turn with { StopsAfterStep = true }),
        JournalEntry.CallAnswered answered => Change(answered.Turn, turn => turn with { Answers = turn.Answers.Add(answered) }),
        JournalEntry.TurnRecorded recorded => Record(recorded),
        JournalEntry.ConversationCleared cleared => this with { Turns = [], Live = WithoutGiven(), LastUsed = Later(cleared.At) },
        JournalEntry.ProviderChosen chosen => this with { Provider = chosen.Name, LastUsed = Later(chosen.At) },
        JournalEntry.ToolAdded added => this with { Tools = Tools.Add(new(added.Name, true)), LastUsed = Later(added.At) },
        JournalEntry.ToolRemoved removed => this with { Tools = Tools.Add(new(removed.Name, false)), LastUsed = Later(removed.At) },
        _ => throw new InvalidOperationException($"A journal entry of type {entry.GetType().Name} is not known."),
    };

    /// <summary>Without the logs that ended before an instant.</summary>
    public AgentState WithoutLogsBefore(DateTimeOffset instant) => this with { Finished = Finished.RemoveAll(log => log.EndedAt < instant) };

    private DateTimeOffset Later(DateTimeOffset at) => at > LastUsed ? at : LastUsed;

    private ImmutableList<StoredTurn> Enqueue(StoredTurn turn) =>
        turn.Accepted.Options.OnBusy == BusyPolicy.Interrupt ? Live.Insert(Math.Min(1, Live.Count), turn) : Live.Add(turn);

    /// <summary>The turn that runs has begun, and with it the conversation that it was given, though that may be stored after its end.</summary>
    private ImmutableList<StoredTurn> WithoutGiven() => Live is [{ Events.IsEmpty: true, Accepted: var accepted } running, ..]
        ? Live.SetItem(0, running with { Accepted = accepted with { Options = accepted.Options with { Conversation = null } } })
        : Live;

    private AgentState Progress(JournalEntry.TurnProgressed progressed)
    {
        var begins = progressed.Events.Any(next => next is TurnStarted);
        var given = begins ? Live.Find(turn => turn.Id == progressed.Turn)?.Accepted.Options.Conversation : null;
        var state = given is null ? this : this with { Turns = [.. Conversation.Of(given).Turns] };
        foreach (var steer in progressed.Steers ?? []) state = state.Change(steer, turn => turn with { SteeredInto = progressed.Turn });
        return state.Change(progressed.Turn, turn => turn with
        {
            Events = turn.Events.AddRange(progressed.Events), Messages = turn.Messages.AddRange(progressed.Messages),
            Resumptions = progressed.Events.Any(next => next is StepFinished or ToolFinished) ? 0 : turn.Resumptions, // It comes forward.
        });
    }

    private AgentState Record(JournalEntry.TurnRecorded recorded)
    {
        if (Live.Find(turn => turn.Id == recorded.Turn) is not { } turn) return this;
        var state = this with { Live = Live.Remove(turn), Finished = Finished.Add(new(turn.Id, turn.Events, recorded.At, turn.Accepted.Request)), LastUsed = recorded.At };
        if (state.Finished.Count > KeptLogs) state = state with { Finished = state.Finished.RemoveAt(0) };
        if (!recorded.Happened) return state;
        return state with { Turns = Turns.Add(new(turn.Id, recorded.State, [.. turn.Accepted.Input, .. turn.Messages], turn.Accepted.Input.Count, recorded.Reason)) };
    }

    private AgentState Change(TurnId id, Func<StoredTurn, StoredTurn> change)
    {
        var at = Live.FindIndex(turn => turn.Id == id);
        return at < 0 ? this : this with { Live = Live.SetItem(at, change(Live[at])) };
    }
}

/// <summary>A tool that was added to an agent, or removed from it.</summary>
internal readonly record struct ToolChange(string Name, bool Added);

/// <summary>A turn that was taken and has not ended, as far as it is stored.</summary>
/// <param name="Resumptions">How often it was resumed since it came forward, without having been handed on.</param>
/// <param name="Epoch">That of its last run.</param>
/// <param name="IsHandedOn">The process that ran it last left it in order.</param>
/// <param name="SteeredInto">The turn that has its input among its messages: it is over.</param>
/// <param name="StopsAfterStep">It makes no further request.</param>
[method: System.Text.Json.Serialization.JsonConstructor]
internal sealed record StoredTurn(
    JournalEntry.InputAccepted Accepted, ImmutableList<TurnEvent> Events, ImmutableList<ChatMessage> Messages,
    ImmutableList<JournalEntry.CallAnswered> Answers, int Resumptions, int Epoch = 1, Durability Durability = Durability.Turn, bool IsHandedOn = false, TurnId? SteeredInto = null,
    bool StopsAfterStep = false)
{
    public StoredTurn(JournalEntry.InputAccepted accepted) : this(accepted, [], [], [], 0, Durability: accepted.Durability) { }

    /// <summary>Readers of its last run saw nothing that is not stored.</summary>
    internal bool AllIsStored => Durability == Durability.BeforePublish;

    /// <summary>It does nothing but wait for a person.</summary>
    private bool Asks => Events.OfType<ApprovalRequested>().Any(asked =>
        Answers.TrueForAll(answer => answer.RequestId != asked.RequestId) && !Events.Exists(next => next is ToolFinished end && end.CallId == asked.CallId));

    public TurnId Id => Accepted.Turn;

    /// <summary>The run that the last stored event is of.</summary>
    internal int StoredEpoch => Events.LastOrDefault()?.Epoch ?? 1;

    /// <summary>Its last run ended with its process before an event of it was stored, its <see cref="Reset"/> included.</summary>
    internal bool HasUnstoredRun => Epoch > StoredEpoch;

    public StoredTurn Resume(JournalEntry.TurnResumed resumed, bool isFirst) => this with
    {
        Events = Events.RemoveAll(next => next.Seq > resumed.FromSeq), Messages = Messages.AddRange(resumed.Messages),
        Resumptions = isFirst && !Asks && !IsHandedOn ? Resumptions + 1 : Resumptions, Epoch = resumed.Epoch, Durability = resumed.Durability, IsHandedOn = false,
    };
}

/// <summary>The log of an ended turn; its last event is the terminal one.</summary>
internal sealed record FinishedTurn(TurnId Id, ImmutableList<TurnEvent> Events, DateTimeOffset EndedAt, Guid Request = default);
