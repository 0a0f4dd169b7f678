using Microsoft.Extensions.AI;

namespace ActorAgents.Cluster.Tests.Persistence;

/// <summary>Batches to be written.</summary>
internal static class Entries
{
    public static readonly DateTimeOffset At = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static JournalBatch Batch(params JournalEntry[] entries) => new(Guid.NewGuid(), entries);

    public static JournalEntry.InputAccepted Accepted(TurnId turn, string text = "Hello") => new(turn, [new ChatMessage(ChatRole.User, text)], new TurnOptions(), Attached: false, At);

    public static JournalEntry.TurnProgressed Progressed(TurnId turn, long from, params string[] pieces) =>
        new(turn, [.. pieces.Select((piece, i) => Place(new TextDelta(piece), turn, from + i))], []);

    public static JournalEntry.TurnRecorded Recorded(TurnId turn, DateTimeOffset at) => new(turn, TurnState.Completed, null, Happened: true, at);

    public static T Place<T>(T next, TurnId turn, long seq, int epoch = 1) where T : TurnEvent
    {
        next.Stamp(new(turn, epoch), seq);
        return next;
    }
}
