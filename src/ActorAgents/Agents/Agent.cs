using Akka.Streams.Dsl;
using Microsoft.Extensions.AI;

namespace ActorAgents;

/// <summary>
/// A handle to one agent: cheap, immutable, thread-safe, free to make and to drop. The agent starts with the first turn or change that it is sent; its conversation
/// lives as long as the agent. Turns of one agent never overlap: inputs that arrive meanwhile follow their <see cref="BusyPolicy"/>.
/// </summary>
public sealed class Agent
{
    private readonly AgentNode _node;
    private readonly AgentKind _kind;

    internal Agent(AgentNode node, AgentKind kind, AgentId id) => (_node, _kind, Id) = (node, kind, id);

    public AgentId Id { get; }

    /// <summary>The definition of its kind.</summary>
    public AgentDefinition Definition => _kind.Definition;

    /// <summary>
    /// Everything that happens in one turn, at the pace of the reader: each event read lets the runtime pull at most one chunk from the provider.
    /// Nothing happens until the first read, each enumeration is a turn of its own, and leaving early interrupts it. Failures and
    /// interruptions are events, never exceptions; the last event is the <see cref="TerminalEvent"/>.
    /// </summary>
    /// <exception cref="RuntimeStoppedException">Of an agent that is durable or on a cluster: this process stops, and the turn goes on without this reader.</exception>
    /// <exception cref="AgentUnreachableException">Of such an agent: where it is has not answered for two minutes. The turn may go on.</exception>
    /// <param name="cancellationToken">Interrupts the turn with <see cref="InterruptReason.Caller"/>.</param>
    public IAsyncEnumerable<TurnEvent> EventsAsync(AgentInput input, TurnOptions? options = null, CancellationToken cancellationToken = default) =>
        new TurnEvents(this, input, options, cancellationToken);

    /// <inheritdoc cref="EventsAsync(AgentInput, TurnOptions?, CancellationToken)"/>
    public IAsyncEnumerable<TurnEvent> EventsAsync(AgentInput input, CancellationToken cancellationToken) => EventsAsync(input, null, cancellationToken);

    /// <summary>The text of one turn as it arrives, then one empty final chunk with finish reason and usage. Otherwise as <c>EventsAsync</c>.</summary>
    /// <exception cref="StreamInterruptedException">The turn was interrupted, or text that was given is withdrawn (<see cref="Reset"/>), for which chunks have no word; carries the partial text.</exception>
    /// <exception cref="TurnException">The turn failed; carries the partial text.</exception>
    public IAsyncEnumerable<StreamChunk> StreamAsync(AgentInput input, TurnOptions? options = null, CancellationToken cancellationToken = default) =>
        new TextView(this, input, options, cancellationToken);

    /// <inheritdoc cref="StreamAsync(AgentInput, TurnOptions?, CancellationToken)"/>
    public IAsyncEnumerable<StreamChunk> StreamAsync(AgentInput input, CancellationToken cancellationToken) => StreamAsync(input, null, cancellationToken);

    /// <summary>Runs one turn to its end.</summary>
    /// <exception cref="StreamInterruptedException">The turn was interrupted; carries the partial text.</exception>
    /// <exception cref="TurnException">The turn failed; carries the partial text.</exception>
    public Task<AgentResponse> RunAsync(AgentInput input, TurnOptions? options = null, CancellationToken cancellationToken = default) =>
        WholeAnswer.RunAsync(NewTurn(input, options, new(cancellationToken, default), mayCallWhole: true), this, cancellationToken);

    /// <inheritdoc cref="RunAsync(AgentInput, TurnOptions?, CancellationToken)"/>
    public Task<AgentResponse> RunAsync(AgentInput input, CancellationToken cancellationToken) => RunAsync(input, null, cancellationToken);

    /// <summary>Runs one turn whose answer is JSON of the type's schema, which the provider is asked to keep to.</summary>
    /// <exception cref="System.Text.Json.JsonException">The answer is not of that form.</exception>
    public Task<AgentResponse<T>> RunAsync<T>(AgentInput input, TurnOptions? options = null, CancellationToken cancellationToken = default) =>
        WholeAnswer.RunAsync<T>(this, input, options, cancellationToken);

    /// <summary>One turn as a stream source; each materialization is a turn of its own and its control is the materialized value.</summary>
    public Source<TurnEvent, ITurnControl> Source(AgentInput input, TurnOptions? options = null) => TurnSource.Create(this, input, options);

    /// <summary>A turn per input, one after the other, in order. Failed turns are events and the flow goes on; cancelling it downstream interrupts.</summary>
    public Flow<AgentInput, TurnEvent, ITurnControl> Flow(TurnOptions? options = null) => TurnFlow.Create(this, options);

