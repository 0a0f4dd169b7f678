using Microsoft.Extensions.AI;

namespace ActorAgents;

/// <summary>Agents that live for one turn: the caller brings the whole conversation and nothing is kept. Thread-safe; each call may run at once with others.</summary>
public sealed class StatelessAgent
{
    private readonly AgentNode _node;
    private readonly AgentKind _kind;
    private readonly string _tenant;

    internal StatelessAgent(AgentNode node, AgentKind kind, string tenant) => (_node, _kind, _tenant) = (node, kind, tenant);

    /// <summary>The definition of the kind.</summary>
    public AgentDefinition Definition => _kind.Definition;

    /// <summary>
    /// Everything that happens in one turn, answered from exactly these messages; otherwise as <c>Agent.EventsAsync</c>. Each enumeration is a turn of a new
    /// agent, which is removed when the turn ends, however it does. Approvals can therefore not be answered from outside: nobody knows the agent's id.
    /// </summary>
    /// <param name="cancellationToken">Interrupts the turn with <see cref="InterruptReason.Caller"/>.</param>
    /// <exception cref="ArgumentException">No message, or none with content.</exception>
    public IAsyncEnumerable<TurnEvent> EventsAsync(
        IEnumerable<ChatMessage> messages, TurnOptions? options = null, CancellationToken cancellationToken = default) =>
        new Events(this, AgentInput.From(messages), options, cancellationToken);

    /// <summary>Runs one turn to its end, answered from exactly these messages by an agent that is then removed.</summary>
    /// <exception cref="StreamInterruptedException">The turn was interrupted; carries the partial text.</exception>
    /// <exception cref="TurnException">The turn failed; carries the partial text.</exception>
    /// <exception cref="ArgumentException">No message, or none with content.</exception>
    public Task<AgentResponse> RunAsync(
        IEnumerable<ChatMessage> messages, TurnOptions? options = null, CancellationToken cancellationToken = default) =>
        WholeAnswer.RunAsync(NewTurn(AgentInput.From(messages), options, new(cancellationToken, default), mayCallWhole: true), null, cancellationToken);

    /// <summary>The agents behind the interface of a provider: each call is answered by a new agent from exactly the messages given.</summary>
    public IChatClient AsChatClient() => new Client(this);

    /// <summary>A turn that nobody has pulled yet, of an agent that goes with it, and stays in this process.</summary>
    private Turn NewTurn(AgentInput input, TurnOptions? options, EitherToken caller, bool mayCallWhole = false)
    {
        var (node, id) = (_node, new AgentId(_kind.Definition.Kind, TurnId.New().Value, _tenant));
        var turn = new Turn(node, _kind, id, options?.TurnId ?? TurnId.New(), input, options, mayCallWhole) { StaysHere = true };
        turn.Loop.Caller = caller;
        turn.Loop.Ended = () => node.TellHere(id, new AgentProtocol.Discard(id)); // After the agent was told of the end, before a reader can see it.
        return turn;
    }

    private sealed class Events(StatelessAgent agents, AgentInput input, TurnOptions? options, CancellationToken token) : IAsyncEnumerable<TurnEvent>
    {
        public IAsyncEnumerator<TurnEvent> GetAsyncEnumerator(CancellationToken further = default) => agents.NewTurn(input, options, new(token, further));
    }

    private sealed class Client(StatelessAgent agents) : IChatClient
    {
        public async Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken).ConfigureAwait(false);

        // They name no conversation: nothing is kept.
        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => AgentChatClient.UpdatesAsync(
                agents.EventsAsync(messages, AgentChatClient.Options(options), CancellationToken.None), agents.Definition.Kind, conversation: null, cancellationToken);

        public object? GetService(Type serviceType, object? serviceKey = null) =>
            serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("ActorAgents", defaultModelId: agents.Definition.Kind)
            : serviceType.IsInstanceOfType(this) ? this : null;

        public void Dispose() { }
    }
}
