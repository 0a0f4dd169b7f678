using Akka.Streams;

namespace ActorAgents;

/// <summary>A turn that can be read by its id, from anywhere: a detached one, and any of an agent that is durable or on a cluster. Cheap; holds nothing of it.</summary>
public sealed class TurnHandle
{
    private readonly AgentNode _node;
    private readonly Agent _agent;

    internal TurnHandle(AgentNode node, Agent agent, TurnId id) => (_node, _agent, Id) = (node, agent, id);

    public AgentId AgentId => _agent.Id;
    public TurnId Id { get; }

    /// <summary>
    /// The turn's events after a place, then those to come, up to the terminal event. Any number of readers, each at its own pace; the turn does not
    /// notice one that leaves.
    /// </summary>
    /// <exception cref="TurnGoneException">The turn is unknown or its log is no longer kept (thrown when the reading begins).</exception>
    public IAsyncEnumerable<TurnEvent> ReadAsync(TurnCursor after = default, CancellationToken cancellationToken = default) =>
        new LoggedEvents(_node, _agent.Kind, AgentId, Id, after, cancellationToken);

    /// <summary>The turn's events after a place, as far as there are any now.</summary>
    /// <exception cref="TurnGoneException">The turn is unknown or its log is no longer kept.</exception>
    public Task<IReadOnlyList<TurnEvent>> GetEventsAsync(TurnCursor after = default, CancellationToken cancellationToken = default) =>
        new LoggedEvents(_node, _agent.Kind, AgentId, Id, after, cancellationToken).SoFarAsync();

    /// <summary>The turn's text from its beginning, as it arrives, then one empty final chunk with finish reason and usage. Otherwise as <see cref="ReadAsync"/>.</summary>
    /// <exception cref="StreamInterruptedException">The turn was interrupted, or text that was given is withdrawn (<see cref="Reset"/>), after which the turn goes on and can be read again; carries the partial text.</exception>
    /// <exception cref="TurnException">The turn failed; carries the partial text.</exception>
    public IAsyncEnumerable<StreamChunk> StreamAsync(CancellationToken cancellationToken = default) =>
        new LoggedEvents(_node, _agent.Kind, AgentId, Id, default, cancellationToken).AsText();

    /// <summary>Interrupts it. True when this call is what ended it.</summary>
    public Task<bool> InterruptAsync(InterruptMode mode = InterruptMode.Immediate, CancellationToken cancellationToken = default) =>
        _agent.InterruptAsync(Id, mode, cancellationToken);
}

/// <summary>
/// The handle of a materialized turn. As a kill switch: <c>Shutdown</c> interrupts it, so that the stream ends with <see cref="TurnInterrupted"/> and
/// completes; <c>Abort</c> records the same but fails the stream with the exception.
/// </summary>
public interface ITurnControl : IKillSwitch
{
    /// <summary>The turn's id; for a flow, that of the turn that runs now.</summary>
    TurnId TurnId { get; }

    /// <summary>True when this call is what ended the turn.</summary>
    bool Interrupt(InterruptMode mode = InterruptMode.Immediate);

    /// <summary>
    /// The terminal event; fails with the exception given to <c>Abort</c>, and is cancelled where the stream was left before the end, once the conversation has
    /// what came until then. For a flow, that of its last turn.
    /// </summary>
    Task<TerminalEvent> Completion { get; }
}
