using System.Runtime.CompilerServices;

namespace ActorAgents;

/// <summary>A reading of a detached turn's log; the log is looked up when it begins.</summary>
internal sealed class LoggedEvents(AgentNode node, AgentId agent, TurnId turn, TurnCursor after, CancellationToken token) : IAsyncEnumerable<TurnEvent>
{
    public IAsyncEnumerator<TurnEvent> GetAsyncEnumerator(CancellationToken further = default) => new TurnLogReader(Log(), after, new(token, further));

    /// <summary>The same as text; see <see cref="TextView"/>.</summary>
    public async IAsyncEnumerable<StreamChunk> TextAsync([EnumeratorCancellation] CancellationToken further = default)
    {
        await using var reader = new TurnLogReader(Log(), after, new(token, further)) { ReusesDeltas = true };
        DateTimeOffset arrived = default;
        while (true)
        {
            var next = reader.MoveNextAsync();
            if (!next.IsCompleted) arrived = default;
            if (!await next.ConfigureAwait(false)) yield break;
            if (arrived == default) arrived = TimeProvider.System.GetUtcNow();
            if (reader.Current is TextDelta or TurnCompleted) yield return TextView.Chunk(reader.Current, arrived);
            else if (reader.Current is TerminalEvent failed) throw TextView.Exception(failed, default);
        }
    }

    private TurnLog Log() => node.Logs.Find(agent, turn) ?? throw TurnException.From(
        new TurnError(TurnErrorKind.TurnGone, $"Turn '{turn}' of agent {agent} is unknown, or its log is no longer kept."), "", turn);
}
