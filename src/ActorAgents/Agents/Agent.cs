using Akka;
using Akka.Streams.Dsl;
using Microsoft.Extensions.AI;

namespace ActorAgents;

/// <summary>
/// A handle to one agent: cheap, immutable, thread-safe, free to make and to drop. The agent starts with its first turn; its conversation
/// lives as long as the agent. Turns of one agent never overlap: inputs that arrive meanwhile follow their <see cref="BusyPolicy"/>.
/// </summary>
public sealed class Agent
{
    public AgentId Id => throw new NotImplementedException();

    /// <summary>The definition of its kind.</summary>
    public AgentDefinition Definition => throw new NotImplementedException();

    /// <summary>
    /// Everything that happens in one turn, at the pace of the reader: each event read lets the runtime pull at most one chunk from the provider.
    /// Nothing happens until the first read, each enumeration is a turn of its own, and leaving early interrupts it. Failures and
    /// interruptions are events, never exceptions; the last event is the <see cref="TerminalEvent"/>.
    /// </summary>
    /// <param name="cancellationToken">Interrupts the turn with <see cref="InterruptReason.Caller"/>.</param>
    public IAsyncEnumerable<TurnEvent> EventsAsync(AgentInput input, TurnOptions? options = null, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <inheritdoc cref="EventsAsync(AgentInput, TurnOptions?, CancellationToken)"/>
    public IAsyncEnumerable<TurnEvent> EventsAsync(AgentInput input, CancellationToken cancellationToken) => EventsAsync(input, null, cancellationToken);

    /// <summary>The text of one turn as it arrives, then one empty final chunk with finish reason and usage. Otherwise as <c>EventsAsync</c>.</summary>
    /// <exception cref="StreamInterruptedException">The turn was interrupted; carries the partial text.</exception>
    /// <exception cref="TurnException">The turn failed; carries the partial text.</exception>
    public IAsyncEnumerable<StreamChunk> StreamAsync(AgentInput input, TurnOptions? options = null, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <inheritdoc cref="StreamAsync(AgentInput, TurnOptions?, CancellationToken)"/>
    public IAsyncEnumerable<StreamChunk> StreamAsync(AgentInput input, CancellationToken cancellationToken) => StreamAsync(input, null, cancellationToken);

    /// <summary>Runs one turn to its end.</summary>
    /// <exception cref="StreamInterruptedException">The turn was interrupted; carries the partial text.</exception>
    /// <exception cref="TurnException">The turn failed; carries the partial text.</exception>
    public Task<AgentResponse> RunAsync(AgentInput input, TurnOptions? options = null, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <inheritdoc cref="RunAsync(AgentInput, TurnOptions?, CancellationToken)"/>
    public Task<AgentResponse> RunAsync(AgentInput input, CancellationToken cancellationToken) => RunAsync(input, null, cancellationToken);

    /// <summary>One turn as a stream source; each materialization is a turn of its own and its control is the materialized value.</summary>
    public Source<TurnEvent, ITurnControl> Source(AgentInput input, TurnOptions? options = null) => throw new NotImplementedException();

    /// <summary>A turn per input, one after the other, in order. Failed turns are events and the flow goes on; cancelling it downstream interrupts.</summary>
    public Flow<AgentInput, TurnEvent, ITurnControl> Flow(TurnOptions? options = null) => throw new NotImplementedException();

    /// <summary>Starts a turn that runs without a reader. Readers come and go with <see cref="TurnHandle.ReadAsync"/>; a reader that leaves does not stop it.</summary>
    /// <returns>Once the agent accepted the input. With an id that runs or is remembered: that turn.</returns>
    /// <exception cref="TurnException">The input was refused.</exception>
    public Task<TurnHandle> StartAsync(AgentInput input, TurnOptions? options = null, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>A handle to a turn of this agent, whether it exists or not.</summary>
    public TurnHandle Turn(TurnId turnId) => throw new NotImplementedException();

    /// <summary>Interrupts a running or waiting turn. True when this call is what ended it; false when it is unknown or over.</summary>
    public Task<bool> InterruptAsync(TurnId turnId, InterruptMode mode = InterruptMode.Immediate, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Answers an <see cref="ApprovalRequested"/>. False when nothing waits under that id: unknown, answered before, or too late.</summary>
    public Task<bool> AnswerAsync(string requestId, bool approved, string? reason = null, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>The conversation: ended turns, then the running turn's input and finished steps. Copies; asking never waits for a turn.</summary>
    public Task<IReadOnlyList<ChatMessage>> GetMessagesAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>The provider that the next turn will use. Never calls it.</summary>
    public Task<ProviderInfo> GetProviderInfoAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Offers a registered tool to this agent from its next turn on.</summary>
    /// <exception cref="ArgumentException">No such tool, or the agent has one of that name.</exception>
    public Task AddToolAsync(string name, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Offers a tool to this agent from its next turn on, as long as it lives in this process.</summary>
    /// <exception cref="ArgumentException">The agent has a tool of that name.</exception>
    public Task AddToolAsync(AITool tool, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Withdraws a tool from this agent from its next turn on. False when it had none of that name.</summary>
    public Task<bool> RemoveToolAsync(string name, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Changes the provider from the next turn on; a running turn keeps its own.</summary>
    /// <exception cref="ArgumentException">No such provider; nothing changed.</exception>
    public Task UseProviderAsync(string name, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Forgets the conversation. A running turn goes on and is recorded.</summary>
    public Task ClearAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>This agent as a chat client. It keeps the conversation: of the messages given it takes those after the last assistant message.</summary>
    public IChatClient AsChatClient() => throw new NotImplementedException();
}

/// <summary>Agents that live for one call; the caller brings the whole conversation.</summary>
public sealed class StatelessAgent
{
    public IChatClient AsChatClient() => throw new NotImplementedException();
}