    /// <summary>Starts a turn that runs without a reader. Readers come and go with <see cref="TurnHandle.ReadAsync"/>; a reader that leaves does not stop it.</summary>
    /// <returns>Once the agent accepted the input. With the id of a turn whose log is kept: that turn.</returns>
    /// <exception cref="TurnException">The input was refused.</exception>
    public async Task<TurnHandle> StartAsync(AgentInput input, TurnOptions? options = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_node.RunsApart(_kind)) return await StartApartAsync(input, options, cancellationToken).ConfigureAwait(false);
        var turn = LocalTurn(input, options, mayCallWhole: false, TurnView.ReusedDeltas);
        turn.Loop.Admission = new TaskCompletionSource<TurnError?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var log = new TurnLog(turn, options?.Pace ?? Pace.Free, _node.Logs.Finished) { KeepFor = Definition.KeepTurnsFor };
        var kept = _node.Logs.GetOrAdd(log);
        if (ReferenceEquals(kept, log)) log.Start();
        if (await kept.Turn!.Loop.Admission!.Task.WaitAsync(cancellationToken).ConfigureAwait(false) is not { } refusal) return Turn(turn.Id);
        _node.Logs.Remove(kept);
        throw TurnException.From(refusal, "", turn.Id);
    }

    /// <summary>A handle to a turn of this agent, whether it exists or not.</summary>
    public TurnHandle Turn(TurnId turnId) => new(_node, this, turnId);

    /// <summary>
    /// Interrupts a running or waiting turn. True when this call is what ended it; false when it is unknown or over. With
    /// <see cref="InterruptMode.AfterStep"/> true means that no further request will be made; a turn whose step was its last completes all the same.
    /// </summary>
    public Task<bool> InterruptAsync(TurnId turnId, InterruptMode mode = InterruptMode.Immediate, CancellationToken cancellationToken = default) =>
        _node.AskAsync<bool>(Id, new AgentProtocol.Interrupt(Id, turnId, mode), cancellationToken);

    /// <summary>The turn that runs, then those that wait, in the order in which they will run. One that was stopped is none of them, though its end may be still to come.</summary>
    public async Task<IReadOnlyList<TurnId>> GetTurnsAsync(CancellationToken cancellationToken = default) =>
        (await _node.AskAsync<AgentProtocol.Turns>(Id, new AgentProtocol.GetTurns(Id), cancellationToken).ConfigureAwait(false)).Value;

    /// <summary>
    /// Completes once the turn neither runs nor waits and the conversation has its record; at once when it is unknown. A turn that was interrupted ends
    /// in an instant unless its provider blocks the thread it was called on.
    /// </summary>
    public async Task WhenEndedAsync(TurnId turnId, CancellationToken cancellationToken = default)
    {
        if (_node.RunsApart(_kind)) { await ApartEndAsync(turnId, cancellationToken).ConfigureAwait(false); return; }
        var end = await _node.AskAsync<AgentProtocol.End>(Id, new AgentProtocol.GetEnd(Id, turnId), cancellationToken).ConfigureAwait(false);
        await end.Value.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Answers an <see cref="ApprovalRequested"/>; of several answers to one request exactly one is taken.</summary>
    public Task<ApprovalOutcome> AnswerAsync(string requestId, bool approved, string? reason = null, CancellationToken cancellationToken = default) =>
        _node.AskAsync<ApprovalOutcome>(Id, new AgentProtocol.Answer(Id, requestId, approved, reason), cancellationToken);

    /// <summary>The conversation: ended turns, then the running turn's input and finished steps. Copies; asking never waits for a turn.</summary>
    public async Task<IReadOnlyList<ChatMessage>> GetMessagesAsync(CancellationToken cancellationToken = default) =>
        (await _node.AskAsync<AgentProtocol.Messages>(Id, new AgentProtocol.GetMessages(Id), cancellationToken).ConfigureAwait(false)).Value;

    /// <summary>The provider that the next turn will use. Never calls it.</summary>
    public async Task<ProviderInfo> GetProviderInfoAsync(CancellationToken cancellationToken = default) =>
        await _node.AskAsync<ProviderInfo>(Id, new AgentProtocol.GetProvider(Id), cancellationToken).ConfigureAwait(false);

    /// <summary>Offers a registered tool to this agent from its next turn on.</summary>
    /// <exception cref="ArgumentException">No such tool, or the agent has one of that name.</exception>
    public Task AddToolAsync(string name, CancellationToken cancellationToken = default)
    {
        _ = _node.Catalog.Tool(name);
        return CommandAsync(new AgentProtocol.AddTool(Id, name), nameof(name), cancellationToken);
    }

    /// <summary>Offers a tool to this agent from its next turn on, as long as it lives in this process.</summary>
    /// <exception cref="ArgumentException">The agent has a tool of that name, or may be, or come back, where this tool is not: one that is registered is added by its name.</exception>
    public Task AddToolAsync(AITool tool, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tool);
        if (_node.IsPlaced) throw new ArgumentException($"Agent {Id} may be on any node of the cluster, and the tool '{tool.Name}' is on this one only: register it on all and add it by its name.", nameof(tool));
        return CommandAsync(new AgentProtocol.AddOwnTool(Id, tool), nameof(tool), cancellationToken);
    }

    /// <summary>Withdraws a tool from this agent from its next turn on. False when it had none of that name.</summary>
    public Task<bool> RemoveToolAsync(string name, CancellationToken cancellationToken = default) =>
        _node.AskAsync<bool>(Id, new AgentProtocol.RemoveTool(Id, name), cancellationToken);

    /// <summary>Changes the provider from the next turn on; a running turn keeps its own.</summary>
    /// <exception cref="ArgumentException">No such provider; nothing changed.</exception>
    public Task UseProviderAsync(string name, CancellationToken cancellationToken = default)
    {
        _ = _node.Catalog.Provider(name);
        return CommandAsync(new AgentProtocol.UseProvider(Id, name), nameof(name), cancellationToken);
    }

    /// <summary>Forgets the conversation. A running turn goes on and is recorded.</summary>
    public Task ClearAsync(CancellationToken cancellationToken = default) =>
        _node.AskAsync<bool>(Id, new AgentProtocol.Clear(Id), cancellationToken);

    /// <summary>Removes it (<see cref="IAgents.RemoveAsync"/>) if it has that turn, running or ended, and no other, waiting ones included. True when it did.</summary>
    public Task<bool> RemoveIfOnlyAsync(TurnId turn, CancellationToken cancellationToken = default) =>
        _node.AskAsync<bool>(Id, new AgentProtocol.RemoveIf(Id, turn), cancellationToken);

    /// <summary>Removes it (<see cref="IAgents.RemoveAsync"/>) unless a turn runs or waits. True when it is not there any more.</summary>
    public Task<bool> RemoveIfIdleAsync(CancellationToken cancellationToken = default) =>
        _node.AskAsync<bool>(Id, new AgentProtocol.RemoveIf(Id, null), cancellationToken);

    /// <summary>This agent as a chat client. It keeps the conversation: of the messages given it takes those after the last assistant message.</summary>
    public IChatClient AsChatClient() => new AgentChatClient(this);

    internal AgentKind Kind => _kind;

    /// <summary>A turn that nobody has read yet, so that nothing has happened.</summary>
    internal IReadTurn NewTurn(AgentInput input, TurnOptions? options, EitherToken caller = default, bool mayCallWhole = false, bool asText = false)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (_node.RunsApart(_kind)) return new ApartTurn(_node, _kind, Id, options?.TurnId ?? TurnId.New(), input, options ?? new(), mayCallWhole, caller) { AsText = asText };
        var turn = LocalTurn(input, options, mayCallWhole, asText ? TurnView.Text : TurnView.Events);
        turn.Loop.Caller = caller;
        return turn;
    }

    private Turn LocalTurn(AgentInput input, TurnOptions? options, bool mayCallWhole, TurnView view)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new(_node, _kind, Id, options?.TurnId ?? TurnId.New(), input, options, mayCallWhole) { View = view };
    }

    private async Task<TurnHandle> StartApartAsync(AgentInput input, TurnOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        var id = options?.TurnId ?? TurnId.New();
        if (ApartTurn.WhyNot(options) is { } bound) throw TurnException.From(bound, "", id);
        var start = new AgentProtocol.StartTurn(
            Id, id, Guid.NewGuid(), input, (options ?? new()) with { TurnId = id }, Attached: false, MayCallWhole: false, System.Diagnostics.Activity.Current?.Id);
        return await ApartTurn.StartAsync(_node, start, cancellationToken).ConfigureAwait(false) is { } refusal ? throw TurnException.From(refusal, "", id) : Turn(id);
    }

    private async Task ApartEndAsync(TurnId turn, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                if (await _node.AskAsync<bool>(Id, new AgentProtocol.AwaitEnd(Id, turn), cancellationToken).ConfigureAwait(false)) return;
                await Task.Delay(ApartTurn.MovesWithin, _node.Time, cancellationToken).ConfigureAwait(false); // It is on its way to another node.
            }
            catch (AgentUnreachableException) { } // It may take longer than one waits for an answer; then the agent may have moved.
        }
    }

    /// <exception cref="ArgumentException">The agent would not.</exception>
    private async Task CommandAsync(IAgentMessage command, string argument, CancellationToken cancellationToken)
    {
        var reply = await _node.AskAsync<object>(Id, command, cancellationToken).ConfigureAwait(false);
        if (reply is AgentProtocol.Refused refused) throw new ArgumentException(refused.Reason, argument);
    }
}
