namespace ActorAgents;

/// <summary>
/// An agent for code that cannot await: each call blocks its thread. It refuses to where that could deadlock or stall others: on threads with a
/// <see cref="SynchronizationContext"/>, on a task scheduler other than the default one, and inside actors.
/// </summary>
public sealed class LegacyAgent
{
    private readonly Agent _agent;

    /// <param name="agent">The agent behind it.</param>
    public LegacyAgent(Agent agent)
    {
        ArgumentNullException.ThrowIfNull(agent);
        _agent = agent;
    }

    /// <summary>Runs one turn to its end. Fails as <see cref="Agent.RunAsync(AgentInput, TurnOptions?, CancellationToken)"/> does.</summary>
    /// <exception cref="InvalidOperationException">Blocking is unsafe here; nothing was started.</exception>
    public AgentResponse Run(AgentInput prompt, TurnOptions? options = null)
    {
        BlockingGuard.ThrowIfUnsafe(nameof(Run), nameof(Agent.RunAsync));
        return _agent.RunAsync(prompt, options).GetAwaiter().GetResult();
    }

    /// <summary>
    /// Streams one turn. Nothing starts until the first chunk is asked for; each is pulled when it is asked for; leaving the loop early interrupts the turn.
    /// Fails as <see cref="Agent.StreamAsync(AgentInput, TurnOptions?, CancellationToken)"/> does.
    /// </summary>
    /// <exception cref="InvalidOperationException">Blocking is unsafe here, now or on the thread that reads.</exception>
    public IEnumerable<StreamChunk> StreamSync(AgentInput prompt, TurnOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        BlockingGuard.ThrowIfUnsafe(nameof(StreamSync), nameof(Agent.StreamAsync));
        return Pull(() => _agent.StreamAsync(prompt, options));
    }

    internal static IEnumerable<T> Pull<T>(Func<IAsyncEnumerable<T>> stream)
    {
        BlockingGuard.ThrowIfUnsafe(nameof(StreamSync), nameof(Agent.StreamAsync));
        var reader = stream().GetAsyncEnumerator();
        try
        {
            while (true)
            {
                BlockingGuard.ThrowIfUnsafe(nameof(StreamSync), nameof(Agent.StreamAsync));
                var next = reader.MoveNextAsync();
                if (!(next.IsCompletedSuccessfully ? next.GetAwaiter().GetResult() : next.AsTask().GetAwaiter().GetResult())) yield break;
                yield return reader.Current;
            }
        }
        finally
        {
            var end = reader.DisposeAsync();
            if (!end.IsCompletedSuccessfully) end.AsTask().GetAwaiter().GetResult();
        }
    }
}
