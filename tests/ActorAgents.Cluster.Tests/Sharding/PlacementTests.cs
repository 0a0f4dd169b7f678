namespace ActorAgents.Cluster.Tests.Sharding;

[Collection("clusters")]
public sealed class PlacementTests : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(25);

    private readonly Lives _lives = new();
    private readonly List<TestNode> _nodes = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var node in Enumerable.Reverse(_nodes)) await node.DisposeAsync();
        _nodes.Clear();
    }

    [Fact]
    public async Task Buckets_run_on_the_nodes_that_host_agents_move_to_new_ones_and_are_handed_off_by_those_that_leave()
    {
        var first = await StartAsync();
        var second = await StartAsync();
        var api = await StartAsync(options => options.HostsAgents = false);
        await AllRunOnAsync(first, second);
        Assert.Equal(ClusterStatus.BucketCount, (await api.Status.CountBucketsAsync()).Values.Sum());
        for (var key = 0; key < 20; key++) Assert.Contains(await api.WhereIsAsync($"{key}"), new[] { first.Name, second.Name });

        var third = await StartAsync();
        await AllRunOnAsync(first, second, third);
        var moved = _lives.Running.Where(life => life.Node == third.Name).ToList();

        _nodes.Remove(third);
        var leaving = third.DisposeAsync();
        await AllRunOnAsync(first, second);
        Assert.All(moved, life => Assert.True(life.HandedOff));
        for (var key = 0; key < 20; key++) Assert.Contains(await api.WhereIsAsync($"{key}"), new[] { first.Name, second.Name });
        await leaving;
        Assert.Empty(_lives.Doubled());
        Assert.InRange(_lives.MostAway(moved), 1, moved.Count / 2); // Rounds of 16, of which some may begin before all buckets of the last have.
    }

    [Fact]
    public async Task A_node_that_is_cut_off_drops_its_buckets_and_only_then_the_majority_starts_them()
    {
        var first = await StartAsync(Impatient, TestNode.CanBeCutOff);
        var second = await StartAsync(Impatient, TestNode.CanBeCutOff);
        var third = await StartAsync(Impatient, TestNode.CanBeCutOff);
        await AllRunOnAsync(first, second, third);

        await first.CutOffAsync(second, third); // The oldest, on which the coordinator is.
        await Eventually.Become("the node sees that it is alone", Soon, () => first.Status.NotReady is not null);
        Assert.Null(second.Status.NotReady);
        await AllRunOnAsync(second, third);
        Assert.Empty(_lives.Doubled());
        await first.System.WhenTerminated.WaitAsync(Soon);

        static void Impatient(ClusteredAgentsOptions options) => options.StableAfter = TimeSpan.FromSeconds(2);
    }

    [Fact]
    public async Task After_the_whole_cluster_was_restarted_all_buckets_run_without_anybody_asking()
    {
        await AllRunOnAsync(await StartAsync());
        await DisposeAsync();
        Assert.Empty(_lives.Running);
        await AllRunOnAsync(await StartAsync());
    }

    private async Task<TestNode> StartAsync(Action<ClusteredAgentsOptions>? configure = null, string hocon = "")
    {
        var node = await TestNode.StartAsync(_lives, _nodes.Take(1), configure, hocon);
        _nodes.Add(node);
        return node;
    }

    /// <summary>Every bucket runs, and each of these nodes has a fair share of them.</summary>
    private Task AllRunOnAsync(params TestNode[] nodes) => Eventually.Become($"all buckets on {string.Join(", ", nodes.Select(node => node.Name))}", Soon, () =>
    {
        var running = _lives.Running.ToLookup(life => life.Node);
        return running.Sum(node => node.Count()) == ClusterStatus.BucketCount
            && running.Count == nodes.Length && nodes.All(node => running[node.Name].Count() > ClusterStatus.BucketCount / nodes.Length / 2);
    });
}
