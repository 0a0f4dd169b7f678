using Akka.Actor;
using Microsoft.Extensions.AI;

namespace ActorAgents;

/// <summary>Something said to an agent; routed by its id.</summary>
internal interface IAgentMessage : INoSerializationVerificationNeeded
{
    AgentId AgentId { get; }
}

/// <summary>A question or command that an agent which has not started need not be started for.</summary>
/// <remarks>Being asked is not being used: it does not keep an agent from being forgotten.</remarks>
internal interface IAgentQuestion : IAgentMessage, INotInfluenceReceiveTimeout
{
    /// <summary>The answer for an agent that does not exist; null when nobody waits for one.</summary>
    object? WhenAbsent { get; }
}

/// <summary>What agents are told and what they answer. A <see cref="Turn"/> itself is the request to run it.</summary>
internal static class AgentProtocol
{
    /// <summary>Runs a turn where the agent is, into a log that is read by <see cref="Pull"/>. Asked again it is the same turn.</summary>
    /// <param name="Request">Names the request, however often it is sent.</param>
    /// <param name="Attached">It is interrupted when nobody pulls it for <see cref="TurnLog.Lease"/>.</param>
    /// <param name="Trace">The caller's span, as a <c>traceparent</c>.</param>
    public sealed record StartTurn(AgentId AgentId, TurnId TurnId, Guid Request, AgentInput Input, TurnOptions Options, bool Attached, bool MayCallWhole, string? Trace) : IAgentMessage;

    /// <summary>The reply to <see cref="StartTurn"/>, once the input is accepted (and stored, by a durable agent) or refused.</summary>
    public sealed record TurnAdmitted(TurnError? Refusal);

    /// <summary>Asks for a turn's events after a place: at once where there are any, otherwise when there are, or an empty <see cref="Batch"/> after <see cref="TurnLog.PullWait"/>.</summary>
    /// <remarks>The place says what the reader has taken. It paces the turn, and to ask twice does no harm.</remarks>
    /// <param name="Now">What there is is answered at once, though it is nothing.</param>
    public sealed record Pull(AgentId AgentId, TurnId TurnId, TurnCursor After, int Max, bool Now = false) : IAgentQuestion
    {
        public object WhenAbsent => Batch.Gone;
    }

    /// <summary>The reply to <see cref="Pull"/>.</summary>
    /// <param name="Events">In order, without a gap; null when there is no such turn.</param>
    /// <param name="IsOver">The last of them, or the one asked from, is the turn's last.</param>
    public sealed record Batch(IReadOnlyList<TurnEvent>? Events, bool IsOver = false)
    {
        public static Batch Gone { get; } = new(Events: null);
        public static Batch Empty { get; } = new(Events: []);
    }

    /// <param name="Reason">Whose wish it is.</param>
    public sealed record Interrupt(AgentId AgentId, TurnId TurnId, InterruptMode Mode, InterruptReason Reason = InterruptReason.User) : IAgentQuestion
    {
        public object WhenAbsent => false;
    }

    public sealed record Answer(AgentId AgentId, string RequestId, bool Approved, string? Reason) : IAgentQuestion
    {
        public object WhenAbsent => ApprovalOutcome.Unknown;
    }

    public sealed record GetMessages(AgentId AgentId) : IAgentQuestion
    {
        public object WhenAbsent => new Messages([]);
    }

    /// <summary>The reply to <see cref="GetMessages"/>.</summary>
    public sealed record Messages(List<ChatMessage> Value);

    public sealed record GetTurns(AgentId AgentId) : IAgentQuestion
    {
        public object WhenAbsent => new Turns([]);
    }

    /// <summary>The reply to <see cref="GetTurns"/>.</summary>
    public sealed record Turns(IReadOnlyList<TurnId> Value) : INoSerializationVerificationNeeded;

    public sealed record GetEnd(AgentId AgentId, TurnId TurnId) : IAgentQuestion
    {
        public object WhenAbsent => End.Known;
    }

    /// <summary>The reply to <see cref="GetEnd"/>.</summary>
    /// <param name="Value">True once the turn neither runs nor waits; false when its agent went elsewhere before that.</param>
    public sealed record End(Task<bool> Value) : INoSerializationVerificationNeeded
    {
        public static End Known { get; } = new(Task.FromResult(true));
    }

