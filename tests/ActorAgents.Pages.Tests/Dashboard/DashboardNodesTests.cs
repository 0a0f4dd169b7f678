namespace ActorAgents.Pages.Tests;

public sealed class DashboardNodesTests
{
    private readonly FakeCluster _cluster = new();

    [Fact]
    public async Task Shows_the_nodes_what_each_has_and_which_cannot_be_reached()
    {
        await using var browser = new DashboardBrowser(new FakeAgents(), _cluster);
        await browser.SeesAsync(".aa-panel", "The nodes have not been heard yet.");

        _cluster.Answer(FakeCluster.Self, FakeCluster.Busy, FakeCluster.Lost);

        await browser.SeesAsync(".aa-nodes tbody tr", "127.0.0.1:2552 agents, gpu up 256 1,234 56 7 8");
        Assert.Equal("127.0.0.1:2551 this one up 0 0 0 0 0", browser.Texts(".aa-nodes tbody tr")[0]);
        Assert.Equal(["127.0.0.1:2553 agents unreachable – – – – –"], browser.Texts(".aa-nodes .aa-is-bad"));
        Assert.Equal(["Together, of 2 that answered 256 1,234 56 7 8"], browser.Texts(".aa-nodes tfoot"));
    }

    [Fact]
    public async Task Follows_the_cluster()
    {
        await using var browser = new DashboardBrowser(new FakeAgents(), _cluster);
        _cluster.Answer(FakeCluster.Lost);
        await browser.SeesAsync(".aa-nodes tfoot", "Together, of 0 that answered – – – – –");
        for (var frame = 0; frame < 4; frame++) browser.PassFrame();

        _cluster.Answer(FakeCluster.Self, FakeCluster.Busy with { State = "Leaving" });

        await browser.SeesAsync(".aa-nodes tbody tr", "127.0.0.1:2552 agents, gpu leaving");
        Assert.False(browser.Has(".aa-nodes .aa-is-bad"));
        Assert.StartsWith("Together 256", browser.Texts(".aa-nodes tfoot").Single());
    }

    [Fact]
    public async Task Can_be_read_without_seeing_it()
    {
        await using var browser = new DashboardBrowser(new FakeAgents(), _cluster);
        _cluster.Answer(FakeCluster.Self);
        await browser.SeesAsync(".aa-nodes", "this one");

        Assert.Equal(["Nodes"], browser.Texts("#aa-nodes-title"));
        Assert.True(browser.Has("table.aa-nodes[aria-labelledby=aa-nodes-title]"));
        Assert.Equal(["Node", "Roles", "State", "Buckets", "Agents", "Live turns", "Waiting", "Queued"], browser.Texts(".aa-nodes thead th[scope=col]"));
        Assert.Equal(["127.0.0.1:2551 this one"], browser.Texts(".aa-nodes tbody th[scope=row]"));
    }

    [Fact]
    public async Task A_process_that_is_alone_has_no_nodes_to_show()
    {
        await using var browser = new DashboardBrowser(new FakeAgents());

        Assert.True(browser.Has(".aa-figures"));
        Assert.False(browser.Has("#aa-nodes-title"));
    }

    [Theory]
    [InlineData(ActorAgentsClaims.Scope, "admin", ActorAgentsClaims.Tenant, "acme")]
    [InlineData(ActorAgentsClaims.Scope, "chat", "name", "anybody")]
    public async Task A_tenants_admin_and_others_see_no_nodes(string type, string value, string otherType, string otherValue)
    {
        await using var browser = new DashboardBrowser(new FakeAgents(), _cluster, (type, value), (otherType, otherValue));

        Assert.False(browser.Has("#aa-nodes-title"));
        Assert.Empty(_cluster.Questions);
    }
}
