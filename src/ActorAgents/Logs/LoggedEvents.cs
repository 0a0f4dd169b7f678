using System.Runtime.CompilerServices;

namespace ActorAgents;

/// <summary>A reading of a detached turn's log, here or where the agent is; it is looked up when the reading begins.</summary>
internal sealed class LoggedEvents(AgentNode node, AgentKind kind, AgentId agent, TurnId turn, TurnCursor after, CancellationToken token) : IAsyncEnumerable<TurnEvent>
{
    public IAsyncEnumerator<TurnEvent> GetAsyncEnumerator(CancellationToken further = default) => Reader(new(token, further), reusesDeltas: false);

    /// <summary>The same as text; see <see cref="TextView"/>.</summary>
    public async IAsyncEnumerable<StreamChunk> TextAsync([EnumeratorCancellation] CancellationToken further = default)
    {
        await using var reader = Reader(new(token, further), reusesDeltas: true);
        DateTimeOffset arrived = default;
        var given = node.RunsApart(kind) ? new GivenText() : null; // Elsewhere nothing is ever withdrawn.
        while (true)
        {
            var next = reader.MoveNextAsync();
            if (!next.IsCompleted) arrived = default;
            if (!await next.ConfigureAwait(false)) yield break;
            if (arrived == default) arrived = TimeProvider.System.GetUtcNow();
            given?.Check(reader.Current);
            if (reader.Current is TextDelta) given?.Add(reader.Current);
            if (reader.Current is TextDelta or TurnCompleted) yield return TextView.Chunk(reader.Current, arrived);
            else if (reader.Current is TerminalEvent failed) throw TextView.Exception(failed, default);
        }
    }

    /// <summary>What there is now.</summary>
    public async Task<IReadOnlyList<TurnEvent>> SoFarAsync()
    {
        if (!node.RunsApart(kind)) return Log().Events(after);
        List<TurnEvent> events = [];
        var place = after;
        while (true)
        {
            var batch = await node.AskAsync<AgentProtocol.Batch>(agent, new AgentProtocol.Pull(agent, turn, place, TurnLog.MaxBatchEvents, Now: true), token).ConfigureAwait(false);
            if (batch.Events is not { } next) throw PullReader.Gone(agent, turn);
            if (next.Count == 0) return events;
            events.AddRange(next);
            if (next[^1] is TerminalEvent) return events;
            place = next[^1].Cursor;
        }
    }

    private IAsyncEnumerator<TurnEvent> Reader(EitherToken cancellation, bool reusesDeltas) => node.RunsApart(kind)
        ? new PullReader(node, agent, turn, after, cancellation) { CanMove = true }
        : new TurnLogReader(Log(), after, cancellation) { ReusesDeltas = reusesDeltas };

    private TurnLog Log() => node.Logs.Find(agent, turn, after) ?? throw PullReader.Gone(agent, turn);
}
