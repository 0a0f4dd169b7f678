using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace ActorAgents.Cluster.Tests.Halts;

public sealed class HaltListTests
{
    [Fact]
    public void As_many_as_can_stand_fit_into_one_message()
    {
        var halt = new StandingHalt(long.MaxValue, HaltScope.Agent(new AgentId(new('k', 64), new('\u2028', 256), new('t', 64))), new('\u0001', Halt.MaxReasonChars), DateTimeOffset.MaxValue, new('\u0001', Halt.MaxByChars));
        var bytes = new AgentSerializer(null!).ToBinary(new HaltProtocol.Halts(1, [.. Enumerable.Repeat(halt, HaltLedgerActor.MaxStanding)], 0)).Length;
        Assert.InRange(bytes, 8_000_000, 15_000_000); // Of 16 MB.
    }

    /// <summary>A snapshot in the middle of the events, and the events after it, come to what all events come to.</summary>
    [Property]
    public Property A_snapshot_stands_for_the_events_before_it() => Prop.ForAll(
        Arb.From(from events in Gen.Choose(0, 250) from at in Gen.Choose(0, events) from seed in Gen.Choose(0, int.MaxValue) select (events, at, seed)), input =>
        {
            var random = new Random(input.seed);
            var (list, fromSnapshot, requests) = (HaltList.Empty, HaltList.Empty, new List<DoneRequest>());
            for (var epoch = 1; epoch <= input.events; epoch++)
            {
                if (epoch == input.at) fromSnapshot = HaltList.Of(list.ToSnapshot());
                requests.Add(new(Guid.NewGuid(), epoch));
                (list, fromSnapshot) = list.Standing.Count > 0 && random.Next(2) == 0
                    ? (list.With(Released(epoch)), fromSnapshot.With(Released(epoch)))
                    : (list.With(Stood(epoch)), fromSnapshot.With(Stood(epoch)));
            }
            Assert.Equal(input.events, list.Epoch);
            Assert.Equal(list.Epoch, fromSnapshot.Epoch);
            Assert.Equal(list.Standing, fromSnapshot.Standing);
            Assert.Equal(list.Requests, fromSnapshot.Requests);
            Assert.All(requests.TakeLast(100), done => Assert.Equal(done.Epoch, list.Done(done.Request)));
            Assert.All(requests.SkipLast(100), done => Assert.Null(list.Done(done.Request)));

            HaltStood Stood(long epoch) => new(epoch, HaltScope.Cluster, "a drill", null, DateTimeOffset.UnixEpoch, requests[^1].Request);
            HaltReleased Released(long epoch) => new(epoch, list.Standing[0], null, DateTimeOffset.UnixEpoch, requests[^1].Request);
        });
}
