using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Event;
using Akka.TestKit.Xunit2;

namespace ActorAgents.Cluster.Tests.Sharding;

public sealed class BucketAllocationTests : TestKit
{
    private readonly IActorRef _first, _second, _third;
    private readonly HashSet<IActorRef> _leaving = [];
    private readonly Least _among = new();
    private readonly BucketAllocation _allocation;
    private bool _allAreReachable = true;

    public BucketAllocationTests()
    {
        (_first, _second, _third) = (CreateTestProbe("first"), CreateTestProbe("second"), CreateTestProbe("third"));
        _allocation = new BucketAllocation(_leaving.Contains, () => _allAreReachable, _among, perRound: 2);
    }

    private IImmutableDictionary<IActorRef, IImmutableList<string>> Shards => ImmutableDictionary<IActorRef, IImmutableList<string>>.Empty
        .Add(_first, ["1", "2", "3"]).Add(_second, ["4"]).Add(_third, []);

    [Fact]
    public async Task A_node_that_leaves_gets_nothing_and_is_emptied_a_few_at_a_time_before_anything_is_balanced()
    {
        Assert.Equal(["balanced among 3"], await _allocation.Rebalance(Shards, []));
        _leaving.Add(_first);
        var moves = await _allocation.Rebalance(Shards, []);
        Assert.Equal(2, moves.Count);
        Assert.All(moves, move => Assert.Contains(move, Shards[_first]));
        Assert.Empty(await _allocation.Rebalance(Shards, [moves.First()]));
        Assert.Equal(_third, await _allocation.AllocateShard(_first, "1", Shards));
        Assert.Equal(["balanced among 2"], await _allocation.Rebalance(Shards.SetItem(_first, []), []));
    }

    [Fact]
    public async Task Nothing_moves_while_a_node_is_not_reached_or_none_stays()
    {
        _leaving.Add(_first);
        _allAreReachable = false;
        Assert.Empty(await _allocation.Rebalance(Shards, []));
        _allAreReachable = true;
        _leaving.UnionWith([_second, _third]);
        Assert.Empty(await _allocation.Rebalance(Shards, []));
        Assert.Equal(_third, await _allocation.AllocateShard(_first, "1", Shards));
    }

    [Fact]
    public async Task What_a_region_dropped_is_sent_on_in_its_senders_name()
    {
        var agents = CreateTestProbe("agents");
        var sendsOn = Sys.ActorOf(DroppedMessagesActor.Props(agents));
        await sendsOn.Ask<ActorIdentity>(new Identify(null)); // It has subscribed.
        var message = new WhereIs(new AgentId("test", "1"));
        Sys.DeadLetters.Tell(new Dropped(new object(), "None of ours.", _first, _second));
        Sys.DeadLetters.Tell(message, _second); // A letter, but nothing dropped.
        Sys.DeadLetters.Tell(new Dropped(message, "Avoiding reordering", _first, ActorRefs.NoSender));
        agents.ExpectMsg<object>(received => Assert.Same(message, received));
        Assert.Equal(_first, agents.LastSender);
        agents.ExpectNoMsg(TimeSpan.Zero);
    }

    /// <summary>In place of Akka's.</summary>
    private sealed class Least : IShardAllocationStrategy
    {
        public Task<IActorRef> AllocateShard(IActorRef requester, string shardId, IImmutableDictionary<IActorRef, IImmutableList<string>> allocations) =>
            Task.FromResult(allocations.MinBy(region => region.Value.Count).Key);

        public Task<IImmutableSet<string>> Rebalance(IImmutableDictionary<IActorRef, IImmutableList<string>> allocations, IImmutableSet<string> inProgress) =>
            Task.FromResult<IImmutableSet<string>>(ImmutableHashSet.Create($"balanced among {allocations.Count}"));
    }
}
