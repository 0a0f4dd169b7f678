namespace ActorAgents;

/// <summary>The description of a turn; each enumeration is a turn of its own.</summary>
internal sealed class TurnEvents(Agent agent, AgentInput input, TurnOptions? options, CancellationToken token) : IAsyncEnumerable<TurnEvent>
{
    private readonly AgentInput _input = input ?? throw new ArgumentNullException(nameof(input));

    public IAsyncEnumerator<TurnEvent> GetAsyncEnumerator(CancellationToken further = default)
    {
        return agent.NewTurn(_input, options, new(token, further));
    }
}
