namespace ActorAgents.AspNetCore;

/// <summary>
/// The agents of this process that are known by their responses alone. Beyond <see cref="ActorAgentsHttpOptions.MaxResponseAgents"/> of them the longest unused
/// is forgotten.
/// </summary>
internal sealed class ResponseAgents(HttpSettings settings)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Agent> _agents = []; // The longest unused first. Some may be gone by themselves; they leave this list as the others do.
    private readonly Dictionary<AgentId, LinkedListNode<Agent>> _places = [];

    /// <summary>Once the agent has a turn: what is not there yet cannot be forgotten.</summary>
    public void Used(Agent agent)
    {
        lock (_lock)
        {
            Take(agent.Id);
            _places.Add(agent.Id, _agents.AddLast(agent));
        }
        // One for the one that came, and one for one that was busy before.
        for (var i = 0; i < 2 && TakeSurplus(agent.Id) is { } surplus; i++) _ = ForgetAsync(surplus);
    }

    /// <summary>The agent was removed.</summary>
    public void Gone(AgentId agent)
    {
        lock (_lock) Take(agent);
    }

    private Agent? TakeSurplus(AgentId used)
    {
        lock (_lock)
        {
            if (_agents.Count <= settings.Options.MaxResponseAgents || _agents.First is not { Value: var oldest } || oldest.Id == used) return null;
            Take(oldest.Id);
            return oldest;
        }
    }

    private async Task ForgetAsync(Agent agent)
    {
        if (await agent.RemoveIfIdleAsync()) return;
        lock (_lock)
            if (!_places.ContainsKey(agent.Id)) _places.Add(agent.Id, _agents.AddLast(agent));
    }

    private void Take(AgentId agent)
    {
        if (_places.Remove(agent, out var place)) _agents.Remove(place);
    }
}
