namespace ActorAgents;

/// <summary>The inputs that wait for one agent, in order. Each counts in the node's total while it is in here.</summary>
internal sealed class InputQueue(AgentNode node)
{
    private readonly LinkedList<Turn> _turns = [];

    public int Count => _turns.Count;

    public IReadOnlyCollection<Turn> Turns => _turns;

    public void AddFirst(Turn turn)
    {
        _turns.AddFirst(turn);
        node.InputsQueued(1);
    }

    public void AddLast(Turn turn)
    {
        _turns.AddLast(turn);
        node.InputsQueued(1);
    }

    public Turn? TakeFirst()
    {
        if (_turns.First is not { } first) return null;
        Remove(first);
        return first.Value;
    }

    public void Remove(Turn turn)
    {
        if (_turns.Find(turn) is { } found) Remove(found);
    }

    /// <summary>Turns that were stopped while they waited leave before they say so themselves. False when there was none.</summary>
    public bool DropStopped()
    {
        var before = _turns.Count;
        for (var turn = _turns.First; turn is not null;)
        {
            var next = turn.Next;
            if (turn.Value.IsStopped) Remove(turn);
            turn = next;
        }
        return _turns.Count < before;
    }

    public void Clear()
    {
        node.InputsQueued(-_turns.Count);
        _turns.Clear();
    }

    private void Remove(LinkedListNode<Turn> turn)
    {
        _turns.Remove(turn);
        node.InputsQueued(-1);
    }
}
