namespace ActorAgents;

/// <summary>A reading of a detached turn's log; the log is looked up when it begins.</summary>
internal sealed class LoggedEvents(AgentNode node, AgentId agent, TurnId turn, TurnCursor after, CancellationToken token) : IAsyncEnumerable<TurnEvent>
{
    public IAsyncEnumerator<TurnEvent> GetAsyncEnumerator(CancellationToken further = default)
    {
        var log = node.Logs.Find(agent, turn) ?? throw TurnException.From(
            new TurnError(TurnErrorKind.TurnGone, $"Turn '{turn}' of agent {agent} is unknown, or its log is no longer kept."), "", turn);
        return new TurnLogReader(log, after, new(token, further));
    }
}
