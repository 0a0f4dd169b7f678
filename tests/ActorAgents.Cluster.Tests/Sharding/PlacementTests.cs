using ActorAgents.Cluster;
using Xunit.Abstractions;

namespace ActorAgents.Cluster.Tests;

[Collection("clusters")]
public sealed class PlacementTests(ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly Lives _lives = new();
    private readonly List<TestNode> _nodes = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var node in Enumerable.Reverse(_nodes)) await node.DisposeAsync();
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
        Report("third node has its share");

        var start = _lives.Now;
        var leaving = third.DisposeAsync().AsTask();
        _nodes.Remove(third);
        await AllRunOnAsync(first, second);
        Report($"third node has left, {(_lives.Now - start).TotalSeconds:F1} s");
        await leaving;
        Report($"third node has ended, {(_lives.Now - start).TotalSeconds:F1} s");
        Assert.Empty(_lives.Doubled());
        Assert.All(_lives.All.Where(life => life.Ended is not null), life => Assert.True(life.HandedOff));
        Assert.True(_lives.Now - start < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_node_that_is_cut_off_drops_its_buckets_and_the_majority_starts_them_only_then()
    {

        var first = await StartAsync(hocon: TestNode.CanBeCutOff);
        var second = await StartAsync(hocon: TestNode.CanBeCutOff);
        var third = await StartAsync(hocon: TestNode.CanBeCutOff);
        await AllRunOnAsync(first, second, third);
        Report("all run");

        await first.CutOffAsync(second, third);
        var start = _lives.Now;
        await Eventually.Become("not ready", Soon, () => first.Status.NotReady is not null);
        output.WriteLine(first.Status.NotReady);
        Report("cut off is seen");
        await Eventually.Become("stopped", Soon, () => _lives.Running.All(life => life.Node != first.Name));
        Report($"buckets of cut off node are stopped {(_lives.Now - start).TotalSeconds:F1}");
        await AllRunOnAsync(second, third);
        Report($"elsewhere {(_lives.Now - start).TotalSeconds:F1}");
        Assert.Empty(_lives.Doubled());
    }

    [Fact]
    public async Task After_the_whole_cluster_was_restarted_all_buckets_run_without_anybody_asking()
    {
        var first = await StartAsync();
        await AllRunOnAsync(first);
        await DisposeAsync();
        _nodes.Clear();
        Assert.Empty(_lives.Running);
        await AllRunOnAsync(await StartAsync());
    }

    private void Report(string what) => output.WriteLine($"{_lives.Now.TotalSeconds:F1} s: {what}: {string.Join(", ", _lives.Running.GroupBy(life => life.Node).Select(g => $"{g.Key}={g.Count()}"))}");

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