    /// <summary>Answered with true once the turn neither runs nor waits; with false when it goes on elsewhere, where to ask again.</summary>
    public sealed record AwaitEnd(AgentId AgentId, TurnId TurnId) : IAgentQuestion
    {
        public object WhenAbsent => true;
    }

    public sealed record Clear(AgentId AgentId) : IAgentQuestion
    {
        public object WhenAbsent => true;
    }

    public sealed record Remove(AgentId AgentId) : IAgentQuestion
    {
        public object WhenAbsent => false;
    }

    /// <param name="HasOnly">Removed if it has that turn, running or ended, and nothing else; absent, if no turn runs or waits.</param>
    public sealed record RemoveIf(AgentId AgentId, TurnId? HasOnly) : IAgentQuestion
    {
        public object WhenAbsent => HasOnly is null;
    }

    /// <summary>As <see cref="Remove"/>, by one who does not wait for the answer.</summary>
    public sealed record Discard(AgentId AgentId) : IAgentQuestion
    {
        public object? WhenAbsent => null;
    }

    /// <summary>Answered with a <see cref="ProviderInfo"/>.</summary>
    public sealed record GetProvider(AgentId AgentId) : IAgentMessage;

    /// <param name="Name">Of a registered provider.</param>
    public sealed record UseProvider(AgentId AgentId, string Name) : IAgentMessage;

    /// <param name="Name">Of a registered tool.</param>
    public sealed record AddTool(AgentId AgentId, string Name) : IAgentMessage;

    /// <summary>A tool of this process, for an agent that lives here as long as it lives.</summary>
    public sealed record AddOwnTool(AgentId AgentId, AITool Tool) : IAgentMessage;

    public sealed record RemoveTool(AgentId AgentId, string Name) : IAgentMessage;

    /// <summary>The reply to a command that the agent would not carry out.</summary>
    public sealed record Refused(string Reason);

    /// <summary>By a turn, before its terminal event can be seen.</summary>
    public sealed record TurnEnded(Turn Turn) : IAgentQuestion
    {
        public AgentId AgentId => Turn.AgentId;
        public object? WhenAbsent => null;
    }

    /// <summary>By a turn: run this call as a child.</summary>
    public sealed record StartTool(Turn Turn, ToolRun Run) : INoSerializationVerificationNeeded;

    /// <summary>By a log of a durable agent's turn: store this. The next comes when it is.</summary>
    public sealed record StoreTurn(TurnLog Log, JournalEntry.TurnProgressed Progress) : INoSerializationVerificationNeeded
    {
        public bool IsEnd => Progress.Events is [.., TerminalEvent];
    }

    /// <summary>By a durable agent to its parent: start me with you, for a turn of mine runs. Answered with <see cref="IsAwake"/> once that is stored.</summary>
    public sealed record StayAwake(AgentId AgentId) : INoSerializationVerificationNeeded;

    public sealed record IsAwake : INoSerializationVerificationNeeded
    {
        public static readonly IsAwake Instance = new();
    }

    /// <summary>By a durable agent to its parent: there is no need to start me.</summary>
    public sealed record MayRest(AgentId AgentId) : INoSerializationVerificationNeeded;

    /// <summary>By the parent of an agent that is to start without being asked.</summary>
    public sealed record Awaken(AgentId AgentId) : IAgentMessage;

    /// <summary>By the parent: the agent goes to another node. It stops when what it has is stored.</summary>
    public sealed record LeaveNode : INoSerializationVerificationNeeded
    {
        public static readonly LeaveNode Instance = new();
    }

    /// <summary>By an agent to its parent: nothing is left to do; stop me unless something is on its way.</summary>
    public sealed record Retire : INoSerializationVerificationNeeded;

    /// <summary>To a parent, which answers <c>true</c>: messages are worked through here.</summary>
    public sealed record Ping : INoSerializationVerificationNeeded;

    /// <summary>By the parent: nothing more will come until this is answered.</summary>
    public sealed record RetireNow : INoSerializationVerificationNeeded;

    /// <summary>By an agent: something came before; send on.</summary>
    public sealed record Stay : INoSerializationVerificationNeeded;

    /// <summary>To a bucket: it goes to another node. It takes no more inputs, leaves what runs where it is stored, or ends it, and stops.</summary>
    public sealed record HandOff : INoSerializationVerificationNeeded
    {
        public static readonly HandOff Instance = new();
    }
}
