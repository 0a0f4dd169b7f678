namespace ActorAgents;

/// <summary>A reading of a detached turn's log, here or where the agent is; it is looked up when the reading begins.</summary>
internal sealed class LoggedEvents(AgentNode node, AgentKind kind, AgentId agent, TurnId turn, TurnCursor after, CancellationToken token) : IAsyncEnumerable<TurnEvent>
{
    public IAsyncEnumerator<TurnEvent> GetAsyncEnumerator(CancellationToken further = default) => node.RunsApart(kind) ? Pulled(further) : Logged(further, asText: false);

    /// <summary>The same as text; see <see cref="TextView"/>.</summary>
    public IAsyncEnumerable<StreamChunk> AsText() => new Text(this);

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

    private TurnLogReader Logged(CancellationToken further, bool asText) => new(Log(), after, new(token, further)) { AsText = asText };

    private PullReader Pulled(CancellationToken further) => new(node, agent, turn, after, new(token, further)) { CanMove = true };

    private async IAsyncEnumerator<StreamChunk> PulledTextAsync(CancellationToken further)
    {
        await using var reader = Pulled(further);
        var (shown, given) = (new Shown(), new GivenText());
        while (true)
        {
            var next = reader.MoveNextAsync();
            if (!next.IsCompleted) shown.Waited();
            if (!await next.ConfigureAwait(false)) yield break;
            shown.Show(reader.Current);
            if (shown.IsThrown) throw shown.Exception(default);
            given.Check(reader.Current);
            if (reader.Current is not (TextDelta or TurnCompleted)) continue;
            given.Add(reader.Current);
            yield return shown.Chunk(turn);
        }
    }

    /// <summary>A class of its own: a serializer that looks for the stream an object is must find one.</summary>
    private sealed class Text(LoggedEvents events) : IAsyncEnumerable<StreamChunk>
    {
        public IAsyncEnumerator<StreamChunk> GetAsyncEnumerator(CancellationToken further) => events.GetTextEnumerator(further);
    }

    private IAsyncEnumerator<StreamChunk> GetTextEnumerator(CancellationToken further) =>
        node.RunsApart(kind) ? PulledTextAsync(further) : Logged(further, asText: true);

    private TurnLog Log() => node.Logs.Find(agent, turn, after) ?? throw PullReader.Gone(agent, turn);
}
