using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace ActorAgents.Tests.Halts;

public sealed class HaltBookTests
{
    private static readonly AgentId Writer = new("writer", "1", "acme");

    [Fact]
    public void A_book_without_a_copy_knows_nothing()
    {
        var book = new HaltBook();
        Assert.False(book.IsKnown || book.Known.IsCompleted);
        Assert.Empty(book.Standing);

        Assert.Empty(book.Adopt([], 0));

        Assert.True(book.IsKnown && book.Known.IsCompletedSuccessfully);
        Assert.Null(book.Covering(Writer));
    }

    [Fact]
    public void A_copy_that_is_as_new_changes_nothing_and_tells_of_nothing()
    {
        var book = new HaltBook();
        var halt = HaltOf(1);
        Assert.Equal([halt], book.Adopt([halt], 1));

        Assert.Empty(book.Adopt([halt], 1));
        Assert.Empty(book.Adopt([], 0));
        Assert.Equal(halt, book.Covering(Writer));

        Assert.Empty(book.Adopt([], 2));
        Assert.Null(book.Covering(Writer));
    }

    /// <summary>A ledger's lists, sent to a node in any order, some twice and some never, at once from several threads.</summary>
    [Property]
    public Property Any_order_of_lists_ends_with_the_newest_and_tells_once_of_each_halt_that_stood_in_one_that_was_adopted() => Prop.ForAll(
        Arb.From(from changes in Gen.Choose(1, 12) from seed in Gen.Choose(0, int.MaxValue) select (changes, seed)), input =>
        {
            var random = new Random(input.seed);
            var lists = Lists(input.changes, random);
            var sent = lists.Concat(lists.Where(_ => random.Next(2) == 0)).Where((_, i) => i == 0 || random.Next(5) > 0).ToArray();
            random.Shuffle(sent);
            var newest = sent.MaxBy(list => list.Epoch);
            var book = new HaltBook();
            var told = sent.AsParallel().WithDegreeOfParallelism(2).SelectMany(list => book.Adopt(list.Standing, list.Epoch)).ToList();

            Assert.Equal(newest.Epoch, book.Epoch);
            Assert.Equal(newest.Standing, book.Standing);
            Assert.Equal(told.Count, told.Distinct().Count());
            Assert.Subset(told.ToHashSet(), newest.Standing.ToHashSet());
        });

    private static List<(long Epoch, Halt[] Standing)> Lists(int changes, Random random)
    {
        List<(long, Halt[])> lists = [(0, [])];
        for (var epoch = 1; epoch <= changes; epoch++)
        {
            var last = lists[^1].Item2;
            lists.Add((epoch, last.Length > 0 && random.Next(2) == 0 ? [.. last.Where((_, i) => i != 0)] : [.. last, HaltOf(epoch)]));
        }
        return lists;
    }

    private static Halt HaltOf(long id) => new(new HaltId(id), HaltScope.Cluster, $"reason {id}", DateTimeOffset.UnixEpoch);
}
