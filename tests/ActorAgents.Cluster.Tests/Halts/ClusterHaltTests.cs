using ActorAgents.Cluster.Tests.Databases;

namespace ActorAgents.Cluster.Tests.Halts;

/// <summary>Three nodes over the loopback, which share a journal.</summary>
public sealed class ClusterHaltTests : IAsyncLifetime
{
    private readonly TestDatabase.Sqlite _database = new();
    private HaltNode[] _nodes = [];

    public async Task InitializeAsync() => _nodes = await HaltNode.ThreeAsync(_database.Options());

    public async Task DisposeAsync()
    {
        await Task.WhenAll(_nodes.Select(node => node.DisposeAsync().AsTask()));
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_halt_by_any_node_is_obeyed_and_acknowledged_by_all_and_so_is_its_release()
    {
        var turns = await Task.WhenAll(_nodes.Select(node => node.RunAsync("acme")));
        var untouched = await _nodes[0].RunAsync("other");

        var halt = await _nodes[1].Agents.For("acme").HaltAsync(HaltScope.Tenant("acme"), "over budget");

        Assert.Equal(_nodes.Select(node => (node.Address, (int?)1)).Order(), halt.Nodes.Select(node => (node.Node, node.Stopped)).Order());
        foreach (var turn in turns) Assert.Equal(InterruptReason.Halted, (await Assert.ThrowsAsync<StreamInterruptedException>(() => turn)).Reason);
        foreach (var node in _nodes)
        {
            Assert.Equal([halt], node.Agents.Halts);
            Assert.Equal([halt], node.Agents.For("acme").Halts);
            Assert.Empty(node.Agents.For("other").Halts);
            await Assert.ThrowsAsync<AgentHaltedException>(() => node.Agents.For("acme")["writer", "1"].RunAsync("go"));
        }

        Assert.False(await _nodes[2].Agents.For("other").ReleaseAsync(halt.Id));
        Assert.True(await _nodes[2].Agents.For("acme").ReleaseAsync(halt.Id));
        foreach (var node in _nodes)
        {
            Assert.Empty(node.Agents.Halts);
            node.Gate.Open();
            Assert.Equal("AB", (await node.Agents.For("acme")["writer", "1"].RunAsync("go")).Content);
        }
        Assert.Equal("AB", (await untouched).Content);
        foreach (var node in _nodes) Assert.Equal([2L, 1], (await node.Agents.GetHaltHistoryAsync()).Select(entry => entry.Epoch));
    }

    [Fact]
    public async Task A_node_that_is_cut_off_is_named_and_obeys_soon_after_it_is_back()
    {
        var (ledger, cutOff) = (_nodes[0], _nodes[2]); // The oldest has the ledger.
        var turn = await cutOff.RunAsync("acme");
        await HaltNode.CutAsync(ledger, cutOff, cut: true);
        await HaltNode.CutAsync(_nodes[1], cutOff, cut: true);

        var halt = await ledger.Agents.HaltAsync(HaltScope.Tenant("acme"), "over budget");

        Assert.Equal([cutOff.Address], halt.Nodes.Where(node => node.Stopped is null).Select(node => node.Node));
        Assert.Equal(3, halt.Nodes.Count);
        Assert.Empty(cutOff.Agents.Halts);
        Assert.False(turn.IsCompleted);

        await HaltNode.CutAsync(ledger, cutOff, cut: false);
        await HaltNode.CutAsync(_nodes[1], cutOff, cut: false);

        Assert.Equal(InterruptReason.Halted, (await Assert.ThrowsAsync<StreamInterruptedException>(() => turn.WaitAsync(TimeSpan.FromSeconds(30)))).Reason);
        Assert.Equal([halt], cutOff.Agents.Halts);
    }

    [Fact]
    public async Task The_list_goes_on_where_the_next_node_keeps_it_when_the_one_that_did_is_stopped()
    {
        var one = await _nodes[2].Agents.HaltAsync(HaltScope.Tenant("one"), "a drill");
        await _nodes[0].DisposeAsync();

        var two = await _nodes[2].Agents.HaltAsync(HaltScope.Tenant("two"), "a drill");
        var newcomer = await HaltNode.InClusterAsync(_database.Options(), _nodes[1]);
        _nodes = [.. _nodes[1..], newcomer];

        Assert.Equal(2, two.Id.Value);
        foreach (var node in _nodes) Assert.Equal([one, two], node.Agents.Halts);
        Assert.True(newcomer.Agents.Status.IsReady);
        var three = await newcomer.Agents.HaltAsync(HaltScope.Tenant("three"), "a drill");
        Assert.Equal(_nodes.Select(node => node.Address).Order(), three.Nodes.Where(node => node.Stopped is not null).Select(node => node.Node).Order());
    }
}
