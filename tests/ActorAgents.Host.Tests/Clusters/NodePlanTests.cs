using ActorAgents.Host.Clusters;
using ActorAgents.Host.Commands;
using ActorAgents.Host.Configuration;
using ActorAgents.Host.Configuration.Settings;

namespace ActorAgents.Host.Tests.Clusters;

public sealed class NodePlanTests
{
    [Fact]
    public void The_first_node_is_asked_by_all_and_the_last_process_has_no_agents()
    {
        var plans = NodePlan.For(new ClusterRequest(2, [], null, null, null), ["http://127.0.0.1:5080"], [1, 2, 3, 4, 5], console: true);

        Assert.Equal([("node-1", Role.Node), ("node-2", Role.Node), ("api", Role.Api)], plans.Select(plan => (plan.Name, plan.Role)));
        Assert.Equal(["1", "2", "5"], plans.Select(plan => plan.Environment["ActorAgents__Cluster__Port"]));
        Assert.All(plans, plan => Assert.Equal("127.0.0.1:1", plan.Environment["ActorAgents__Cluster__Seeds"]));
        Assert.Equal(["http://127.0.0.1:3", "http://127.0.0.1:4", "http://127.0.0.1:5080"], plans.Select(plan => plan.Url));
        Assert.Equal(["serve", "--role", "api", "--exit-with-parent", "--urls", "http://127.0.0.1:5080"], plans[2].Arguments);
        Assert.All(plans, plan => Assert.Equal(("", ""), (plan.Environment["ActorAgents__Cluster__PublicHost"], plan.Environment["ActorAgents__Cluster__PublicPort"])));
        Assert.Equal("Console", plans[0].Environment["Serilog__WriteTo__console__Name"]);
        Assert.DoesNotContain("ActorAgents__Persistence__Kind", plans[0].Environment.Keys);
    }

    [Fact]
    public void A_database_is_told_by_the_environment_where_nobody_lists_it()
    {
        var plan = NodePlan.For(new ClusterRequest(1, [], "there", "kept", "Host=h;Password=p"), ["http://127.0.0.1:5080"], [1, 2, 3], console: false)[0];

        Assert.Equal(("postgresql", "Host=h;Password=p"), (plan.Environment["ActorAgents__Persistence__Kind"], plan.Environment["ActorAgents__Persistence__ConnectionString"]));
        Assert.DoesNotContain("Host=h;Password=p", plan.Arguments);
        Assert.Equal(["--config", Path.GetFullPath("there"), "--data", Path.GetFullPath("kept")], plan.Arguments.TakeLast(4));
        Assert.DoesNotContain(plan.Environment.Keys, name => name.StartsWith("Serilog", StringComparison.Ordinal));
    }

    [Fact]
    public void Free_ports_are_different_ones() => Assert.Equal(20, FreePorts.Find(20).Distinct().Count());

    [Theory]
    [InlineData("http://127.0.0.1:0", "http://127.0.0.1:7")]
    [InlineData("http://[::1]:0", "http://[::1]:7")]
    [InlineData("http://127.0.0.1:5080", "http://127.0.0.1:5080")]
    [InlineData("http://*:0", "http://*:7")]
    public void An_address_without_a_port_gets_one(string url, string expected) => Assert.Equal(expected, ServerSettings.WithPort(url, 7));

    [Theory]
    [InlineData("http://*:5080/", "http://127.0.0.1:5080")]
    [InlineData("http://+:5080", "http://127.0.0.1:5080")]
    [InlineData("http://0.0.0.0:5080", "http://127.0.0.1:5080")]
    [InlineData("http://[::]:5080", "http://127.0.0.1:5080")]
    [InlineData("http://10.0.0.0:5080", "http://10.0.0.0:5080")]
    public void One_of_every_address_is_reached_at_this_machines(string url, string expected) => Assert.Equal(expected, ServerSettings.Reached(url));
}
