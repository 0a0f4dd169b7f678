using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Microsoft.Extensions.AI;

namespace ActorAgents.Cluster.Tests.Persistence;

public sealed class FoldTests
{
    private static readonly AgentSerializer Serializer = new(null!);
    private static readonly TurnId[] Turns = [new("one"), new("two"), new("three"), new("four"), new("five"), new("six")];

    /// <summary>A snapshot may come anywhere: what follows it adds up to the same as if it were not there.</summary>
    [Property(MaxTest = 300)]
    public Property A_snapshot_anywhere_changes_nothing() => Prop.ForAll(Entry().ListOf().ToArbitrary(), Gen.Choose(0, 100).ToArbitrary(), (entries, percent) =>
    {
        var at = entries.Count * percent / 100;
        var batches = entries.Select(entry => Entries.Batch(entry)).ToList();
        var whole = batches.Aggregate(AgentState.Empty, (state, batch) => state.Apply(Again(batch)));
        var before = batches.Take(at).Aggregate(AgentState.Empty, (state, batch) => state.Apply(batch));
        var after = batches.Skip(at).Aggregate(Again(new AgentSnapshot(before, Guid.Empty)).State, (state, batch) => state.Apply(batch));
        return Json(whole) == Json(after);
    });

    private static T Again<T>(T stored) where T : notnull => (T)Serializer.FromBinary(Serializer.ToBinary(stored), Serializer.Manifest(stored));

    private static string Json(AgentState state) => Encoding.UTF8.GetString(Serializer.ToBinary(new AgentSnapshot(state, Guid.Empty)));

    private static Gen<JournalEntry> Entry() =>
        from turn in Gen.Elements(Turns)
        from text in Gen.Elements("Hello", "ä\n", "\ud83d\ude00")
        from number in Gen.Choose(0, 3)
        from flag in Gen.Elements(true, false)
        from entry in Gen.Frequency<JournalEntry>(
            (4, Gen.Constant<JournalEntry>(Accepted(turn, text, flag))),
            (4, Gen.Constant<JournalEntry>(Progressed(turn, text, number, flag))),
            (2, Gen.Constant<JournalEntry>(new JournalEntry.TurnRecorded(turn, (TurnState)number, flag ? text : null, flag, Entries.At))),
            (1, Gen.Constant<JournalEntry>(new JournalEntry.TurnResumed(turn, number, number, [new(ChatRole.Assistant, text)], Entries.At, flag ? Durability.BeforePublish : Durability.Turn))),
            (1, Gen.Constant<JournalEntry>(new JournalEntry.TurnHandedOn(turn))),
            (1, Gen.Constant<JournalEntry>(new JournalEntry.StopAsked(turn))),
            (1, Gen.Constant<JournalEntry>(new JournalEntry.CallAnswered(turn, text, flag, flag ? null : text))),
            (1, Gen.Constant<JournalEntry>(new JournalEntry.ProviderChosen(text))),
            (1, Gen.Constant<JournalEntry>(flag ? new JournalEntry.ToolAdded(text) : new JournalEntry.ToolRemoved(text))),
            (1, Gen.Constant<JournalEntry>(new JournalEntry.ConversationCleared())))
        select entry;

    private static JournalEntry.InputAccepted Accepted(TurnId turn, string text, bool flag) => new(
        turn, [new(ChatRole.User, text)], new() { OnBusy = flag ? BusyPolicy.Interrupt : null, Pace = flag ? Pace.ByReader(7) : Pace.Free, Chat = flag ? new() { Temperature = 0.5f } : null }, flag, Entries.At);

    private static JournalEntry.TurnProgressed Progressed(TurnId turn, string text, int from, bool flag) => new(
        turn, [.. Enumerable.Range(from, 3).Select(seq => Entries.Place<TurnEvent>(flag ? new TextDelta(text) : new ToolProgress("call", "tool", text), turn, seq))],
        flag ? [new(ChatRole.Assistant, text)] : [], from == 0 ? [Turns[0]] : null);
}
