using Akka.Actor;

namespace ActorAgents;

/// <summary>
/// A reader of a turn that runs where its agent is. It asks for the events after its place, and again when nobody answers: after the agent has moved, or was started
/// again elsewhere, the same question gets the same events. One read at a time.
/// </summary>
internal sealed class PullReader(AgentNode node, AgentId agent, TurnId turn, TurnCursor after, EitherToken cancellation) : IAsyncEnumerator<TurnEvent>
{
    /// <summary>Whoever reads can go on by another node, and has to once this one has handed its agents on: it would be served as long as the process lets it.</summary>
    public bool CanMove { get; init; }

    /// <summary>When to ask again: a little longer than whoever is asked may wait for an event.</summary>
    private static readonly TimeSpan AnswerWithin = TurnLog.PullWait + TimeSpan.FromSeconds(1);

    /// <summary>When to give up. What a cluster needs to notice that a node died, and to start its agents elsewhere, several times.</summary>
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromMinutes(2);

    private IReadOnlyList<TurnEvent> _batch = [];
    private int _at;
    private TurnCursor _after = after;
    private TurnEvent? _current;

    /// <summary>After the last event that was taken.</summary>
    public TurnCursor Place => _after;

    public TurnEvent Current => _current ?? throw new InvalidOperationException("Call MoveNextAsync first.");

    /// <exception cref="TurnGoneException">There is no such turn (any more).</exception>
    /// <exception cref="TurnException">Nobody answered for two minutes.</exception>
    public ValueTask<bool> MoveNextAsync()
    {
        if (cancellation.Token.IsCancellationRequested) return ValueTask.FromCanceled<bool>(cancellation.Token);
        if (TryTake()) return new(true);
        return _current is TerminalEvent ? new(false) : new(PullAndTakeAsync());
    }

    public ValueTask DisposeAsync()
    {
        cancellation.Dispose();
        return default;
    }

    /// <summary>Takes the next of what has arrived. False when nothing is left of that.</summary>
    public bool TryTake()
    {
        if (_at == _batch.Count) return false;
        _current = _batch[_at++];
        _after = _current.Cursor;
        return true;
    }

    /// <summary>Asks for what follows, when nothing is left of what has arrived. False when nothing does: the place was that of the end.</summary>
    public async Task<bool> PullAsync(CancellationToken token)
    {
        var asked = node.Time.GetTimestamp();
        while (true)
        {
            if (CanMove && node is { IsPlaced: true, HasEnded: true }) throw TurnException.From(node.Stopping!, "", turn);
            AgentProtocol.Batch batch;
            try { batch = await node.AskAsync<AgentProtocol.Batch>(agent, new AgentProtocol.Pull(agent, turn, _after, TurnLog.MaxBatchEvents), AnswerWithin, token).ConfigureAwait(false); }
            catch (AskTimeoutException) when (node.Stopping is { } over) { throw TurnException.From(over, "", turn); }
            catch (AskTimeoutException) when (node.Time.GetElapsedTime(asked) < GiveUpAfter) { continue; }
            catch (AskTimeoutException) { throw TurnException.From(new(TurnErrorKind.Unreachable, $"Agent {agent} did not answer for {GiveUpAfter.TotalSeconds} s."), "", turn); }
            asked = node.Time.GetTimestamp();
            (_batch, _at) = (batch.Events ?? throw Gone(agent, turn), 0);
            if (_batch.Count > 0) return true;
            if (batch.IsOver) return false;
            if (node.Stopping is { } stopping) throw TurnException.From(stopping, "", turn);
        }
    }

    public static TurnException Gone(AgentId agent, TurnId turn) => TurnException.From(
        new TurnError(TurnErrorKind.TurnGone, $"Turn '{turn}' of agent {agent} is unknown, or its log is no longer kept."), "", turn);

    private async Task<bool> PullAndTakeAsync() => await PullAsync(cancellation.Token).ConfigureAwait(false) && TryTake();
}
